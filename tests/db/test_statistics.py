"""SQLite finds a client's records by whose they are, however many others have; once it has counted its rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.db.statistics import count_anew
from tests.databases import Database, PostgresDatabases, SqliteDatabases

ROWS, OWNERS = 40_000, 2000
# A client's list of cases, as the wall has it sent.
LIST = """SELECT id FROM cases_case WHERE tenant_id = 1 AND published IS 1
AND (owner IN (SELECT value FROM json_each('[1, -1]')){more})
ORDER BY active_at DESC, id DESC LIMIT 26"""
GRANTED = " OR id IN (SELECT value FROM json_each('[5, 6]'))"


@pytest.fixture
def full(sqlite_databases: SqliteDatabases) -> Iterator[Database]:
    """A database with the cases of two thousand clients."""
    with sqlite_databases.fresh() as database:
        with closing(_open(database)) as connection, connection:
            connection.executemany(
                "INSERT INTO cases_case (id, tenant_id, number, subject, description, state, urgency, opened_at, "
                "active_at, owner, published, version, updated_at, assignee_name) "
                "VALUES (?, 1, '', '', '', 'open', 'normal', '', ?, ?, 1, 1, '', '')",
                [(n, f"2026-01-01 {n:06}", n % OWNERS) for n in range(1, ROWS)],
            )
        yield database


def _open(database: Database) -> sqlite3.Connection:
    return sqlite3.connect(Path(database.url.removeprefix("sqlite:///")))


def plan(database: Database, more: str) -> str:
    """How the list would be read."""
    with closing(_open(database)) as connection:
        return " / ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {LIST.format(more=more)}"))


@pytest.mark.parametrize("more", ["", GRANTED], ids=["own", "granted"])
def test_it_finds_records_by_whose_they_are(full: Database, more: str) -> None:
    assert "tenant_id_owner" not in plan(full, more)  # what it does as long as it has not counted
    count_anew(full.url)
    found = plan(full, more)
    assert "ix_cases_case_tenant_id_owner_published_active_at_id (tenant_id=? AND owner=?" in found
    assert more == "" or "PRIMARY KEY" in found


def test_postgresql_counts_by_itself(postgres_databases: PostgresDatabases) -> None:
    with postgres_databases.fresh() as database:
        count_anew(database.url)  # as the role that owns nothing: it asks nothing of it
