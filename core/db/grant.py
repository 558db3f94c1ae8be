"""Grants: a single record shown to an account or a contact whom it does not belong to."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import Id, Model, UtcDateTime, now
from core.db.record import Record
from core.db.wall import PartOf


class Grant(PartOf(Record), Model):  # type: ignore[misc]
    """Lets one account, or one contact, see one record, for as long as the row is there. `because` says what
    for, `name` who it is, for those who see the record and not that person's row. One that a colleague gave
    counts while the two are colleagues: `of_colleague`, with the contact who did."""

    __tablename__ = "record_grant"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(250), default="")
    because: Mapped[str] = mapped_column(String(200), default="")
    of_colleague: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    by_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(String(250), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "account_id"),
        Index("uq_record_grant_parent_id_contact_id", "parent_id", "contact_id", unique=True),
        Index("uq_record_grant_parent_id_account_id", "parent_id", "account_id", unique=True),
    )
