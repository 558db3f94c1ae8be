"""PostgreSQL's own wall between tenants, under ours: asked through the driver, as the role that serves."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, select
from sqlalchemy.exc import DBAPIError, OperationalError

from core.crm.models import Account
from core.db.engine import make_engine
from core.db.migrations import upgrade
from core.db.policies import role_problems
from core.db.session import open_session
from core.db.viewer import system
from tests.databases import OWNER, SERVING, Database, PostgresDatabases, SqliteDatabases
from tests.db.strangers import TABLE, registry_of, stranger

WALLED = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
       EXISTS (SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = 'postigo_tenant'
               AND p.roles = '{public}' AND p.cmd = 'ALL' AND p.qual = p.with_check
               AND p.qual LIKE '%tenant_id%postigo.tenant%'),
       (SELECT count(*) FROM pg_policies p WHERE p.tablename = c.relname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'tenant_id'
"""
ADD = (
    "INSERT INTO account (tenant_id, name, code, email, phone, tax_number, address, postcode, town, country,"
    " version, updated_at) VALUES (%s, 'x', '', '', '', '', '', '', '', '', 1, now())"
)
#: the tables of the core that carry no tenant: the installation reads them before any is known
OF_INSTALLATION = {"tenant", "tenant_host", "job", "periodic_slot"}


