"""A million rows in seconds, past everything that the product checks: for a database that is made to be
measured, and for nothing else."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

Row = Sequence[Any]


def connect(url: str) -> Any:
    """A connection of the driver's own to the database at `url`, a file or a PostgreSQL server."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite3.connect(parsed.database or "")
    return psycopg.connect(parsed.set(drivername="postgresql").render_as_string(hide_password=False))


def read_row(url: str, table: str, row_id: int) -> dict[str, Any]:
    """One row as the driver gives it, by column."""
    with closing(connect(url)) as connection:
        cursor = connection.execute(f"SELECT * FROM {table} WHERE id = {row_id:d}")  # noqa: S608 - names of ours
        return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def highest_id(url: str, table: str) -> int:
    """The highest id in a table; 0 where it is empty."""
    with closing(connect(url)) as connection:
        return int(connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608


def fill(url: str, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write `rows` into `table` in one transaction. On PostgreSQL the role must be one that no policy holds
    back, and ids that were given move the table's sequence on."""
    names = ", ".join(columns)
    with closing(connect(url)) as connection, connection:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA cache_size = -500000")  # else each row reads a page of each index anew
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
            return
        connection.execute("SET session_replication_role = replica")  # no foreign key is looked up
        with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(
            f"SELECT setval(s, (SELECT max(id) FROM {table})) "  # noqa: S608
            f"FROM pg_get_serial_sequence('{table}', 'id') s WHERE s IS NOT NULL"
        )


def settle(url: str) -> None:
    """Let the database learn what it holds, as one does that has been running for a while."""
    connection = connect(url)
    with closing(connection):
        if isinstance(connection, sqlite3.Connection):
            connection.execute("ANALYZE")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.commit()
        else:
            connection.autocommit = True
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
