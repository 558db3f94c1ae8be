"""Worlds for the tests of this folder: the seeded one, and one that holds no record."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.records.lists import furnish
from tests.worlds.fixtures import world
from tests.worlds.world import World, bare

__all__ = ["world"]


@pytest.fixture(scope="module")
def empty(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An account with two contacts and no record; tests keep nothing of what they add."""
    with databases.fresh() as database, bare(database, Path(tmp_path_factory.mktemp("home"))) as made:
        furnish(made)
        yield made
