"""Classes of two modules of the tests' own, of every kind; their tables are made on demand."""

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from core.crm.models import Account
from core.db.model import Id, Model
from core.db.wall import Granted, OfTenant, Owned, PartOf, Personal, Shared
from tests import tables
from tests.databases import Database


class Thing(Granted, Owned, Model):
    """A record, which can be granted."""

    __tablename__ = "walltest_thing"
    portal_module, portal_resource, portal_number = "walltest", "thing", "name"

    name: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(default=0)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("walltest_thing.id"))
    parts: Mapped[list["Part"]] = relationship(back_populates="thing", order_by="Part.id")
    account: Mapped[Account | None] = relationship()
    other: Mapped["Thing | None"] = relationship(remote_side="Thing.id", foreign_keys=[other_id])


class Part(PartOf(Thing), Model):  # type: ignore[misc]
    """A row that is seen with its thing."""

    __tablename__ = "walltest_part"
    portal_module = "walltest"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    thing: Mapped[Thing] = relationship(back_populates="parts")


class Share(PartOf(Thing, owned=True), Model):  # type: ignore[misc]
    """A row that is seen with its thing, and carries its owner."""

    __tablename__ = "walltest_share"
    portal_module = "walltest"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    thing: Mapped[Thing] = relationship()


class Piece(PartOf(Part), Model):  # type: ignore[misc]
    """A row that is seen with its part."""

    __tablename__ = "walltest_piece"
    portal_module = "walltest"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))


class Note(Personal, Model):
    """A row of one contact."""

    __tablename__ = "walltest_note"
    portal_module = "walltest"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))


class Secret(OfTenant, Model):
    """A row for staff alone."""

    __tablename__ = "walltest_secret"
    portal_module = "walltest"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[int | None] = mapped_column(ForeignKey("walltest_thing.id"))


class Paper(Owned, Model):
    """A record of the other module."""

    __tablename__ = "papertest_paper"
    portal_module, portal_resource, portal_number = "papertest", "paper", "name"

    name: Mapped[str] = mapped_column(String(40))
    things: Mapped[list[Thing]] = relationship(secondary="papertest_link")


class Notice(Shared, Model):
    """A record for all clients of the tenant, for those of segments, or for staff alone."""

    __tablename__ = "papertest_notice"
    portal_module, portal_resource, portal_number = "papertest", "notice", "name"

    name: Mapped[str] = mapped_column(String(40))


class Link(OfTenant, Model):
    """Which papers speak of which things."""

    __tablename__ = "papertest_link"
    portal_module = "papertest"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papertest_paper.id"))
    thing_id: Mapped[int] = mapped_column(ForeignKey("walltest_thing.id"))


Thing.parts_count = column_property(  # type: ignore[attr-defined]
    select(func.count(Part.id)).where(Part.parent_id == Thing.id).correlate_except(Part).scalar_subquery(),
    deferred=True,
)

CLASSES = (Thing, Part, Share, Piece, Note, Secret, Paper, Notice, Link)


def make_tables(database: Database) -> None:
    """Make the tables of these classes, walled as a module's own would be."""
    tables.make(database, *CLASSES)
