"""Who a shared record is for: its audience as a text, and the rows of `record_segment` that the wall reads."""

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, inspect, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.model import Id, Model
from core.db.record import EVERYBODY, Record
from core.db.walk import Refused
from core.db.wall import ALL, LONGEST_AUDIENCE, OfTenant, Shared

if TYPE_CHECKING:
    from core.db.session import WalledSession

#: the audience of what staff alone see
STAFF = ""


class RecordSegment(OfTenant, Model):
    """Lets the accounts of a segment see a record. Kept in step with the record's audience by the flush."""

    __tablename__ = "record_segment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"))
    record: Mapped[Record] = relationship()

    __table_args__ = (
        Index("uq_record_segment_segment_id_record_id", "segment_id", "record_id", unique=True),
        Index(None, "record_id"),
    )


def segments_in(audience: str) -> tuple[int, ...]:
    """The ids of the segments that an audience names. Raises Refused for a text that is no audience."""
    if audience in (ALL, STAFF):
        return ()
    found = audience.split(" ")
    if len(audience) > LONGEST_AUDIENCE or not all(each.isascii() and each.isdigit() for each in found):
        raise Refused(f"{audience[:40]!r} is no audience: write {ALL!r}, the ids of segments, or nothing")
    return tuple(sorted({int(each) for each in found}))


def audience_of(instance: Shared) -> str:
    """What the row says of its audience, or will say by its column's default."""
    audience: str | None = instance.audience
    return ALL if audience is None else audience


def owner_by(audience: str) -> int | None:
    """The owner of the `record` row of what has this audience."""
    return EVERYBODY if audience == ALL else None


def keep_segments(session: "WalledSession", instance: Shared, record: Record) -> None:
    """Write which segments the record is for, where that is new. Raises Refused for a text that is no audience."""
    state = inspect(instance)
    if not (state.pending or state.attrs.audience.history.has_changes()):
        return
    wanted = set(segments_in(audience_of(instance)))
    asked = select(RecordSegment).where(RecordSegment.record_id == record.id)
    there = {} if state.pending else {each.segment_id: each for each in session.scalars(asked)}
    for gone in there.keys() - wanted:
        session.delete(there[gone])
    for new in sorted(wanted - there.keys()):
        session.add(RecordSegment(tenant_id=record.tenant_id, record=record, segment_id=new))
