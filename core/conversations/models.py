"""Tables of conversations: what was said on a record, and the replies that staff keep ready."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.crm.models import Versioned
from core.db.model import Id, Model, UtcDateTime, now
from core.db.record import Record
from core.db.wall import OfTenant, PartOf

#: what a message is: something that was said, or a note of what was done (a new state)
SAID, DONE = "said", "done"


class Message(PartOf(Record), Model):  # type: ignore[misc]
    """Something said or done on a record. One that is not published is internal: staff alone see it. The
    author's name is copied, since who reads it may not see their row."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    published: Mapped[bool] = mapped_column(Boolean, default=True)
    kind: Mapped[str] = mapped_column(String(10), default=SAID)
    body: Mapped[str] = mapped_column(Text, default="")
    #: of what was done: plain values, such as {"field": "status", "from": "open", "to": "closed"}
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(String(250), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__: Any = (Index(None, "tenant_id", "parent_id", "id"),)


class CannedReply(OfTenant, Versioned, Model):
    """A reply that staff keep ready."""

    __tablename__ = "canned_reply"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    #: the language that it is written in; empty where it serves any
    language: Mapped[str] = mapped_column(String(8), default="")

    __table_args__: Any = (Index(None, "tenant_id", "title"),)
