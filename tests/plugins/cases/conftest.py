"""The seeded world with cases on in both tenants, and what tests do with one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from core.conversations.say import say
from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import system
from core.kit.browser import Browser
from core.modules.flags import save_flags
from plugins.cases.models import Case
from plugins.cases.resources import CASE
from tests.conversations.talking import STAFF, session_of
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.petitions.acting import send
from tests.visibility.changes import switch
from tests.worlds.copied import copied
from tests.worlds.world import World

LIST, OFFICE = "/portal/cases/", "/staff/records/cases/"
NEW = "/portal/cases/case/do/open"


@pytest.fixture(scope="module")
def cases(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world; tests add what they need and leave it there."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        for slug in ("one", "two"):
            switch(made, made.tenancies[slug], "cases", "tenant", made.tenancies[slug].id, True)
        yield made


def add(world: World, account: str | None = "alpha", slug: str = "one", **columns: Any) -> int:
    """A case of an account's; gives its id."""
    with world.writing(slug) as session:
        account_id = world.tenancies[slug].accounts[account] if account else None
        row = Case(**{"account_id": account_id, "number": "K-1", "subject": "A lamp is dark", **columns})
        session.add(row)
        session.flush()
        return row.id


def read(world: World, record_id: int, slug: str = "one") -> Case:
    """A case as it is now."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        return session.scalars(select(Case).where(Case.id == record_id)).one()


def said(world: World, record_id: int, who: str = "whole", **options: Any) -> None:
    """Say something on a case, as a contact or the staff."""
    with session_of(world, who) as session:
        say(session, CASE, record_id, "Well.", **options)


def open_one(world: World, browser: Browser, slug: str = "one", **typed: str) -> Case:
    """Open a case as whoever holds the browser."""
    answer = send(browser, NEW, {"f_subject": "A lamp is dark", **typed})
    assert answer.status_code == 303, answer.text
    return read(world, int(answer.location.rpartition("/")[2]), slug)


@contextmanager
def flagged(world: World, *fields: tuple[str, Flags]) -> Iterator[None]:
    """The first tenant has set these flags of cases."""
    with world.writing() as session:
        save_flags(session, "cases", "case", FieldFlags(fields))
    try:
        yield
    finally:
        with world.writing() as session:
            save_flags(session, "cases", "case", NO_FLAGS)


__all__ = ["LIST", "NEW", "OFFICE", "STAFF", "add", "cases", "flagged", "open_one", "read", "said"]
