"""Mail servers for tests: one that behaves, and small ones that do not."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from core.config import MailServer


class PostOffice:
    """What a server has taken: (sender, recipients, message)."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], EmailMessage]] = []
        #: called when a mail was taken, before its sender is told
        self.on_taken: Callable[[], object] | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), message))
        if self.on_taken is not None:
            self.on_taken()
        return "250 taken"

    def texts(self) -> dict[str, str]:
        """The text of what was taken, by its recipient; the last one counts."""
        return {to[0]: message.get_content().replace("\r\n", "\n") for _, to, message in self.taken}

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken."""
        return [str(message["Message-ID"]) for _, _, message in self.taken]


class Here(Controller):
    """A server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def post_office() -> Iterator[tuple[PostOffice, MailServer]]:
    """A server that takes everything."""
    office = PostOffice()
    controller = Here(office, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True)
    controller.start()
    try:
        yield office, MailServer("127.0.0.1", controller.port)
    finally:
        controller.stop()


#: what a bad server answers to a line; None closes the connection, "" says nothing
Answers = Callable[[str], str | None]


class BadServer:
    """A server on a socket that answers each line as it is told to, one connection at a time. `taken` counts mails
    that it got to their final dot."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = MailServer("127.0.0.1", self._listener.getsockname()[1])
        self.connections = self.taken = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Stop listening, at once: a closed socket that somebody waits on still takes one connection."""
        with suppress(OSError):  # it was closed before
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection, connection.makefile("rb") as lines:
                try:
                    self._speak(connection, lines)
                except OSError:
                    continue

    def _speak(self, connection: socket.socket, lines: Any) -> None:
        within, said = False, "HELLO"
        while True:
            self.taken += said == "."
            answer = "250 ok" if within and said != "." else self._answers(said)
            if within and said != ".":
                answer = ""
            if answer is None:
                return
            if answer:
                connection.sendall(f"{answer}\r\n".encode())
            within = answer.startswith("354") if answer else within
            line = lines.readline()
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            said = text if within else text.split(" ")[0].split(":")[0].upper()


def answering(**said: str | None) -> Answers:
    """Answers of a server that behaves but for what is said here: HELLO, EHLO, MAIL, RCPT, DATA, and END for the
    final dot."""
    usual = {"HELLO": "220 here", "EHLO": "250 here", "DATA": "354 go on", "QUIT": None}
    table: dict[str, str | None] = {**usual, **{("." if name == "END" else name): v for name, v in said.items()}}
    return lambda line: table.get(line, "250 ok")
