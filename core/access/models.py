"""Tables of the door: who is signed in, which activation links are out, who has tried how often.

Only hashes of tokens and of what people typed are kept: whoever reads these tables cannot come in. What was typed
to ask for a way in stands in one of them until the worker has looked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import core.crm.models  # noqa: F401 - the tables that these refer to
from core.db.model import Id, Model, UtcDateTime, now
from core.db.wall import OfTenant, Personal


class LoginSession(Personal, Model):
    """One device on which a person is signed in. Deleting the row signs it out at once."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: browser and system, such as "Firefox · Windows"; empty where neither is known
    device: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Activation(OfTenant, Model):
    """A one-time link with which a contact or a staff user chooses a password. `purpose` is "activation", or
    "reset" for one that was asked for at the door."""

    __tablename__ = "activation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(10), default="activation", server_default="activation")
    #: of the e-mail address that its person had: another address ends the link, whoever wrote it. Empty for links
    #: that were made before this was kept
    email_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Asked(OfTenant, Model):
    """Somebody at the door asked for a way in. Written whoever was typed, so that the answer tells nothing; the
    worker looks who it is, and deletes the row."""

    __tablename__ = "access_request"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    #: what was typed, as sign-in looks for it; empty where it is neither an e-mail address nor a phone number
    key: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Attempt(OfTenant, Model):
    """How often sign-in was tried under one key since a moment; see `core.access.limits`."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    count: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (UniqueConstraint("tenant_id", "key_hash"), Index(None, "started_at"))
