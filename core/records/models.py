"""Tables of records: the counters out of which those that begin here get their numbers, and links between two."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Integer, String, UniqueConstraint, and_, literal, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from core.db.model import Id, Model, UtcDateTime, now
from core.db.record import Record
from core.db.wall import OfTenant

if TYPE_CHECKING:
    from core.db.shape import Shape


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


def _seen(record_id: Any, shape: "Shape") -> ColumnElement[bool]:
    end = aliased(Record)
    seen = select(literal(1)).where(end.id == record_id, shape.predicate(end))
    return seen.correlate_except(end).exists()
