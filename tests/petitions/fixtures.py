"""The seeded world with petitions on, made once for the tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.petitions import petitioned
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World


@pytest.fixture(scope="module")
def petitions(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The world; tests add what they need and leave it there."""
    home = Path(tmp_path_factory.mktemp("home"))
    with databases.fresh() as database, petitioned(database, home) as made:
        yield made


@pytest.fixture
def world(petitions: World) -> Iterator[World]:
    """The world, put back as it was."""
    petitions.sign_everybody_in()
    base = Snapshot(petitions)
    yield petitions
    base.restore()
