"""The seeded world with offers on, made once for the tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.offers import offering
from tests.worlds.world import World


@pytest.fixture(scope="module")
def offers(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world; tests add what they need and leave it there."""
    with databases.fresh() as database, offering(database, Path(tmp_path_factory.mktemp("home"))) as made:
        yield made
