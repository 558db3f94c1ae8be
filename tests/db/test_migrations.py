"""The core's migrations and each module's: apart from each other, whole or not at all."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from core.db import migrations
from core.db.compare import differences, load_models, tables_giving_ids_twice
from core.db.engine import make_engine
from core.db.migrations import CORE, History, SchemaError, pending, set_aside_pending, upgrade
from core.kit.schema import migrations as complaints
from core.modules.registry import Registry, load_modules
from tests.databases import Database, PostgresDatabases, SqliteDatabases
from tests.db.strangers import TABLE, registry_of, stranger

FILL = """
    op.execute("INSERT INTO tenant (slug, name, url, language, country, time_zone, currency, access_mode, phone,"
               " email, legal_url, privacy_url, accent, version, updated_at) VALUES ('s', 'n', '', '', '', '', '',"
               " '', '', '', '', '', '', 1, '2026-01-01')")
    op.execute("INSERT INTO {name}_thing (tenant_id) SELECT id FROM tenant")
"""
RAISE = "    raise ZeroDivisionError('half-way')\n"


@pytest.fixture
def owner(database: Database) -> Iterator[Engine]:
    """An engine of the role that owns the tables, with the schema of today."""
    made = make_engine(database.owner_url, guarded=False)
    yield made
    made.dispose()


@pytest.fixture
def empty(databases: SqliteDatabases | PostgresDatabases) -> Iterator[Engine]:
    """The same, without a single table."""
    with databases.empty() as database:
        made = make_engine(database.owner_url, guarded=False)
        yield made
        made.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_models_and_migrations_agree(owner: Engine) -> None:
    load_models()
    registry = load_modules()
    assert not registry.quarantined
    for name in (CORE, *registry.modules):
        assert differences(owner, registry, name) == []
    assert pending(owner, registry) == []


def test_sqlite_gives_no_id_twice(sqlite_databases: SqliteDatabases) -> None:
    """Of any table, however often it was remade; what is a record has the id of its row among all records."""
    load_models()
    with sqlite_databases.fresh() as database:
        engine = make_engine(database.url, guarded=False)
        assert tables_giving_ids_twice(engine) == []
        remake(engine, "file", "invoices_line")
        assert tables_giving_ids_twice(engine) == ["file", "invoices_line"]
        engine.dispose()


def test_the_contract_names_a_table_that_a_module_has_remade_so(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh() as database:
        engine = make_engine(database.url, guarded=False)
        registry, address = load_modules(), SimpleNamespace(owner_url=database.url, role="")
        world: Any = SimpleNamespace(
            name="invoices", address=address, registry=registry, module=registry.modules["invoices"]
        )
        assert complaints(world) == []
        remake(engine, "invoices_line", "file")
        (said,) = complaints(world)
        assert "again: invoices_line;" in said
        engine.dispose()


def remake(engine: Engine, *tables: str) -> None:
    """Make tables anew, as a migration does that changes them, and forget what Alembic does not carry along."""
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        operations = Operations(MigrationContext.configure(connection))
        for name in tables:
            with operations.batch_alter_table(name, recreate="always"):
                pass


def test_a_model_without_its_migration_is_found(owner: Engine) -> None:
    load_models()
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE site ADD COLUMN extra INTEGER"))
        connection.execute(text("DROP TABLE external_id"))
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))
    found = str(differences(owner, load_modules(), CORE))
    assert "extra" in found
    assert "external_id" in found
    assert "left_behind" in found


def test_the_core_comes_first_then_modules_by_name(empty: Engine, tmp_path: Path) -> None:
    modules = [stranger(tmp_path, name, TABLE) for name in ("zebra", "apple")]
    bare = stranger(tmp_path, "bare")
    registry = registry_of(*modules, bare)
    assert pending(empty, registry) == ["core", "apple", "zebra"]
    assert tables(empty) == set()
    assert upgrade(empty, registry) == []
    assert pending(empty, registry) == []
    assert {"alembic_version", "alembic_version_apple", "apple_thing", "zebra_thing"} <= tables(empty)
    assert upgrade(empty, registry) == []


def test_a_module_that_raises_half_way_leaves_nothing_and_stops_nobody(owner: Engine, tmp_path: Path) -> None:
    broken = stranger(tmp_path, "broken", TABLE, FILL + RAISE)
    last = stranger(tmp_path, "last", TABLE)
    registry = registry_of(broken, last)
    failures = upgrade(owner, registry)
    assert [(f.module, f.message) for f in failures] == [("broken", "ZeroDivisionError: half-way")]
    assert "broken" in registry.quarantined
    assert "broken" not in registry.modules
    assert "last_thing" in tables(owner)
    assert not {t for t in tables(owner) if "broken" in t}
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM tenant")) == 0


def test_once_mended_it_goes_on_where_it_was(owner: Engine, tmp_path: Path) -> None:
    module = stranger(tmp_path, "mended", TABLE)
    assert upgrade(owner, registry_of(module)) == []
    module.revise("0002", FILL + RAISE, "0001")
    assert len(upgrade(owner, registry_of(module))) == 1
    assert pending(owner, registry_of(module)) == ["mended"]
    module.revise("0002", FILL, "0001")
    assert upgrade(owner, registry_of(module)) == []
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM mended_thing")) == 1


def test_a_module_whose_migration_was_changed_after_it_ran_is_set_aside(owner: Engine) -> None:
    """Its pages would fail one by one, and nobody would know why."""
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE quotes_line DROP COLUMN optional"))
        connection.execute(text("DROP TABLE projects_task"))
    registry = load_modules()
    said = {failure.module: failure.message for failure in upgrade(owner, registry)}
    assert set(said) == {"projects", "quotes"} == {"projects", "quotes"} & set(registry.quarantined)
    assert "the table quotes_line has no column optional, which " in said["quotes"]
    assert "there is no table projects_task, which " in said["projects"]


@pytest.mark.parametrize(
    ("body", "why"),
    [("    this is no Python", "SyntaxError"), ("    op.execute('SELECT nonsense FROM nowhere')", "Error")],
)
def test_a_module_whose_migration_cannot_run_is_set_aside(owner: Engine, tmp_path: Path, body: str, why: str) -> None:
    registry = registry_of(stranger(tmp_path, "bad", body))
    assert pending(owner, registry) == ["bad"]
    (failure,) = upgrade(owner, registry)
    assert why in failure.message
    assert set(registry.quarantined) == {"bad"}


def test_branching_migrations_are_refused(owner: Engine, tmp_path: Path) -> None:
    module = stranger(tmp_path, "forked", TABLE)
    module.revise("0002", "    pass", "0001")
    module.revise("0002b", "    pass", "0001")
    (failure,) = upgrade(owner, registry_of(module))
    assert "branch" in failure.message


def test_a_database_survives_the_removal_of_a_package(owner: Engine, tmp_path: Path) -> None:
    module = stranger(tmp_path, "gone", TABLE + FILL)
    assert upgrade(owner, registry_of(module)) == []
    assert pending(owner, Registry()) == []
    assert upgrade(owner, Registry()) == []
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM gone_thing")) == 1


def test_a_newer_database_is_told_apart_from_an_old_one(owner: Engine, tmp_path: Path) -> None:
    newer = stranger(tmp_path, "newer", TABLE, "    pass")
    upgrade(owner, registry_of(newer))
    (tmp_path / "newer" / "migrations" / "versions" / "0002.py").unlink()
    registry = registry_of(newer)
    assert pending(owner, registry) == ["newer"]
    (failure,) = upgrade(owner, registry)
    assert "made by a newer newer (revision 0002)" in failure.message


def test_a_failing_migration_of_the_core_raises_and_leaves_nothing(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger(tmp_path, "broken", '    op.create_table("started", sa.Column("id", sa.Integer()))\n' + RAISE)
    history = History(CORE, tmp_path / "broken" / "migrations")
    monkeypatch.setattr(migrations, "histories", lambda registry: [history])
    with pytest.raises(ZeroDivisionError):
        upgrade(empty, Registry())
    assert tables(empty) == set()


def test_modules_with_old_tables_are_set_aside_and_the_core_is_not_served(empty: Engine, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="postigo db upgrade"):
        set_aside_pending(empty, Registry())
    upgrade(empty, Registry())
    registry = registry_of(stranger(tmp_path, "late", TABLE), stranger(tmp_path, "bare"))
    set_aside_pending(empty, registry)
    assert set(registry.quarantined) == {"late"}
    assert set(registry.modules) == {"bare"}


REFERRING = """
    op.create_table("{name}_child", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("thing_id", sa.BigInteger(), sa.ForeignKey("{name}_thing.id", ondelete="CASCADE")))
    op.execute("INSERT INTO {name}_child (thing_id) SELECT id FROM {name}_thing")
