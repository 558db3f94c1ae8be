"""A stranger's module of what the core has for priced lines and for answers: offers that staff write, line by line, and
that clients accept or decline."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.api import (
    Action,
    Assigned,
    Choice,
    Drafted,
    Field,
    Id,
    Kind,
    Model,
    Module,
    Owned,
    PartOf,
    PricedLine,
    Resource,
    Totals,
    give_lines,
    hookimpl,
    in_status,
    line_resource,
    lined_paper,
    money,
    move_to,
    priced_lines,
)
from core.db.session import open_session
from core.db.viewer import system
from core.modules.registry import load_modules
from core.records.models import Agreement
from tests import tables
from tests.databases import Database
from tests.visibility.changes import switch
from tests.worlds.world import World, seeded

DRAFT, SENT, ACCEPTED, DECLINED = "draft", "sent", "accepted", "declined"
#: description, unit price, and whether it is optional
Priced = tuple[str, str, bool]
LINES: Sequence[Priced] = (("A pump", "100", False), ("A longer hose", "40", True))


class Offer(Drafted, Owned, Assigned, Totals, Model):
    """What is offered to a client."""

    __tablename__ = "offers_offer"
    added = ("fee",)

    number: Mapped[str] = mapped_column(String(20), default="")
    subject: Mapped[str] = mapped_column(String(60), default="")
    status: Mapped[str] = mapped_column(String(20), default=DRAFT)
    fee: Mapped[int] = mapped_column(**money(default=0))

    __table_args__: Any = (
        CheckConstraint("status <> 'draft' OR NOT published", name="draft_unpublished"),
        Index(None, "tenant_id", "owner", "id"),
    )


class Item(PartOf(Offer), PricedLine, Model):  # type: ignore[misc]
    """One line of an offer."""

    __tablename__ = "offers_item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    optional: Mapped[bool] = mapped_column(Boolean, default=False)


_CLIENT, _STAFF = (Kind.CONTACT,), (Kind.STAFF,)
_OPTIONAL = Field("optional", "Optional")
CLOSED = "This offer takes no more lines."
OFFER = Resource(
    name="offer",
    title="Offers",
    singular="Offer",
    model=Offer,
    title_field="subject",
    status="status",
    summary=("net", "total"),
    document=lined_paper(facts=(), marked={DRAFT}),
    conversation=True,
    fields=(
        Field("number", "Number", listed=True, searchable=True),
        Field("subject", "Subject", listed=True),
        Field("account_id", "Client"),
        Field("status", "State", choices={name: Choice(name) for name in (DRAFT, SENT, ACCEPTED, DECLINED)}),
        Field("net", "Net amount"),
        Field("total", "Total"),
    ),
    children=(priced_lines(Item, _OPTIONAL),),
    actions=(
        Action(
            "accept", "Accept", when=in_status(SENT), by=_CLIENT, run=move_to(ACCEPTED),
            accepts=("number", "subject", "net", "total", "lines"),
        ),
        Action("decline", "Decline", when=in_status(SENT), by=_CLIENT, run=move_to(DECLINED), declines=True),
        Action("edit", "Edit", ("subject",), in_status(DRAFT, SENT), _STAFF, edits=True),
        Action("send", "Send", when=in_status(DRAFT), by=_STAFF, run=move_to(SENT)),
        Action("revise", "Revise", when=in_status(DECLINED), by=_STAFF, run=move_to(DRAFT)),
    ),
)  # fmt: skip
LINE = line_resource(Item, _OPTIONAL, when=in_status(DRAFT, SENT), closed=CLOSED)


class Offers(Module):
    """The module."""

    name, title, version = "offers", "Offers", "1.0"

    @hookimpl
    def postigo_resources(self) -> list[Resource]:
        """Offers, and their lines."""
        return [OFFER, LINE]


@contextmanager
def offering(database: Database, home: Path) -> Iterator[World]:
    """The seeded world with the installed modules and this one, which is on for both tenants."""
    registry = load_modules()
    registry.take(Offers())
    assert not registry.quarantined, registry.quarantined
    tables.make(database, Offer, Item)
    with seeded(database, home, registry) as world:
        for slug in ("one", "two"):
            switch(world, world.tenancies[slug], "offers", "tenant", world.tenancies[slug].id, True)
        yield world


def priced(model: Any, lines: Iterable[Priced]) -> Iterator[Any]:
    """Two of each of these, as lines of that class."""
    for description, price, optional in lines:
        yield model(
            description=description,
            quantity=Decimal(2),
            unit_price=Decimal(price),
            tax_rate=Decimal(21),
            optional=optional,
        )


def add(
    world: World,
    account: str | None = "alpha",
    slug: str = "one",
    lines: Sequence[Priced] = LINES,
    **columns: Any,
) -> int:
    """An offer of an account's, sent, with these lines; gives its id."""
    with world.writing(slug) as session:
        account_id = world.tenancies[slug].accounts[account] if account else None
        given = {"number": "O-1", "subject": "A new pump", "status": SENT, "currency": "EUR", **columns}
        offer = Offer(account_id=account_id, **given)
        session.add(offer)
        session.flush()
        session.add_all(give_lines(offer, priced(Item, lines)))
        session.flush()
        return offer.id


def read(world: World, record_id: int, slug: str = "one") -> Offer:
    """An offer as it is now."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        return session.scalars(select(Offer).where(Offer.id == record_id)).one()


def items_of(world: World, record_id: int) -> list[Item]:
    """The lines of an offer as they are now, in their order."""
    with open_session(world.engine, system(world.one.id)) as session:
        return list(session.scalars(select(Item).where(Item.parent_id == record_id).order_by(Item.position, Item.id)))


def answers(world: World, record_id: int) -> list[Agreement]:
    """The answers to an offer, or to another record, the oldest first."""
    with open_session(world.engine, system(world.one.id)) as session:
        return list(session.scalars(select(Agreement).where(Agreement.parent_id == record_id).order_by(Agreement.id)))
