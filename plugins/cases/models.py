"""The table of cases. What is said on one is the core's to keep."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.api import Assigned, Granted, Model, Owned, UtcDateTime, now

#: how far a case is; one that waits, waits for the client
OPEN, IN_PROGRESS, WAITING, CLOSED = "open", "in_progress", "waiting", "closed"
OPEN_STATES = (OPEN, IN_PROGRESS, WAITING)
LOW, NORMAL, HIGH, URGENT = "low", "normal", "high", "urgent"
QUESTION, FAULT, REQUEST, COMPLAINT = "question", "fault", "request", "complaint"


class Case(Owned, Granted, Assigned, Model):
    """Something that a client asks of the firm."""

    __tablename__ = "cases_case"

    number: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    #: "open", "in_progress", "waiting" (for the client's reply) or "closed"
    state: Mapped[str] = mapped_column(String(20), default=OPEN)
    #: "low", "normal", "high" or "urgent"
    urgency: Mapped[str] = mapped_column(String(20), default=NORMAL)
    #: "question", "fault", "request" or "complaint"; nothing where nobody has said
    kind: Mapped[str | None] = mapped_column(String(20))
    #: missing where it came with an import that does not say when
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=now)
    #: the last time that something happened which clients see; internal notes do not count
    active_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        # With what a client may see in it, so that counting theirs reads no row.
        Index(None, "tenant_id", "owner", "published", "active_at", "id"),
        Index(None, "tenant_id", "contact_id", "active_at", "id"),
        Index(None, "tenant_id", "site_id", "active_at", "id"),
        # How many of an account's are open, without reading those of all its years.
        Index(None, "tenant_id", "owner", "published", "state"),
        # None in the order of a list without whose it is: SQLite would walk along it through the cases of everybody.
        Index(None, "tenant_id", "assignee_id", "state"),
    )

    @validates("state")
    def _close_with_state(self, _: str, state: str) -> str:
        """A case is closed when its state says so, and at no other time."""
        if state != CLOSED:
            self.closed_at = None
        elif self.closed_at is None:
            self.closed_at = now()
        return state
