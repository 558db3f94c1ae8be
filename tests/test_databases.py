"""The databases that tests get are what they promise: fresh, whole, and served by a role that owns none."""

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from core.crm.models import Contact
from tests.databases import Database, PostgresDatabases, SqliteDatabases
from tests.turns import takes_turns
from tests.worlds.copied import copied
from tests.worlds.world import World

SEEN: list[str] = []


@pytest.mark.parametrize("run", [1, 2])
def test_every_test_gets_a_fresh_database_with_the_whole_schema(database: Database, run: int) -> None:
    assert database.url not in SEEN
    SEEN.append(database.url)
    engine = create_engine(database.owner_url)
    tables = inspect(engine).get_table_names()
    assert {"tenant", "contact", "record"} <= set(tables)
    with engine.connect() as connection:
        for table in tables:
            count = connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            # What SQLite's index of words keeps for itself begins with a few rows.
            assert count == 0 or "version" in table or table.startswith("search_terms_"), table
    engine.dispose()


def test_on_postgresql_the_serving_role_owns_nothing(postgres_databases: PostgresDatabases) -> None:
    with postgres_databases.fresh() as database:
        address = make_url(database.url).set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
            role = connection.execute(
                "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert role == (False, False, False, False)
            owned = connection.execute(
                "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
            ).fetchone()
            assert owned == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine (id integer)")


def test_both_kinds_collect_the_same_tests(request: pytest.FixtureRequest) -> None:
    """But for those that take their turns (`tests.turns`), or say by themselves which is asked on which."""
    kinds: dict[str, set[str]] = {"sqlite": set(), "postgresql": set()}
    for item in request.session.items:
        callspec = getattr(item, "callspec", None)
        kind = callspec.params.get("databases") if callspec else None
        by_itself = any("databases" in mark.args[0] for mark in item.iter_markers("parametrize"))
        if kind in kinds and not takes_turns(item) and not by_itself:
            name, _, ids = item.nodeid.partition("[")
            parts = ids.removesuffix("]").split("-")
            parts[parts.index(kind)] = "*"
            kinds[kind].add(f"{name}[{'-'.join(parts)}]")
    assert kinds["sqlite"] == kinds["postgresql"]


def test_what_was_filled_once_is_copied_and_no_copy_changes_it(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    filled: list[str] = []

    def fill(world: World) -> World:
        filled.append(world.database.url)
        return world

    for _ in range(2):
        with copied(databases, tmp_path_factory.mktemp, fill) as world:
            assert world.contact("whole").get("/portal/invoices/").status_code == 200
            assert world.database.url not in filled
            with world.writing() as session:
                assert session.get_one(Contact, world.one.people["whole"]).first_name == "whole"
                session.get_one(Contact, world.one.people["whole"]).first_name = "changed"
    assert len(filled) == 1
