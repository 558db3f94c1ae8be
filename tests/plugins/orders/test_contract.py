"""What is asked of every module, asked of orders, on both databases."""

from collections.abc import Iterator

import pytest

from core.api import ModuleContract
from core.kit.world import Address
from plugins.orders import module
from tests.databases import SERVING, PostgresDatabases, SqliteDatabases


class TestContract(ModuleContract):
    """The kit, on a database of either kind."""

    module = module

    @pytest.fixture(scope="class")
    @classmethod
    def address(cls, databases: SqliteDatabases | PostgresDatabases) -> Iterator[Address]:
        """A database without a single table."""
        with databases.empty() as made:
            yield Address(made.url, made.owner_url, SERVING if made.name == "postgresql" else None)
