"""What is asked of every module, asked of one of ours on both databases: a class of this one for each."""

from collections.abc import Iterator

import pytest

from core.api import ModuleContract
from core.kit.world import Address
from tests.databases import SERVING, PostgresDatabases, SqliteDatabases


class Contract(ModuleContract):
    """The kit, on a database of either kind."""

    @pytest.fixture(scope="class")
    @classmethod
    def address(cls, databases: SqliteDatabases | PostgresDatabases) -> Iterator[Address]:
        """A database without a single table."""
        with databases.empty() as made:
            yield Address(made.url, made.owner_url, SERVING if made.name == "postgresql" else None)
