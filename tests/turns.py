"""What is asked on one of the databases by turns in an ordinary run, and on both with NIGHTLY=1: whatever goes through
the session and knows of no database, as pages, forms, the API and imports. Sessions, the wall, what a client sees, jobs
and migrations, and what several do at once, are asked on both in any run."""

from zlib import crc32

import pytest

from tests.databases import KINDS
from tests.nightly import NIGHTLY

#: rooms in which every test is asked on both
_WHOLE = frozenset({"db", "search", "visibility", "worker"})
#: files in which several act at once, or a plan of the database is looked at
_BOTH = frozenset(
    {
        "test_actions.py",
        "test_again.py",
        "test_history.py",
        "test_limits.py",
        "test_lines.py",
        "test_once.py",
        "test_processes.py",
        "test_sign_in.py",
        "test_statements.py",
        "test_tags.py",
    }
)
#: questions of the contract that are asked of our own modules on both
_ALWAYS = ("test_it_is_taken_in", "test_its_migrations_make_its_models")


def takes_turns(item: pytest.Item) -> bool:
    """Whether a test is asked on one of the databases alone, in an ordinary run."""
    room = item.nodeid.split("/")[1] if item.nodeid.count("/") > 1 else ""
    several = item.path.name in _BOTH or item.nodeid.startswith("tests/plugins/cases/test_pages.py")
    return room not in ("", *_WHOLE) and not several and getattr(item, "originalname", "") not in _ALWAYS


def waits(item: pytest.Item) -> bool:
    """Whether a test has its turn on the other database. A file stays together, for some are sequences; but for the
    contract, whose questions stand alone. The name says which, so that it is the same whatever else is run."""
    kind = getattr(getattr(item, "callspec", None), "params", {}).get("databases")
    if NIGHTLY or kind not in KINDS or not takes_turns(item):
        return False
    alone = item.path.name == "test_contract.py"
    name = item.nodeid.replace(kind, "") if alone else item.nodeid.partition("::")[0]
    return bool(kind != KINDS[crc32(name.encode()) % len(KINDS)])
