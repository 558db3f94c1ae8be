"""A mail server that takes everything, in a process of its own: prints its port, and at the end of its input how many
mails it has taken and how many of them differ."""

import sys
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.controller import Controller


class Counter:
    """What was taken, by Message-ID."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        self.ids.append(str(BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]))
        return "250 taken"


class Here(Controller):
    """A server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def main() -> None:
    """Serve until the input ends."""
    counter = Counter()
    controller = Here(counter, hostname="127.0.0.1", port=0)
    controller.start()
    print(controller.port, flush=True)
    sys.stdin.read()
    controller.stop()
    print(len(counter.ids), len(set(counter.ids)), flush=True)


if __name__ == "__main__":
    main()
