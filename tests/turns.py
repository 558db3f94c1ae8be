"""What is asked on one of the databases by turns in an ordinary run, and on both with NIGHTLY=1: whatever goes through
the session and knows of no database, as pages, forms, the API and imports. Sessions, the wall, what a client sees, jobs
and migrations, and what several do at once, are asked on both in any run. Some questions of the contract are asked of
our own modules by turns, too."""

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
#: whether each guard is needed is shown on one of them; beneath that of tenants PostgreSQL has another
_CONTROLS = ("test_the_comparison_fails_without", "test_the_comparison_of_other_modules_fails_without")
#: questions of the contract -> one in so many of our own modules, and of those who look, is asked: the wall is the
#: core's, and these take most of the time
_ONE_IN = {
    "test_a_client_sees_what_is_theirs_alone": 2,
    "test_a_client_sees_what_names_them_alone_where_staff_say_so": 3,
    "test_staff_see_their_tenants_rows_and_no_others": 2,
    "test_its_pages_are_sound_in_a_browser": 4,
}


def takes_turns(item: pytest.Item) -> bool:
    """Whether a test is asked on one of the databases alone, in an ordinary run."""
    room = item.nodeid.split("/")[1] if item.nodeid.count("/") > 1 else ""
    several = item.path.name in _BOTH or item.nodeid.startswith("tests/plugins/cases/test_pages.py")
    question = getattr(item, "originalname", "")
    if question in _CONTROLS:
        return "tenant" not in item.nodeid
    return room not in ("", *_WHOLE) and not several and question not in _ALWAYS


def waits(item: pytest.Item) -> bool:
    """Whether a test has its turn on the other database, or of another module. A file stays together, for some are
    sequences; but for the contract, whose questions stand alone. The name says which, so that it is the same whatever
    else is run."""
    kind = getattr(getattr(item, "callspec", None), "params", {}).get("databases")
    if NIGHTLY or kind not in KINDS or not takes_turns(item):
        return False
    of_contract, question = item.path.name == "test_contract.py", getattr(item, "originalname", "")
    alone = of_contract or question in _CONTROLS
    turn = crc32((item.nodeid.replace(kind, "") if alone else item.nodeid.partition("::")[0]).encode())
    if of_contract and turn // len(KINDS) % _ONE_IN.get(question, 1):
        return True
    return bool(kind != KINDS[turn % len(KINDS)])
