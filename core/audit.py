"""Who did what: sign-ins, changes, exports and refusals, for the tenant's administrators to read."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import Id, Model, UtcDateTime, now
from core.db.wall import OfTenant


class AuditEntry(OfTenant, Model):
    """One thing that somebody did, or was refused. It names no content, and outlives whom and what it names."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: "contact", "staff", "visitor" or "system", and whose id and name
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(250), default="")
    #: such as "signed_in", "changed", "exported", "refused"
    what: Mapped[str] = mapped_column(String(40))
    #: what it was done to: "cases.case", "contact", and its id
    target_kind: Mapped[str] = mapped_column(String(80), default="")
    target_id: Mapped[int | None] = mapped_column(BigInteger)
    #: plain values, such as the names of the fields that changed
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address: Mapped[str] = mapped_column(String(45), default="")

    __table_args__: Any = (
        Index(None, "tenant_id", "id"),
        Index(None, "tenant_id", "what", "id"),
        Index(None, "tenant_id", "target_kind", "target_id", "id"),
    )
