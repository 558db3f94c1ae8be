"""All rows of a database, to put back: many times faster than building a world anew."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.types.json import JsonDumper

from core.db.model import Model
from tests.databases import Database
from tests.worlds.world import World

Rows = dict[str, list[tuple[Any, ...]]]


def connect(database: Database) -> Any:
    """A connection of the driver's own, as the role that owns the tables."""
    if database.name == "sqlite":
        return sqlite3.connect(urlsplit(database.owner_url).path[1:])
    connection = psycopg.connect(database.owner_url.replace("+psycopg", ""))
    connection.adapters.register_dumper(dict, JsonDumper)  # what a column of JSON was read as
    return connection


def read_all(database: Database) -> Rows:
    """Every row of every table that is there, in the order of the primary key; parents before children."""
    listing = "SELECT name FROM sqlite_master" if database.name == "sqlite" else "SELECT tablename FROM pg_tables"
    with closing(connect(database)) as connection:
        there = {name for (name,) in connection.execute(listing)}
        return {
            table.name: [
                tuple(r) for r in connection.execute(f'SELECT {_columns(table)} FROM "{table.name}" ORDER BY 1')
            ]
            for table in Model.metadata.sorted_tables
            if table.name in there
        }


def _columns(table: Any) -> str:
    keys = [column.name for column in table.primary_key]
    return ", ".join([*keys, *(c.name for c in table.columns if c.name not in keys)])


def analyse(database: Database) -> None:
    """Let PostgreSQL gather what it plans by, as it does by itself outside tests: without, it takes every table for
    an empty one, and reads a page of three hundred rows for seconds."""
    if database.name == "postgresql":
        with closing(connect(database)) as connection, connection:
            connection.execute("ANALYZE")


@dataclass
class Snapshot:
    """A world at a moment: its rows, and who is signed in."""

    world: World
    rows: Rows = field(init=False)

    def __post_init__(self) -> None:
        self.rows, self.tokens = read_all(self.world.database), dict(self.world.tokens)

    def restore(self) -> None:
        """Make the database hold these rows, and no others."""
        self.world.tokens = dict(self.tokens)
        mark = "?" if self.world.database.name == "sqlite" else "%s"
        tables = [Model.metadata.tables[name] for name in self.rows]
        with closing(connect(self.world.database)) as connection, connection:
            if self.world.database.name == "sqlite":
                for table in reversed(tables):
                    connection.execute(f'DELETE FROM "{table.name}"')
            else:
                connection.execute("TRUNCATE " + ", ".join(f'"{table.name}"' for table in tables) + " CASCADE")
            cursor = connection.cursor()
            for table in tables:
                marks = ", ".join([mark] * len(table.columns))
                filling = f'INSERT INTO "{table.name}" ({_columns(table)}) VALUES ({marks})'
                if self.rows[table.name]:
                    cursor.executemany(filling, self.rows[table.name])
