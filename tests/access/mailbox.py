"""A mail server that is none: it keeps what a worker hands over."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from flask import Flask

from core.worker.loop import Worker
from core.worker.periodic import Schedule
from tests.access.world import HOST


@dataclass(frozen=True)
class Delivered:
    """One mail as it arrived."""

    to: str
    subject: str
    body: str

    @property
    def path(self) -> str:
        """The path of the link in it."""
        found = re.search(rf"https://{re.escape(HOST)}(/\S+)", self.body)
        assert found, self.body
        return found[1]

    @property
    def password(self) -> str:
        """The temporary password in it."""
        found = re.search(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", self.body)
        assert found, self.body
        return found[0]


@dataclass
class Mailbox:
    """What has arrived, in its order. Stands where a worker has its way to the mail server."""

    letters: list[Delivered] = field(default_factory=list)

    def hand_over(self, message: EmailMessage, sender: str, recipient: str, may_go: Any) -> bool:
        """Take a mail, if it may still go."""
        if may_go():
            self.letters.append(Delivered(recipient, message["Subject"], message.get_content()))
        return True

    def leave(self) -> None:
        """Nothing to leave."""

    close = leave


def deliver(app: Flask) -> list[Delivered]:
    """Let a worker do all that is due, and give what arrived meanwhile."""
    box = Mailbox()
    worker = Worker(app, post=box, schedule=Schedule(()))  # type: ignore[arg-type]
    while worker.step():
        pass
    return box.letters
