"""Segments: named sets of accounts that staff keep, for what is meant for some clients."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.crm.models import Versioned
from core.db.model import Id, Model
from core.db.wall import OfTenant


class Segment(OfTenant, Versioned, Model):
    """A named set of accounts."""

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))

    __table_args__ = (UniqueConstraint("tenant_id", "name"),)


class SegmentAccount(OfTenant, Model):
    """Puts an account into a segment."""

    __tablename__ = "segment_account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))

    __table_args__ = (
        Index("uq_segment_account_account_id_segment_id", "account_id", "segment_id", unique=True),
        Index(None, "segment_id"),
    )
