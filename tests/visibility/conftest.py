"""The seeded world with cases, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.worlds.talk import talk
from tests.worlds.world import World, seeded


@pytest.fixture(scope="module")
def world(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world that the tests of one file share; who changes it puts it back."""
    with databases.fresh() as database, seeded(database, Path(tmp_path_factory.mktemp("home"))) as made:
        yield talk(made)
