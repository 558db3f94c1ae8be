"""A stranger's module, with what a form may ask for: petitions that clients write, change and withdraw."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Date, Index, Integer, Numeric, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core.api import (
    Action,
    Child,
    Choice,
    Field,
    Granted,
    Id,
    Kind,
    Misfit,
    Model,
    Module,
    Owned,
    PartOf,
    Resource,
    UtcDateTime,
    WalledSession,
    hookimpl,
    money,
)
from core.modules.registry import Registry, load_modules
from tests import tables
from tests.databases import Database
from tests.visibility.changes import switch
from tests.worlds.world import World, seeded

OPEN, APPROVED, WITHDRAWN = "open", "approved", "withdrawn"
#: what withdrawing does not take for a reason
NO_REASON = "because"


class Petition(Granted, Owned, Model):
    """What a client asks for; colleagues may be let see one."""

    __tablename__ = "petitions_petition"

    number: Mapped[str] = mapped_column(String(20), default="")
    subject: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(20), default=OPEN)
    needed_on: Mapped[date | None] = mapped_column(Date)
    call_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    currency: Mapped[str] = mapped_column(String(3))
    budget: Mapped[int | None] = mapped_column(**money())
    hours: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    people: Mapped[int] = mapped_column(Integer, default=1)
    urgent: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[str] = mapped_column(String(10), default="normal")
    reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__: Any = (Index(None, "tenant_id", "owner", "id"),)


class Reminder(PartOf(Petition), Model):  # type: ignore[misc]
    """That a client has asked again."""

    __tablename__ = "petitions_reminder"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    text: Mapped[str] = mapped_column(String(60))


def _is_open(petition: Any) -> ColumnElement[bool]:
    return petition.status == OPEN  # type: ignore[no-any-return]


def _withdraw(session: WalledSession, petition: Petition, values: Any) -> None:
    if values.get("reason") == NO_REASON:
        petition.status = APPROVED  # which is undone
        session.flush()
        raise Misfit("reason", "That is <no> reason.")
    petition.status, petition.reason = WITHDRAWN, values.get("reason", "")


def _approve(session: WalledSession, petition: Petition, values: Any) -> None:
    petition.status = APPROVED


def _remind(session: WalledSession, petition: Petition, values: Any) -> None:
    """Writes no column of the petition: nothing but the core's claim keeps two from doing it at once."""
    count = session.scalar(select(func.count(Reminder.id)).where(Reminder.parent_id == petition.id))
    session.add(Reminder(parent_id=petition.id, text=f"Reminder {count}"))


ASKED = (
    "site_id",
    "contact_id",
    "subject",
    "body",
    "needed_on",
    "call_at",
    "budget",
    "hours",
    "people",
    "urgent",
    "priority",
)
PETITION = Resource(
    name="petition",
    title="Petitions",
    singular="Petition",
    model=Petition,
    title_field="subject",
    status="status",
    conversation=True,
    fields=(
        Field("number", "Number", listed=True),
        Field("subject", "Subject", listed=True, searchable=True, filled=True, required=True),
        Field("status", "State", listed=True, filterable=True, choices={
            OPEN: Choice("Open", "info"), APPROVED: Choice("Approved", "ok"), WITHDRAWN: Choice("Withdrawn"),
        }),
        Field("account_id", "Client", listed=True),
        Field("site_id", "Site", filled=True),
        Field("contact_id", "Contact", seen=False, filled=True),
        Field("body", "What is it about?", filled=True, hint="As much as you know."),
        Field("needed_on", "Needed on", listed=True, filled=True),
        Field("call_at", "Call me at", filled=True),
        Field("budget", "Budget", listed=True, filled=True),
        Field("hours", "Hours", filled=True),
        Field("people", "People", filled=True),
        Field("urgent", "It is urgent", filled=True),
        Field("priority", "Priority", filled=True, choices={
            "low": Choice("Low"), "normal": Choice("Normal"), "secret": Choice("Secret", seen=False),
        }),
        Field("reason", "Reason", filled=True),
        Field("double", "Twice the people", "number", filled=True, expression=lambda petition: petition.people * 2),
    ),
    children=(Child("reminders", "Reminders", Reminder, (Field("text", "Text"),)),),
    actions=(
        Action("edit", "Edit", ASKED, when=_is_open, edits=True),
        Action("withdraw", "Withdraw", ("reason",), when=_is_open, run=_withdraw),
        Action(
            "approve", "Approve", when=_is_open, by=[Kind.STAFF], confirm="Approve this petition?", run=_approve,
            done="The petition was approved.",
        ),
        Action("remind", "Remind", when=_is_open, by=[Kind.CONTACT], run=_remind),
        Action("new", "New petition", ASKED, creates=True),
    ),
)  # fmt: skip


class Petitions(Module):
    """The module."""

    name, title, version = "petitions", "Petitions", "1.0"

    @hookimpl
    def postigo_resources(self) -> list[Resource]:
        """Petitions alone."""
        return [PETITION]


def registry() -> Registry:
    """The installed modules and this one."""
    found = load_modules()
    found.take(Petitions())
    assert not found.quarantined, found.quarantined
    return found


def make_tables(database: Database) -> None:
    """Make the module's tables, walled as its migrations would."""
    tables.make(database, Petition, Reminder)


@contextmanager
def petitioned(database: Database, home: Path) -> Iterator[World]:
    """The seeded world with this module on for its first tenant."""
    make_tables(database)
    with seeded(database, home, registry()) as world:
        for slug in ("one", "two"):
            switch(world, world.tenancies[slug], "petitions", "tenant", world.tenancies[slug].id, True)
        yield world


def add(world: World, account: str | None = "alpha", slug: str = "one", **columns: Any) -> int:
    """A petition of an account's; gives its id."""
    with world.writing(slug) as session:
        given = {"subject": "A lift", "currency": "EUR", **columns}
        account_id = world.tenancies[slug].accounts[account] if account else None
        row = Petition(account_id=account_id, **given)
        session.add(row)
        session.flush()
        return row.id  # type: ignore[no-any-return]
