"""The tables: categories, articles, their revisions, and whether they helped."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import Assigned, Id, Model, PartOf, Personal, Shared, UtcDateTime, now

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"


class Category(Shared, Model):
    """What articles are about, in one language or in all."""

    __tablename__ = "knowledge_base_category"

    title: Mapped[str] = mapped_column(String(120))
    #: "" for all languages
    language: Mapped[str] = mapped_column(String(8), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (Index(None, "tenant_id", "position", "id"),)


class Article(Shared, Model):
    """One article in one language: what its readers see, and beside it what staff write for the next time."""

    __tablename__ = "knowledge_base_article"

    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    next_title: Mapped[str] = mapped_column(String(200))
    next_body: Mapped[str] = mapped_column(Text, default="")
    #: "draft", "published" or "archived"; in step with `published`
    state: Mapped[str] = mapped_column(String(20), default=DRAFT)
    language: Mapped[str] = mapped_column(String(8), default="es")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_base_category.id", ondelete="SET NULL"))
    #: what other articles lead to it by ("article:billing/due-dates.md"); its translations have the same
    key: Mapped[str] = mapped_column(String(200), default="")
    #: how often it was published with another text
    edition: Mapped[int] = mapped_column(Integer, default=0)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    helped: Mapped[int] = mapped_column(Integer, default=0)
    not_helped: Mapped[int] = mapped_column(Integer, default=0)
    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="article", order_by="Revision.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        Index(None, "tenant_id", "published_at", "id"),
        Index(None, "tenant_id", "category_id", "title"),
        Index(None, "tenant_id", "key"),
    )


class Revision(PartOf(Article), Assigned, Model):  # type: ignore[misc]
    """What an article once said, or is to say next. For staff alone, whatever of it was published."""

    __tablename__ = "knowledge_base_revision"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    published: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    article: Mapped[Article] = relationship(back_populates="revisions")


class Feedback(Personal, Model):
    """Whether an article helped one contact: one word for each edition, which they may change."""

    __tablename__ = "knowledge_base_feedback"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("knowledge_base_article.id", ondelete="CASCADE"))
    edition: Mapped[int] = mapped_column(Integer)
    helped: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    __table_args__ = (
        UniqueConstraint("article_id", "contact_id", "edition"),
        Index(None, "tenant_id", "article_id", "said_at"),
    )
