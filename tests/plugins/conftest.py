"""What the contract asks of our own modules, it asks on one of the databases by turns; with NIGHTLY=1 on both."""

from zlib import crc32

import pytest

from tests.databases import KINDS
from tests.nightly import NIGHTLY

#: asked on both in any run
ALWAYS = ("test_it_is_taken_in", "test_its_migrations_make_its_models")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave each question of the contract out on one of the databases, unless it is night."""
    if left_out := [item for item in items if not NIGHTLY and _waits(item)]:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _waits(item: pytest.Item) -> bool:
    """Whether an item is a question of the contract that has its turn on the other database. Its name says which,
    so that it is the same whatever else is run."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    kind, name = parameters.get("databases"), getattr(item, "originalname", "")
    if kind is None or item.path.name != "test_contract.py" or name in ALWAYS:
        return False
    turn = crc32(item.nodeid.replace(kind, "").encode())
    return bool(kind != KINDS[turn % len(KINDS)])
