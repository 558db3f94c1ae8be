"""Many forms of statement, asked by everybody in random order, against a naive oracle."""

import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, true
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import with_loader_criteria

from core.db.engine import make_engine
from core.db.model import Model
from core.db.session import WalledSession, open_session
from core.db.shape import Shape
from tests.databases import Database, PostgresDatabases, SqliteDatabases
from tests.db.forms import FORMS, Form
from tests.db.oracle import Rows, read_all, visible
from tests.db.things import make_tables
from tests.db.world import Looker, Tenancy, everybody, seed

COMPARISONS = 1500
_WRITERS = ("contact", "staff", "system")


class Asked:
    """A world, and what everybody may see of it."""

    def __init__(self, database: Database, tenancies: list[Tenancy]) -> None:
        self.url = database.url
        self.rows: Rows = read_all(database)
        self.lookers = everybody(tenancies)
        self.seen = [visible(self.rows, looker) for looker in self.lookers]
        for seen in self.seen:
            seen.all_links = self.rows["link"]  # a bare table between two walled ones: both ends are walled

    def differences(self, engine: Engine, seed: int, comparisons: int) -> list[str]:
        """Ask as many times, in an order that `seed` makes; give where the answers differ."""
        chance = random.Random(seed)
        pairs = list(itertools.product(FORMS, range(len(self.lookers))))
        found = []
        for form, who in itertools.islice(_shuffled(chance, pairs), comparisons):
            looker, n = self.lookers[who], chance.randrange(8)
            if form.writes and looker.kind not in _WRITERS:
                continue
            told, expected = _ask(engine, looker, form, n), form.tell(self.seen[who], n)
            if told != expected:
                found.append(f"{form.name}, n={n}, {looker}: {told} and not {expected} (seed {seed})")
        return found


def _shuffled(chance: random.Random, pairs: list[Any]) -> Iterator[Any]:
    while True:
        chance.shuffle(pairs)
        yield from pairs


def _ask(engine: Engine, looker: Looker, form: Form, n: int) -> Any:
    with open_session(engine, looker.sight(), writes=form.writes) as session:
        try:
            return form.ask(session, n)
        except StatementError as error:  # a bind that another viewer's statement wants, and this one has not
            return f"raised {error}"


@pytest.fixture(scope="module")
def asked(databases: SqliteDatabases | PostgresDatabases) -> Iterator[Asked]:
    with databases.fresh() as database:
        make_tables(database)
        engine = make_engine(database.url)
        tenancies = [seed(engine, slug) for slug in ("one", "two")]
        engine.dispose()
        yield Asked(database, tenancies)


@contextmanager
def fresh_engine(url: str) -> Iterator[Engine]:
    """An engine whose cache of statements is empty."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.mark.parametrize("kind", ["fixed", "random"])
def test_everybody_sees_what_the_oracle_says(asked: Asked, kind: str) -> None:
    with fresh_engine(asked.url) as engine:
        number = 20261121 if kind == "fixed" else random.SystemRandom().randrange(10**9)
        assert asked.differences(engine, number, COMPARISONS) == []


def test_every_form_tells_contacts_apart_from_staff(asked: Asked) -> None:
    """A form whose answer were the same for everybody would prove nothing."""
    told: dict[str, set[str]] = {form.name: set() for form in FORMS}
    for form, seen, n in itertools.product(FORMS, asked.seen[:8], (1, 4)):
        told[form.name].add(repr(form.tell(seen, n)))
    assert [name for name, answers in told.items() if len(answers) < 2] == []


def test_it_would_find_a_shape_that_is_not_in_the_cache_key(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Shape.__init__

    def shapeless(self: Shape, *args: Any) -> None:
        made(self, *args)
        self.token = ()  # type: ignore[assignment]

    monkeypatch.setattr(Shape, "__init__", shapeless)
    with fresh_engine(asked.url) as engine:
        found = asked.differences(engine, 1, 300)
    assert any("raised" not in each for each in found)


def test_it_would_find_a_session_without_the_criterion(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    made = WalledSession.__init__

    def open_to_all(self: WalledSession, *args: Any) -> None:
        made(self, *args)
        self._criterion = with_loader_criteria(Model, lambda cls: true(), include_aliases=True)

    monkeypatch.setattr(WalledSession, "__init__", open_to_all)
    with fresh_engine(asked.url) as engine:
        assert asked.differences(engine, 1, 300) != []
