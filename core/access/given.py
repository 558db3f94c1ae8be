"""The table of answers that are given again to who asks the same again."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import Id, Model, UtcDateTime, now
from core.db.wall import OfTenant


class GivenAnswer(OfTenant, Model):
    """What was answered to a write with an Idempotency-Key: one for each person and key. `status` is 0 while
    the first of them is still at it."""

    __tablename__ = "given_answer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    #: "contact" or "staff", and whose id
    person_kind: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int] = mapped_column(BigInteger)
    key_hash: Mapped[str] = mapped_column(String(64))
    #: digest of the method, the address and the body
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    location: Mapped[str] = mapped_column(String(300), default="")
    etag: Mapped[str] = mapped_column(String(100), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__: Any = (
        UniqueConstraint("tenant_id", "person_kind", "person_id", "key_hash"),
        Index(None, "created_at"),
    )