def driver(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def test_every_table_with_a_tenant_is_walled_a_strangers_too(postgres: Database, tmp_path: Path) -> None:
    engine = make_engine(postgres.owner_url, guarded=False)
    assert upgrade(engine, registry_of(stranger(tmp_path, "other", TABLE)), SERVING) == []
    engine.dispose()
    with driver(postgres.owner_url) as connection:
        found = {name: (forced, ours, count) for name, forced, ours, count in connection.execute(WALLED)}
        tables = {
            str(name) for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        }
    assert {"other_thing", "record", "account", "invoices_invoice"} <= found.keys()
    assert set(found.values()) == {(True, True, 2)}
    assert {t for t in tables - found.keys() if not t.startswith("alembic_version")} == OF_INSTALLATION


def test_without_a_tenant_there_is_nothing_and_with_one_only_theirs(postgres: Database, tenants: list[int]) -> None:
    with driver(postgres.url) as connection:
        assert connection.execute("SELECT name FROM account").fetchall() == []
        for tenant, name in zip(tenants, ("one", "two"), strict=True):
            connection.execute("SELECT set_config('postigo.tenant', %s, true)", [str(tenant)])
            assert connection.execute("SELECT name FROM account").fetchall() == [(name,)]
        connection.execute("SELECT set_config('postigo.tenant', %s, true)", [str(tenants[0])])
        assert connection.execute("UPDATE account SET name = 'y'").rowcount == 1
        assert connection.execute("DELETE FROM account WHERE tenant_id = %s", [tenants[1]]).rowcount == 0


@pytest.mark.parametrize("context", ["", "own"])
def test_a_row_of_another_tenant_is_not_taken(postgres: Database, tenants: list[int], context: str) -> None:
    with driver(postgres.url) as connection:
        connection.execute("SELECT set_config('postigo.tenant', %s, true)", [str(tenants[0]) if context else ""])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(ADD, [tenants[1]])
        connection.rollback()
        connection.execute("SELECT set_config('postigo.tenant', %s, true)", [str(tenants[0])])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE account SET tenant_id = %s", [tenants[1]])


def test_a_connection_from_the_pool_knows_nothing_of_the_tenant_before(postgres: Database, tenants: list[int]) -> None:
    engine = make_engine(postgres.url, guarded=False)
    for end in ("commit", "rollback"):
        with open_session(engine, system(tenants[0])) as session:
            assert session.scalars(select(Account.name)).all() == ["one"]
            getattr(session, end)()
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT name FROM account").all() == []
    engine.dispose()


def test_a_session_that_reads_cannot_write_whatever_it_sends(postgres: Database, tenants: list[int]) -> None:
    engine = make_engine(postgres.url, guarded=False)
    with open_session(engine, system(tenants[0])) as session:
        session.scalars(select(Account)).one()
        connection = session.get_transaction().connection(None)  # type: ignore[union-attr]
        with pytest.raises(DBAPIError, match="read-only"):
            connection.exec_driver_sql("UPDATE account SET name = 'y'")
    engine.dispose()


def test_what_reading_sessions_prepare_stays_prepared(postgres: Database, tenants: list[int]) -> None:
    engine = make_engine(postgres.url, guarded=False)
    for _ in range(8):
        with open_session(engine, system(tenants[0])) as session:
            session.scalars(select(Account.name)).all()
    with engine.connect() as connection:
        prepared = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
    assert any("FROM account" in statement for statement in prepared)
    engine.dispose()


def test_of_a_connection_that_broke_one_session_hears_and_the_next_goes_on(
    postgres: Database, tenants: list[int]
) -> None:
    engine = make_engine(postgres.url, guarded=False)
    for _ in range(2):
        with open_session(engine, system(tenants[0])) as session:
            assert session.scalars(select(Account.name)).all() == ["one"]
        break_others(postgres)
        with open_session(engine, system(tenants[0])) as session, pytest.raises(OperationalError):
            session.scalars(select(Account.name)).all()
    with open_session(engine, system(tenants[0])) as session:
        assert session.scalars(select(Account.name)).all() == ["one"]
        break_others(postgres)
        with pytest.raises(OperationalError):
            session.scalars(select(Account.name)).all()
    with open_session(engine, system(tenants[0])) as session:
        assert session.scalars(select(Account.name)).all() == ["one"]
        break_others(postgres)
    with open_session(engine, system(tenants[0])) as session:
        assert session.scalars(select(Account.name)).all() == ["one"]
    engine.dispose()


def break_others(postgres: Database) -> None:
    """End the one connection that there is beside this function's own, as a server does that restarts."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> %s"
    with driver(postgres.url) as connection:
        assert connection.execute(others, [connection.info.backend_pid]).fetchall() == [(True,)]


def test_a_migration_of_the_owner_reaches_every_row(postgres: Database, tenants: list[int], tmp_path: Path) -> None:
    engine = make_engine(postgres.owner_url, guarded=False)
    module = stranger(
        tmp_path, "filler", TABLE, '    op.execute("INSERT INTO filler_thing (tenant_id) SELECT id FROM tenant")'
    )
    module.revise("0003", "    op.execute(\"UPDATE filler_thing SET note = 'told'\")", "0002")
    assert upgrade(engine, registry_of(module)) == []
    engine.dispose()
    with driver(postgres.owner_url) as connection:
        assert connection.execute("SELECT note FROM filler_thing").fetchall() == [("told",), ("told",)]


def test_the_serving_role_cannot_touch_the_schema_nor_say_it_is_newer(postgres: Database) -> None:
    with driver(postgres.url) as connection:
        connection.execute("SELECT * FROM alembic_version")
        connection.commit()
        for forbidden in (
            "UPDATE alembic_version SET version_num = 'x'",
            "ALTER TABLE account DISABLE ROW LEVEL SECURITY",
            "DROP POLICY postigo_tenant ON account",
            "TRUNCATE account",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden.encode())
            connection.rollback()


def test_a_role_that_postgres_would_not_hold_back_is_named(
    postgres: Database, postgres_databases: PostgresDatabases
) -> None:
    def problems(url: str) -> list[str]:
        engine = make_engine(url, guarded=False)
        try:
            return role_problems(engine)
        finally:
            engine.dispose()

    assert problems(postgres.url) == []
    assert problems(postgres.owner_url) == [f"The role {OWNER} owns tables; serve with a role that owns none."]
    superuser = postgres_databases.address.set(database=make_url(postgres.url).database)
    (sentence,) = problems(superuser.render_as_string(hide_password=False))
    assert "SUPERUSER or BYPASSRLS" in sentence
    postgres_databases._run(f"GRANT {OWNER} TO {SERVING}")
    try:
        assert any(f"which {SERVING} may become" in sentence for sentence in problems(postgres.url))
    finally:
        postgres_databases._run(f"REVOKE {OWNER} FROM {SERVING}")


def test_sqlite_has_no_roles_to_complain_of(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh() as database:
        engine = make_engine(database.url, guarded=False)
        assert role_problems(engine) == []
        engine.dispose()
