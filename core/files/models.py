"""The table of files."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, String, true
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import Id, Model, UtcDateTime, now
from core.db.record import Record
from core.db.wall import PartOf
from core.files.names import LONGEST

PDF = "application/pdf"
#: pictures that browsers show, and that were looked at when they were kept
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class File(PartOf(Record), Model):  # type: ignore[misc]
    """One file of one record. `name` is a label for people; the bytes lie under `key`. One that is not published
    is seen by staff alone; one that came with a message names it."""

    __tablename__ = "file"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    published: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    message_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    author_name: Mapped[str] = mapped_column(String(250), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF."""
        return self.media_type == PDF

    @property
    def is_shown(self) -> bool:
        """Whether it may open on screen; anything else is a download."""
        return self.is_pdf or self.media_type in PICTURES

    @property
    def is_paper(self) -> bool:
        """Whether it stands for its record on paper: a PDF that the CRM gave, and nobody sent."""
        return self.is_pdf and self.message_id is None and not self.author_name
