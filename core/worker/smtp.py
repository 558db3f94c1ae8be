"""Handing mails to a server, such that it is known afterwards whether it has taken one, has not, or may have.

Until the final dot of a mail has been sent the server cannot have taken it; from then on only its own answer
tells. `smtplib` speaks; its `sendmail` does not say how far it came, so that the steps are taken here."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from core.config import MailServer

#: how long the server may be silent, and how long it may think about a mail that it was given
SECONDS, SECONDS_AT_END = 30.0, 120.0
_BROKEN = (OSError, smtplib.SMTPException)
_CLOSING = 421
_LONGEST_TOLD = 500


class NotTaken(Exception):
    """The server has certainly not taken the mail, and may take it later; the text says why."""


class Unreachable(NotTaken):
    """No mail can be handed over now: it is the server's or the settings' doing, not this mail's."""


class NeverTaken(Exception):
    """The server has refused this mail for good; the text is what it said."""


class Uncertain(Exception):
    """The server was given the whole mail and did not say what became of it."""


class Post:
    """The way to the mail server: one connection, opened when needed and used for many mails."""

    def __init__(self, server: MailServer, seconds: float = SECONDS, seconds_at_end: float = SECONDS_AT_END) -> None:
        self._server, self._seconds, self._at_end = server, seconds, seconds_at_end
        self._open: smtplib.SMTP | None = None

    def hand_over(self, message: EmailMessage, sender: str, recipient: str, may_go: Callable[[], bool]) -> bool:
        """Hand one mail over; True once the server has taken it. `may_go` is asked when the server waits for the
        text: where it says no, the mail is not sent, and the answer is False. Raises NotTaken, NeverTaken or
        Uncertain; after whatever `may_go` raises, the mail has not been sent either."""
        try:
            self._begin(message, sender, recipient)
            if not may_go():
                self.close()
                return False
            self._text(message)
        except (Unreachable, Uncertain):
            self.close()
            raise
        except (NotTaken, NeverTaken):
            self._reset()
            raise
        except BaseException:
            self.close()  # in the midst of a mail, which the server drops with the connection
            raise
        return True

    def leave(self) -> None:
        """Take leave of the server, for there is nothing to hand over now."""
        if self._open is not None:
            try:
                self._open.quit()
            except _BROKEN:
                self.close()
            self._open = None

    def close(self) -> None:
        """Leave the server, without waiting for its good-bye."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _begin(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """Sender and recipient, up to where the server waits for the text."""
        reused = self._open is not None
        connection = self._open or self._connect()
        options = [] if recipient.isascii() else ["SMTPUTF8"]
        if options and not connection.has_extn("smtputf8"):
            raise NeverTaken("the mail server takes no address with letters beyond ASCII")
        try:
            answer = connection.mail(sender, options)
        except _BROKEN as error:
            self.close()
            if reused:  # the server has left meanwhile, as it may
                return self._begin(message, sender, recipient)
            raise Unreachable(_told(error)) from error
        if reused and answer[0] == _CLOSING:
            self.close()
            return self._begin(message, sender, recipient)
        try:
            _expect(answer, 250)
            _expect(connection.rcpt(recipient), 250, 251)
            _expect(connection.docmd("DATA"), 354)
        except _BROKEN as error:
            raise Unreachable(_told(error)) from error
        return None

    def _text(self, message: EmailMessage) -> None:
        connection = self._open
        assert connection is not None
        assert connection.sock is not None
        policy = SMTP if str(message["To"]).isascii() else SMTPUTF8
        text = re.sub(rb"(?m)^\.", b"..", message.as_bytes(policy=policy))
        try:
            connection.sock.sendall(text if text.endswith(b"\r\n") else text + b"\r\n")
        except OSError as error:
            raise Unreachable(_told(error)) from error
        try:
            connection.sock.settimeout(self._at_end)
            connection.sock.sendall(b".\r\n")
            answer = connection.getreply()
            connection.sock.settimeout(self._seconds)
        except _BROKEN as error:
            raise Uncertain(_told(error)) from error
        if not 200 <= answer[0] < 300 and not 400 <= answer[0] < 600:
            raise Uncertain(_said(answer))
        _expect(answer, *range(200, 300))

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context() if server.security else None
        try:
            if server.security == "tls":
                made: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._seconds, context=context)
            else:
                made = smtplib.SMTP(server.host, server.port, timeout=self._seconds)
        except _BROKEN as error:
            raise Unreachable(_told(error)) from error
        try:
            assert made.sock is not None
            # The text and its dot are two small pieces, which would else wait for each other.
            made.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.security == "starttls":
                made.starttls(context=context)
            made.ehlo_or_helo_if_needed()
            if server.user:
                made.login(server.user, server.password)
        except _BROKEN as error:
            made.close()
            raise Unreachable(_told(error)) from error
        self._open = made
        return made

    def _reset(self) -> None:
        """Be ready for the next mail after one that was refused."""
        if self._open is not None:
            try:
                _expect(self._open.rset(), 250)
            except (*_BROKEN, NotTaken, NeverTaken):
                self.close()


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    """Raise NeverTaken where the server refuses for good (5xx), Unreachable where it closes (421), and NotTaken for
    any other answer than these."""
    if answer[0] not in codes:
        kind = NeverTaken if 500 <= answer[0] < 600 else Unreachable if answer[0] == _CLOSING else NotTaken
        raise kind(_said(answer))


def _said(answer: tuple[int, bytes]) -> str:
    """What a server answered, as one line that may be shown."""
    text = answer[1] if isinstance(answer[1], bytes) else str(answer[1]).encode()
    return " ".join(f"{answer[0]} {text.decode('utf-8', 'replace')}".split())[:_LONGEST_TOLD]


def _told(error: Exception) -> str:
    """An error as one line that may be shown."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _said((error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""))
    return " ".join(f"{error}".split())[:_LONGEST_TOLD] or type(error).__name__
