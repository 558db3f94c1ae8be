"""The table of counters, out of which records that begin here get their numbers."""

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import Id, Model
from core.db.wall import OfTenant


class Counter(OfTenant, Model):
    """How far one kind of record ("cases.case") has been numbered."""

    __tablename__ = "counter"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(90))
    value: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (UniqueConstraint("tenant_id", "name"),)
