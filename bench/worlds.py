"""Databases to measure on, each with its application: SQLite in a file, PostgreSQL on a server of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url

from bench import data
from core.app import create_app
from core.config import Settings
from tests import postgres
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.server import free_port

Databases = SqliteDatabases | PostgresDatabases


@dataclass(frozen=True)
class World:
    """One filled database: the application on it, and who reads. `floor_url` is the database for a role
    that no policy holds back, which the floor needs on PostgreSQL."""

    name: str
    app: Flask
    settings: Settings
    floor_url: str
    readers: list[data.Reader]


@contextmanager
def databases_of(name: str, folder: Path) -> Iterator[Databases]:
    """Whatever makes databases of that name: "sqlite" (files in `folder`) or "postgresql"."""
    if name == "sqlite":
        yield SqliteDatabases(folder)
        return
    with postgres.server() as address:
        databases = PostgresDatabases(make_url(address))
        databases.add_roles()
        yield databases
        databases.remove_all()


@contextmanager
def world(databases: Databases, folder: Path, size: data.Size) -> Iterator[World]:
    """A database of that size, with an installation that keeps its files in `folder`."""
    with databases.fresh() as database:
        home = folder / f"{database.name}-{size.others}"
        settings = Settings(home, database.url, database.owner_url, free_port(), home / "secret.key")
        floor_url = database.url
        if isinstance(databases, PostgresDatabases):
            everything = databases.address.set(database=make_url(database.url).database)
            floor_url = everything.render_as_string(hide_password=False)
        app = create_app(settings)
        try:
            data.build(app, floor_url, size)
            yield World(database.name, app, settings, floor_url, data.sign_in(app))
        finally:
            app.extensions["postigo"].engine.dispose()
