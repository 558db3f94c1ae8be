"""A small world to measure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import data, worlds
from tests.databases import PostgresDatabases, SqliteDatabases


@pytest.fixture(scope="module")
def world(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[worlds.World]:
    """Three readers with forty invoices and cases each, among a hundred of others."""
    size = data.Size(others=100, readers=3, own=40, cases=True)
    with worlds.world(databases, Path(tmp_path_factory.mktemp("bench")), size) as made:
        yield made
