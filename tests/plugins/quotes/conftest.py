"""The seeded world with quotes on in both tenants, and what tests do with one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from core.i18n import today_in
from core.kit.browser import Browser
from core.records.lines import give_lines
from core.records.models import Agreement
from plugins.quotes.models import SENT, Line, Quote
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.petitions.acting import post
from tests.petitions.reading import shown
from tests.visibility.changes import switch
from tests.worlds.world import World, seeded

LIST, OFFICE = "/portal/quotes/", "/staff/records/quotes/"
API = "/api/v1/quotes/quote/"
NAME = "Ana María Núñez"
#: the tenant's day
TODAY = today_in("Europe/Madrid")


@pytest.fixture(scope="module")
def quotes(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world; tests add what they need and leave it there."""
    with databases.fresh() as database, seeded(database, Path(tmp_path_factory.mktemp("home"))) as made:
        for slug in ("one", "two"):
            switch(made, made.tenancies[slug], "quotes", "tenant", made.tenancies[slug].id, True)
        yield made


def add(
    world: World,
    account: str | None = "alpha",
    slug: str = "one",
    lines: Sequence[tuple[str, str, bool]] = (("A pump", "100", False), ("A longer hose", "40", True)),
    **columns: Any,
) -> int:
    """A quote of an account's, sent and open, with lines (description, unit price, optional); gives its id."""
    with world.writing(slug) as session:
        account_id = world.tenancies[slug].accounts[account] if account else None
        given = {"account_id": account_id, "number": "P-1", "subject": "A new pump", "status": SENT, "currency": "EUR"}
        quote = Quote(**{**given, "issued_on": TODAY, "valid_until": TODAY + timedelta(9), **columns})
        session.add(quote)
        session.flush()
        made = (
            Line(description=text, optional=optional, quantity=Decimal(2), unit_price=Decimal(price),
                 tax_rate=Decimal(21))
            for text, price, optional in lines
        )  # fmt: skip
        session.add_all(give_lines(quote, made))
        session.flush()
        return quote.id


def read(world: World, record_id: int, slug: str = "one") -> Quote:
    """A quote as it is now."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        return session.scalars(select(Quote).where(Quote.id == record_id)).one()


def answers(world: World, record_id: int) -> list[Agreement]:
    """The answers to a quote, the oldest first."""
    with open_session(world.engine, system(world.one.id)) as session:
        return list(session.scalars(select(Agreement).where(Agreement.parent_id == record_id).order_by(Agreement.id)))


def page_of(record_id: int, action: str = "accept") -> str:
    """Where an answer is given."""
    return f"{LIST}{record_id}/do/{action}"


def accept(world: World, record_id: int, browser: Browser | None = None, **typed: str) -> Any:
    """Open the form and sign with a typed name, as `whole` or whoever holds the browser."""
    browser = browser or world.contact("whole")
    form = shown(browser.get(page_of(record_id)).text)
    return post(browser, page_of(record_id), {**form, "a_signer": NAME, **typed})
