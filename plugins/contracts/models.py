"""Tables of contracts: what they cover, for what price and until when, and how much of it was used."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.api import Drafted, Id, Model, Owned, PartOf, PricedLine, Totals

DRAFT, OFFERED, ACTIVE, SUSPENDED = "draft", "offered", "active", "suspended"
ENDED, TERMINATED, DECLINED = "ended", "terminated", "declined"
#: what happens at the end: nothing, it goes on by itself, or it goes on where the client asks for it
NONE, AUTOMATIC, ON_REQUEST = "none", "automatic", "on_request"
#: how many days before its end the client is told, where the contract says nothing else
NOTICE_DAYS = 30


def notice_day(ends_on: date | None, notice_days: int | None) -> date | None:
    """The day from which a contract ends soon: so many days before its end, if it has one."""
    if ends_on is None:
        return None
    days = NOTICE_DAYS if notice_days is None else notice_days
    return ends_on - timedelta(min(max(days, 0), (ends_on - date.min).days))


def _notice_day(context: Any) -> date | None:
    values = context.get_current_parameters()
    return notice_day(values.get("ends_on"), values.get("notice_days"))


class Contract(Drafted, Owned, Totals, Model):
    """A service contract."""

    __tablename__ = "contracts_contract"

    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200), default="")
    #: "draft", "offered" (the client is to answer), "active", "suspended", "ended", "terminated" (before its end)
    #: or "declined"
    status: Mapped[str] = mapped_column(String(20))
    coverage: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    #: the last day; missing where it goes on until somebody ends it
    ends_on: Mapped[date | None] = mapped_column(Date)
    #: "none", "automatic" or "on_request"
    renewal: Mapped[str] = mapped_column(String(20), default=NONE)
    notice_days: Mapped[int | None] = mapped_column(Integer)
    #: kept in step with the two above, so that the database can compare it with the day that it is
    notice_on: Mapped[date | None] = mapped_column(Date, default=_notice_day)
    #: the end that clients were told of
    told_of_end: Mapped[date | None] = mapped_column(Date)
    #: what the client calls it: their order number
    reference: Mapped[str] = mapped_column(String(200), default="")
    #: why it was terminated, or declined
    reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("status <> 'draft' OR NOT published", name="draft_unpublished"),
        # With what a client may see in it, so that counting theirs reads no row.
        Index(None, "tenant_id", "owner", "published", "starts_on", "id"),
        Index(None, "tenant_id", "contact_id", "starts_on", "id"),
        Index(None, "tenant_id", "site_id", "starts_on", "id"),
        # What runs of an account's, and what of it ends soon.
        Index("ix_contracts_contract_notice", "tenant_id", "owner", "status", "published", "notice_on"),
        # Whose end is to be told, among those of everybody.
        Index(None, "tenant_id", "status", "notice_on"),
    )

    @validates("ends_on", "notice_days")
    def _notice_with_end(self, name: str, value: Any) -> Any:
        given = {"ends_on": self.ends_on, "notice_days": self.notice_days, name: value}
        self.notice_on = notice_day(given["ends_on"], given["notice_days"])
        return value


class Service(PartOf(Contract), PricedLine, Model):  # type: ignore[misc]
    """One line of a contract: a service, how much of it was bought (`quantity`) and for what price."""

    __tablename__ = "contracts_service"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    #: whether what is used of it is counted: hours and visits are, a yearly fee is not
    counted: Mapped[bool] = mapped_column(Boolean, default=False)
    #: what is counted: "hours", "visits"
    unit: Mapped[str] = mapped_column(String(60), default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)

    # What was used names its line by the position.
    __table_args__ = (UniqueConstraint("parent_id", "position"),)


class Use(PartOf(Contract), Model):  # type: ignore[misc]
    """So many units of a line of the same contract, used on a day."""

    __tablename__ = "contracts_use"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    #: the position of the line
    line: Mapped[int] = mapped_column(Integer)
    used_on: Mapped[date] = mapped_column(Date)
    units: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    what_for: Mapped[str] = mapped_column(String(200), default="")

    # What was used of a line is summed without reading a row.
    __table_args__ = (Index("ix_contracts_use_sums", "parent_id", "line", "units", "tenant_id"),)


class Covered(PartOf(Contract), Model):  # type: ignore[misc]
    """A site that a contract covers, beside the one that it belongs to: by its name, as it was when that was agreed."""

    __tablename__ = "contracts_covered"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    name: Mapped[str] = mapped_column(String(200), default="")
    #: what of it, where not all
    what: Mapped[str] = mapped_column(String(200), default="")
