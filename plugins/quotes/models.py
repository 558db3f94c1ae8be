"""Tables of quotes and their lines."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.api import Assigned, Drafted, Id, Model, Owned, PartOf, PricedLine, Totals, today

DRAFT, SENT, ACCEPTED, DECLINED = "draft", "sent", "accepted", "declined"
EXPIRED, WITHDRAWN, INVOICED = "expired", "withdrawn", "invoiced"


class Quote(Drafted, Owned, Assigned, Totals, Model):
    """An offer to a client. Its totals are those of the lines that are not optional."""

    __tablename__ = "quotes_quote"

    number: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200), default="")
    #: "draft", "sent", "accepted", "declined", "expired", "withdrawn" or "invoiced". A sent one whose last day has
    #: passed has expired too, whatever stands here
    status: Mapped[str] = mapped_column(String(20), default=DRAFT)
    issued_on: Mapped[date] = mapped_column(Date, default=today)
    #: the last day on which it can be accepted; missing where it has none
    valid_until: Mapped[date | None] = mapped_column(Date)
    #: the day on which the client answered it here
    answered_on: Mapped[date | None] = mapped_column(Date)
    #: what the client calls it
    reference: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("status <> 'draft' OR NOT published", name="draft_unpublished"),
        # With what a client may see in it, so that counting theirs reads no row.
        Index(None, "tenant_id", "owner", "published", "issued_on", "id"),
        Index(None, "tenant_id", "contact_id", "issued_on", "id"),
        Index(None, "tenant_id", "site_id", "issued_on", "id"),
        # What of an account's is to be answered, without reading those of all its years.
        Index(None, "tenant_id", "owner", "published", "status", "valid_until"),
        Index(None, "tenant_id", "assignee_id", "status"),
    )

    @validates("status")
    def publish_with_status(self, key: str, status: str) -> str:
        """What a client has answered here is no open quote again because a CRM has not heard of it yet."""
        is_open_again = self.answered_on is not None and status in (DRAFT, SENT)
        return super().publish_with_status(key, self.status if is_open_again else status)


class Line(PartOf(Quote), PricedLine, Model):  # type: ignore[misc]
    """One line of a quote. One that is `optional` is offered beside it, and counts for no total."""

    __tablename__ = "quotes_line"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    optional: Mapped[bool] = mapped_column(Boolean, default=False)
