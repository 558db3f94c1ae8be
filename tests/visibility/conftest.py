"""The seeded world with cases, for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.worlds.copied import copied
from tests.worlds.talk import talk
from tests.worlds.world import World


@pytest.fixture(scope="module")
def world(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world that the tests of one file share; who changes it puts it back."""
    with copied(databases, tmp_path_factory.mktemp, talk) as made:
        yield made
