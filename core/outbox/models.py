"""Tables of what is to leave the house, of the work that waits, and of the mails' texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.crm.models import Versioned
from core.db.model import Id, Model, UtcDateTime, now
from core.db.wall import OfInstallation, OfTenant


class Job(OfInstallation, Model):
    """Something that a worker is to do: it is claimed with a lease, and deleted once it is done. A worker that
    dies leaves a lease that ends, and another takes the job over; `attempts` are counted at each claim."""

    __tablename__ = "job"
    tenant_column = "owner_tenant"
    made_by_tenants = True

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    #: whose job it is; not called tenant_id: workers claim before any tenant is known
    owner_tenant: Mapped[int | None] = mapped_column(ForeignKey("tenant.id"))
    #: "mail", what a job is for (see `core.worker.tasks`), or the name of what is done periodically
    kind: Mapped[str] = mapped_column(String(60))
    #: the row that it is about (a mail's id), where there is one
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str] = mapped_column(String(80), default="")

    __table_args__: Any = (Index(None, "due_at", "id"), Index(None, "kind", "subject_id"))


class PeriodicSlot(OfInstallation, Model):
    """A moment for which something periodic was queued: each has one, however many workers look."""

    __tablename__ = "periodic_slot"
    tenant_column = "owner_tenant"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    owner_tenant: Mapped[int | None] = mapped_column(ForeignKey("tenant.id"))
    name: Mapped[str] = mapped_column(String(60))
    slot: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__: Any = (UniqueConstraint("name", "slot"),)


class Mail(OfTenant, Model):
    """One mail to one person. `address`, `subject` and `body` are what was made of it at sending, without what
    is secret (links, passwords); the recipient's rights at that moment decide whether it is sent at all."""

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    #: what it says: the name of a `core.outbox.kinds.MailKind`, such as "core.activation"
    kind: Mapped[str] = mapped_column(String(60))
    #: see `core.outbox.states`
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="SET NULL"), index=True)
    #: plain values that its kind needs beside the record, such as a message's id
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: stable over attempts, so that servers and people can tell one mail from two
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__: Any = (Index(None, "tenant_id", "id"), Index(None, "tenant_id", "state", "id"))


class MailText(OfTenant, Versioned, Model):
    """The tenant's own words for one kind of mail in one language."""

    __tablename__ = "mail_text"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)

    __table_args__: Any = (UniqueConstraint("tenant_id", "kind", "language"),)


class MailTextBefore(OfTenant, Model):
    """What a mail said in one language before staff last changed it; nothing where that was the shipped text."""

    __tablename__ = "mail_text_before"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str | None] = mapped_column(String(300))
    body: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (UniqueConstraint("tenant_id", "kind", "language"),)
