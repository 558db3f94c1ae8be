"""Fixtures: a seeded world on either database, made once for all tests of a file."""

from collections.abc import Iterator

import pytest

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.worlds.copied import copied
from tests.worlds.world import World


@pytest.fixture(scope="module")
def world(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The seeded world that the tests of one file share; who changes it puts it back."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        yield made
