"""Tables of records: the counters out of which those that begin here get their numbers, links between two, what
clients have answered, and when they first saw what they were to answer."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    literal,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

import core.crm.models  # noqa: F401 - the tables that these refer to
from core.db.model import Id, Model, UtcDateTime, now
from core.db.record import Record
from core.db.wall import OfTenant, PartOf

if TYPE_CHECKING:
    from core.db.shape import Shape


ACCEPTED, DECLINED = "accepted", "declined"


class Counter(OfTenant, Model):
    """How far one kind of record ("cases.case") has been numbered."""

    __tablename__ = "counter"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(90))
    value: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (UniqueConstraint("tenant_id", "name"),)


class RecordLink(OfTenant, Model):
    """That one record has to do with another, of whatever module: `kind` is one of `core.records.links.KINDS`, read
    from the one to the other. Clients see it where they see both, as things are now: nothing of either is copied,
    since links are only ever read of one record, which has few."""

    __tablename__ = "record_link"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    to_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        UniqueConstraint("from_id", "to_id", "kind"),
        Index(None, "to_id"),
    )

    @staticmethod
    def seen_by_contact(entity: Any, shape: "Shape") -> ColumnElement[bool]:
        """Where both ends are seen."""
        return and_(_seen(entity.from_id, shape), _seen(entity.to_id, shape))


class Agreement(PartOf(Record), Model):  # type: ignore[misc]
    """One answer to one record, by whoever was signed in; it is written once, and never again. The latest of a
    record's answers counts. `terms` are what was agreed on, as canonical JSON; the paper and the signature lie under
    their keys."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outcome: Mapped[str] = mapped_column(String(10))
    #: the version of the record that was answered: each is answered once
    version: Mapped[int] = mapped_column(Integer)
    #: the name that they typed, which stands for their signature
    signer: Mapped[str] = mapped_column(String(200), default="")
    order_number: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    contact_name: Mapped[str] = mapped_column(String(250), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    terms: Mapped[str] = mapped_column(Text, default="")
    terms_sha256: Mapped[str] = mapped_column(String(64), default="")
    paper_name: Mapped[str] = mapped_column(String(200), default="")
    paper_sha256: Mapped[str] = mapped_column(String(64), default="")
    paper_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    signature_key: Mapped[str | None] = mapped_column(String(80), unique=True)

    __table_args__: Any = (UniqueConstraint("parent_id", "version"),)

    @property
    def is_accepted(self) -> bool:
        """Whether it is an acceptance, which has a paper."""
        return self.outcome == ACCEPTED


class Receipt(OfTenant, Model):
    """That a contact has seen a record, and when for the first time."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (UniqueConstraint("record_id", "contact_id"),)


def _seen(record_id: Any, shape: "Shape") -> ColumnElement[bool]:
    end = aliased(Record)
    seen = select(literal(1)).where(end.id == record_id, shape.predicate(end))
    return seen.correlate_except(end).exists()
