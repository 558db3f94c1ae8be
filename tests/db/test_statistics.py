"""SQLite finds a client's records by whose they are, however many others have; once it has counted its rows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.db.statistics import count_anew
from tests.databases import PostgresDatabases

ROWS, OWNERS = 40_000, 2000
# A list as the wall has it sent, over a table with an index for clients and one for the staff's order.
TABLE = """CREATE TABLE thing (id INTEGER PRIMARY KEY, tenant_id, owner, published, day);
CREATE INDEX of_owner ON thing (tenant_id, owner, published, day, id);
CREATE INDEX of_day ON thing (tenant_id, day, id)"""
LIST = """SELECT id FROM thing WHERE tenant_id = 1 AND published IS 1
AND (owner IN (SELECT value FROM json_each('[1, -1]')){more}) ORDER BY day DESC, id DESC LIMIT 26"""
GRANTED = " OR id IN (SELECT value FROM json_each('[5, 6]'))"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the records of two thousand clients."""
    file = tmp_path_factory.mktemp("full") / "full.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(TABLE)
        rows = ((n, n % OWNERS, n * 7919 % ROWS) for n in range(1, ROWS))
        connection.executemany("INSERT INTO thing VALUES (?, 1, ?, 1, ?)", rows)
    return file


def plan(file: Path, more: str) -> str:
    """How the list would be read."""
    with closing(sqlite3.connect(file)) as connection:
        return " / ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {LIST.format(more=more)}"))


def test_it_finds_records_by_whose_they_are(full: Path) -> None:
    before = [plan(full, more) for more in ("", GRANTED)]
    count_anew(f"sqlite:///{full}")
    own, granted = (plan(full, more) for more in ("", GRANTED))
    # As long as it has not counted, it walks through everybody's.
    assert all("of_day (tenant_id=?)" in found for found in before), before
    assert "of_owner (tenant_id=? AND owner=? AND published=?)" in own
    assert "of_owner (tenant_id=? AND owner=? AND published=?)" in granted
    assert "PRIMARY KEY" in granted


def test_postgresql_counts_by_itself(postgres_databases: PostgresDatabases) -> None:
    with postgres_databases.fresh() as database:
        count_anew(database.url)  # as the role that owns nothing: it asks nothing of it
