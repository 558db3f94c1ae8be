"""The seeded world with quotes on in both tenants, and what tests do with one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from core.i18n import today_in
from core.records.lines import give_lines
from plugins.quotes.models import SENT, Line, Quote
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.offers import LINES, Priced, acting, answers, priced
from tests.offers.acting import NAME
from tests.visibility.changes import switch
from tests.worlds.copied import copied
from tests.worlds.world import World

__all__ = ["NAME", "answers"]
LIST, OFFICE = "/portal/quotes/", "/staff/records/quotes/"
API = "/api/v1/quotes/quote/"
#: the tenant's day
TODAY = today_in("Europe/Madrid")


@pytest.fixture(scope="module")
def quotes(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world; tests add what they need and leave it there."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        for slug in ("one", "two"):
            switch(made, made.tenancies[slug], "quotes", "tenant", made.tenancies[slug].id, True)
        yield made


def add(
    world: World,
    account: str | None = "alpha",
    slug: str = "one",
    lines: Sequence[Priced] = LINES,
    **columns: Any,
) -> int:
    """A quote of an account's, sent and open, with these lines; gives its id."""
    with world.writing(slug) as session:
        account_id = world.tenancies[slug].accounts[account] if account else None
        given = {"account_id": account_id, "number": "P-1", "subject": "A new pump", "status": SENT, "currency": "EUR"}
        quote = Quote(**{**given, "issued_on": TODAY, "valid_until": TODAY + timedelta(9), **columns})
        session.add(quote)
        session.flush()
        session.add_all(give_lines(quote, priced(Line, lines)))
        session.flush()
        return quote.id


def read(world: World, record_id: int, slug: str = "one") -> Quote:
    """A quote as it is now."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        return session.scalars(select(Quote).where(Quote.id == record_id)).one()


page_of, accept = partial(acting.page_of, base=LIST), partial(acting.accept, base=LIST)