"""
REMAKE = """
    with op.batch_alter_table("{name}_thing") as batch:
        batch.alter_column("note", existing_type=sa.String(20), type_=sa.String(50), existing_nullable=False)
"""


def test_changing_a_table_keeps_the_rows_that_refer_to_it(owner: Engine, tmp_path: Path) -> None:
    module = stranger(tmp_path, "family", TABLE + FILL + REFERRING, REMAKE)
    assert upgrade(owner, registry_of(module)) == []
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM family_child")) == 1


def test_a_migration_that_leaves_a_dangling_row_is_undone(owner: Engine, tmp_path: Path) -> None:
    module = stranger(tmp_path, "careless", TABLE + FILL + REFERRING, '    op.execute("DELETE FROM {name}_thing")')
    cut = '    op.execute("INSERT INTO {name}_child (thing_id) VALUES (12345)")'
    module.revise("0002", cut, "0001")
    (failure,) = upgrade(owner, registry_of(module))
    assert failure.module == "careless"
    assert not {t for t in tables(owner) if "careless" in t}


def test_foreign_keys_are_in_force_again_after_an_upgrade(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.empty() as database:
        engine = make_engine(database.url, guarded=False)
        upgrade(engine, Registry())
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        engine.dispose()


UPGRADE = """
import sys
from core.db.engine import make_engine
from core.db.migrations import upgrade
from core.modules.registry import Registry
upgrade(make_engine(sys.argv[1], guarded=False), Registry())
"""


def test_two_processes_that_upgrade_at_once_do_it_once(empty: Engine) -> None:
    command = [sys.executable, "-c", UPGRADE, empty.url.render_as_string(hide_password=False)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[1] for process in both] == ["", ""]
    assert pending(empty, Registry()) == []
