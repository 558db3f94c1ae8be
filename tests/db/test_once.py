"""What is written into the SQL of kept statements: of who looks, and of what they ask, nothing. All ids in this world
are ones that stand nowhere else, and so are the words that are typed."""

import re
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import Engine, SelectBase, Table, event, select
from sqlalchemy.sql import visitors

from core.crm.models import Account
from core.db import kept, ready
from core.db.model import Model
from core.db.once import _ONCE
from core.db.session import keep, open_session
from core.db.viewer import Kind, Reach, Scope, Sight, Viewer, installation, system
from core.records.fields import kind_of
from tests import compiled
from tests.databases import Database
from tests.visibility.sweep import MODULES, Exits
from tests.worlds.copied import Databases
from tests.worlds.plenty import plenty
from tests.worlds.seed import seed
from tests.worlds.snapshot import analyse, connect
from tests.worlds.talk import talk
from tests.worlds.world import Browser, World, bare

FIRST = 731 * 10**12
WORD, DAY = "zqxword", "1987-03-17"
OF_A_READER = re.compile(rf"731\d{{12}}|{WORD}|{DAY}|@example\.com|localhost", re.IGNORECASE)
PEOPLE = ("two_accounts", "mixed", "nobodys")
#: where statements are built that are kept for all; of the product's tables alone
ROOMS = ("core", "plugins")


def improbable(database: Database) -> None:
    """Let each table count on from a number of its own."""
    names = sorted(Model.metadata.tables)
    with closing(connect(database)) as connection, connection:
        if database.name == "sqlite":
            given = [(name, FIRST + n * 10**9) for n, name in enumerate(names)]
            connection.execute("DELETE FROM sqlite_sequence")  # tables that were remade say that they have had none
            connection.cursor().executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", given)
            return
        found = connection.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'").fetchall()
        for n, (name,) in enumerate(found):
            connection.execute(f'ALTER SEQUENCE "{name}" RESTART WITH {FIRST + n * 10**9}')


def forget() -> None:
    """Let every statement be built anew, by whoever asks first."""
    kept._STATEMENTS.clear()
    for each in ready._KEPT.values():
        each.shapes.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith(tuple(f"{room}." for room in ROOMS)) and getattr(module, "keep", None) is keep:
            for made in vars(module).values():
                if isinstance(made, type(lru_cache(lambda: 0))) and made.__module__ == name != "core.db.session":
                    made.cache_clear()


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The seeded world with the records of all modules, whose ids stand nowhere else."""
    with databases.fresh() as database, compiled.SHARED.apart():
        improbable(database)
        with bare(database, tmp_path_factory.mktemp("home")) as made:
            made.tenancies["one"] = seed(made.engine, made.store, "one")
            plenty(talk(made))
            analyse(database)
            forget()
            yield made


def written(done: Any) -> list[str]:
    """What of a reader's stands in a compiled statement: in its text, and among values that it keeps."""
    constants = [bind.value for bind in done.binds.values() if not bind.required and not bind.callable]
    return OF_A_READER.findall(f"{done.string} {constants}")


@contextmanager
def watched(engine: Engine) -> Iterator[dict[str, list[str]]]:
    """The text of each kept statement that runs meanwhile, with what of a reader's is written in it."""
    found: dict[str, list[str]] = {}

    def note(conn: Any, cursor: Any, text: str, parameters: Any, context: Any, many: bool) -> None:
        if context.compiled is not None and context.compiled.statement in _ONCE:
            found[text] = written(context.compiled) + OF_A_READER.findall(text)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def addresses(world: World, exits: Exits, number: int) -> Iterator[str]:
    """Lists with all that narrows them, and records, on each exit."""
    made = world.one
    ids = {"invoices": made.invoices, "cases": made.cases}.get(exits.module) or made.records[exits.module]
    resource = world.registry.resources[exits.module][exits.resource]
    days = [f.name for f in resource.fields if f.filterable and kind_of(resource.model, f) in ("date", "datetime")]
    typed = "&".join([f"q={WORD}", f"{exits.filtered}={exits.states[0]}", *(f"{day}_from={DAY}" for day in days)])
    place = f"account={made.accounts['alpha']}&site={made.sites['a1']}&" if exits.owned else ""
    for listing in (exits.listing, exits.api, f"{exits.portal}{exits.csv}", exits.staffs_listing):
        narrowed = listing != exits.staffs_listing
        yield from (listing, f"{listing}?{place if narrowed else ''}{typed}")
    if exits.owned:
        yield f"{exits.listing}?{place}mine=1"
    for record in list(ids.values())[number::9][:3]:
        yield from (f"{base}{record}" for base in (exits.portal, exits.api, exits.staff))
        files = [file for file, of in made.files.items() if of == record]
        yield from (f"{exits.portal}{record}/files/{file}" for file in files)
        yield f"{exits.api}{record}/messages"


