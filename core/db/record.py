"""One row for each portal record, whatever module it belongs to. What hangs on a record (files, messages, search
entries, links) hangs on this row."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import Id, Model

#: the owner of what is for all clients of the tenant
EVERYBODY = 0


class Record(Model):
    """The core's entry for one portal record. Its id is the id of the module's own row; the flush
    that writes the one writes the other. `owner` is an account, minus a contact, EVERYBODY, or missing: of what is
    for staff alone, and of what is for segments, which stand in `record_segment`."""

    __tablename__ = "record"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    module: Mapped[str] = mapped_column(String(40))
    resource: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(500), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    owner: Mapped[int | None] = mapped_column(BigInteger)
    published: Mapped[bool] = mapped_column(Boolean, default=True)

    __table_args__ = (Index(None, "tenant_id", "module", "owner"),)
