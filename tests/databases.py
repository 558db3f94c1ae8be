"""Fresh databases for tests, with the whole schema, quickly: a copy of one that was migrated once.

On PostgreSQL a test connects as a role that owns nothing, as an installation does.
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

# Of this process alone, so that runs beside each other on one server stay apart.
PREFIX = f"postigo_test_{os.getpid()}"
OWNER, SERVING, TEMPLATE = f"{PREFIX}_owner", f"{PREFIX}_app", f"{PREFIX}_template"
PASSWORD = "of-a-test-database"
KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Database:
    """One database of one test: `url` is the role that serves, `owner_url` the one that migrates."""

    name: str
    url: str
    owner_url: str


@dataclass(frozen=True)
class SqliteDatabases:
    """Databases that are files in `folder`."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)
    #: what was filled once, to be copied
    filled: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def copy(self, database: Database) -> Iterator[Database]:
        """Give a database with the same rows. Nobody is connected with the one that is copied."""
        with self.empty() as made:
            shutil.copyfile(make_url(database.url).database or "", make_url(made.url).database or "")
            yield made

    def to_copy(self) -> Database:
        """A database with the whole schema that stays as long as the tests run."""
        return self.fresh().__enter__()

    @contextmanager
    def empty(self) -> Iterator[Database]:
        """Give a database without a single table."""
        url = f"sqlite:///{self.folder / f'{next(self.numbers)}.db'}"
        yield Database("sqlite", url, url)

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """Give a database with the whole schema and no rows."""
        template = self.folder / "template.db"
        if not template.exists():
            with self.empty() as first:
                migrate(first.url)
                Path(make_url(first.url).database or "").rename(template)
        with self.empty() as database:
            shutil.copyfile(template, make_url(database.url).database or "")
            yield database


@dataclass(frozen=True)
class PostgresDatabases:
    """Databases on the server whose superuser is at `address`."""

    address: URL
    numbers: Iterator[int] = field(default_factory=itertools.count)
    made: set[str] = field(default_factory=set)
    #: what was filled once, to be copied
    filled: dict[str, Any] = field(default_factory=dict)
    #: the superuser's connection, kept open: to connect takes a third of the time that a database takes
    kept: list[psycopg.Connection[Any]] = field(default_factory=list)

    @contextmanager
    def empty(self) -> Iterator[Database]:
        """Give a database without a single table."""
        with self._copy_of("template0") as name:
            yield self._database(name)

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """Give a database with the whole schema and no rows."""
        if TEMPLATE not in self.made:
            self._run(f"DROP DATABASE IF EXISTS {TEMPLATE}")
            self._create(TEMPLATE, "template0")
            migrate(self._database(TEMPLATE).owner_url, SERVING)
            self.made.add(TEMPLATE)
        with self._copy_of(TEMPLATE) as name:
            yield self._database(name)

    @contextmanager
    def copy(self, database: Database) -> Iterator[Database]:
        """Give a database with the same rows. Nobody is connected with the one that is copied."""
        with self._copy_of(make_url(database.url).database or "") as name:
            yield self._database(name)

    def to_copy(self) -> Database:
        """A database with the whole schema that stays as long as the tests run."""
        with self.fresh():  # so that there is a template
            name = f"{PREFIX}_filled_{next(self.numbers)}"
        self._create(name, TEMPLATE)
        self.made.add(name)
        return self._database(name)

    def add_roles(self) -> None:
        """Make the two roles, neither with any right beyond its own."""
        for role in (OWNER, SERVING):
            rights = f"LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '{PASSWORD}'"
            self._run(f"CREATE ROLE {role} {rights}")

    def remove_all(self) -> None:
        """Drop what was made to be copied and the roles, so that a server which was given is left as it was."""
        for thing in (*(f"DATABASE {name}" for name in self.made), f"ROLE {SERVING}", f"ROLE {OWNER}"):
            self._run(f"DROP {thing}")
        self.kept.pop().close()

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = f"{PREFIX}_{next(self.numbers)}"
        self._create(name, template)
        try:
            yield name
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, name: str, template: str) -> None:
        # FILE_COPY: 20 ms for forty tables, where the default takes 30.
        copying = f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER} STRATEGY FILE_COPY"
        self._run(copying)

    def _run(self, command: str) -> None:
        """Run a command as the superuser, beside all databases of tests."""
        if not self.kept:
            address = self.address.set(database="postgres", drivername="postgresql")
            self.kept.append(psycopg.connect(address.render_as_string(hide_password=False), autocommit=True))
        self.kept[0].execute(command.encode())

    def _database(self, name: str) -> Database:
        def address(role: str) -> str:
            url = self.address.set(database=name, username=role, password=PASSWORD)
            return url.render_as_string(hide_password=False)

        return Database("postgresql", address(SERVING), address(OWNER))


def migrate(owner_url: str, role: str | None = None) -> None:
    """Bring the database to the schema of today, for `role` to serve; fail when a module's migration does."""
    from core.db.engine import make_engine
    from core.db.migrations import upgrade
    from core.modules.registry import load_modules

    engine: Any = make_engine(owner_url, guarded=False)
    try:
        failures = upgrade(engine, load_modules(), role)
    finally:
        engine.dispose()
    assert not failures, failures