def walk(world: World) -> None:
    """Ask for all that the kept statements are for, as several who look."""
    for number, kind in enumerate(PEOPLE):
        look(world.contact(kind), world, number)
    look(world.staff(), world, 0)


def look(browser: Browser, world: World, number: int) -> None:
    """Ask for each address; what is not theirs to see is nowhere."""
    common = ("/portal/", "/staff/", f"/portal/search?q={WORD}", "/portal/search?q=alpha", f"/staff/search?q={WORD}")
    for address in chain(common, *(addresses(world, exits, number) for exits in MODULES)):
        assert browser.get(address).status_code in (200, 303, 403, 404), address


def tables(statement: SelectBase) -> set[str]:
    """The names of the tables that a statement reads."""
    return {each.name for each in visitors.iterate(statement) if isinstance(each, Table)}


def sights(world: World) -> list[Sight]:
    """Each kind of viewer, and contacts of two kinds of reach, with ids of this world."""
    made, modules = world.one, list(world.registry.modules)
    person, accounts, site = made.people["mixed"], tuple(made.accounts.values()), (made.sites["a1"],)
    records, segments = tuple(made.cases.values())[:2], tuple(made.segments.values())
    whole = Reach(True, (*accounts, -person), site, Scope.ACCOUNT, records, segments)
    narrow = Reach(True, (-person,), site, Scope.CONTACT, records, segments)
    contacts = [
        Sight(Viewer(Kind.CONTACT, made.id, person), reach, dict.fromkeys(modules, reach), accounts)
        for reach in (whole, narrow)
    ]
    return [*contacts, Sight(Viewer(Kind.STAFF, made.id, made.staff)), system(made.id), installation()]


def compiled_for(statement: SelectBase, engine: Engine, sight: Sight) -> Any:
    """A kept statement as it would be sent for this sight."""
    with open_session(engine, sight) as session:
        return ready.walled(statement, session).compile(dialect=engine.dialect)


def test_of_who_looks_and_what_they_ask_nothing_is_written_into_any(world: World) -> None:
    with watched(world.engine) as ran:
        walk(world)
    assert {text: found for text, found in ran.items() if found} == {}
    modules = {name for name in world.registry.modules if any(f"{name}_" in text for text in ran)}
    assert modules == set(world.registry.modules) >= {exits.module for exits in MODULES}
    ours = {m.local_table.name for m in Model.registry.mappers if m.class_.__module__.split(".")[0] in ROOMS}  # type: ignore[attr-defined]
    waiting = [each for each, made in ready._KEPT.items() if not made.shapes and tables(each) <= ours]
    for statement in waiting:  # those that no page asks: of mails, and of what is not there
        for sight in sights(world):
            done = compiled_for(statement, world.engine, sight)
            assert written(done) == [], done.string


def test_one_in_which_a_readers_value_stands_would_be_found(world: World) -> None:
    statement = keep(select(Account.name).where(Account.id == world.one.accounts["alpha"]))
    assert written(compiled_for(statement, world.engine, system(world.one.id))) != []
    with watched(world.engine) as ran, open_session(world.engine, system(world.one.id)) as session:
        assert session.scalars(statement).all() == ["Alpha"]
    assert len(ran) == 1
    assert all(ran.values())
