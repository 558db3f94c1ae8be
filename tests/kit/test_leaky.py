"""Modules that leak, each caught by name; the same module, mended, passes."""

import shutil
from pathlib import Path

import pytest

from core.scaffold import new_module
from tests.kit.author import run_tests
from tests.nightly import NIGHTLY

LEAKY = Path(__file__).parent / "leaky"
SEEN, ASKED = "theirs_alone and whole-of-one", "asked_about_hidden"
REFUSED = (
    "The widget 'latest' of 'leaky' failed: Refused: only statements over mapped classes run here: select(YourModel)"
)
OWN = "Its own page /portal/leaky/"
#: leak -> the test that finds it, and the beginning of what the author reads
LEAKS: dict[str, tuple[str, ...]] = {
    "raw_sql": (SEEN, REFUSED),
    "bare_table": (SEEN, REFUSED),
    "global_cache": ("kept_for_the_next", "The widget 'latest' of 'leaky' shows 'kx0003f01', of a row that belongs to"),
    "kept_number": ("kept_for_the_next", "postigo_leaky.leak._COUNTED has changed since the portal started. What a"),
    "kept_attributes": (
        "kept_for_the_next",
        "postigo_leaky.leak.Counter.counted has changed since the portal started. What a",
        "postigo_leaky.leak.COUNTER.last has changed since the portal started. What a",
    ),
    "kept_answer": (
        "kept_for_the_next",
        "postigo_leaky.leak._counted asks the database, and its answers are kept: ",
        "postigo_leaky.leak._board keeps a list, and whoever is given it can fill it for the next one: let it give a",
    ),
    "kept_within": (
        "kept_for_the_next",
        "postigo_leaky.leak._counted.kept has changed since the portal started. What a",
        "postigo_leaky.leak._added.__defaults__ has changed since the portal started. What a",
        "app.extensions.counted has changed since the portal started. What a",
    ),
    "hidden_in_csv": (SEEN, f"{OWN}all.csv shows 'remark' of Entry, a field that clients do not see, to a contact of"),
    "hidden_in_json": (SEEN, f"{OWN}all.json shows 'remark' of Entry, a field that clients do not see, to a contact"),
    "hidden_in_cookie": (SEEN, f"{OWN}count shows 'remark' of Entry, a field that clients do not see, to a contact"),
    "count": ("rows_of_others", f"{OWN}count (/portal/leaky/count) changed for a contact of account Alpha when only"),
    "file_by_key": (SEEN, f"{OWN}f/<path:key> shows 'kx0000f99', of a row that belongs to nobody, to a contact of"),
    "widget": (SEEN, "The widget 'latest' of 'leaky' shows 'kx0000f01', of a row that belongs to nobody, to a contact"),
    "mail": (
        "its_mails",
        "The mail 'leaky.new' tells 'remark' of Entry, a field that clients do not see, to a contact of",
    ),
    "panel": (SEEN, "The panel 'others' of 'leaky' shows 'remark' of Entry, a field that clients do not see, to a"),
    "export": (SEEN, f"{OWN}all.csv shows 'kx0000f01', of a row that belongs to nobody, to a contact of account Alpha"),
    "filter": (
        ASKED,
        f"{OWN}find (/portal/leaky/find?remark=kx0003f02) can be filtered by 'remark' of Entry",
        f"{OWN}count (/portal/leaky/count) changed for a contact of account Alpha when only 'remark' of Entry did, ",
    ),
    "sort": (ASKED, f"{OWN}by (/portal/leaky/by?sort=remark) can be sorted by 'remark' of Entry, which clients do not"),
    "hides_nothing": ("staff_hide", "The widget 'latest' of 'leaky' shows 'subject' of Entry, which staff have hidden"),
    "slow": ("few_statements", f"{OWN}by (/portal/leaky/by) takes"),
    "own_session": ("imports_core", "leak.py, line 8: imports core.db.session; a module imports core.api alone"),
}


#: as an author runs them who reads what they say
PLAINLY = ("-q", "-p", "no:cacheprovider", "--show-capture=no", "-k")


def begun(folder: Path, leak: str) -> Path:
    """Begin a module, and give it every exit and one leak."""
    distribution = new_module("leaky", folder)
    package = distribution / "postigo_leaky"
    shutil.copy(LEAKY / "module.py", package / "__init__.py")
    shutil.copy(LEAKY / "parts.py", package)
    (package / "widget.py").unlink()
    (package / "leak.py").write_text((LEAKY / f"{leak}.py").read_text() if leak else "")
    return distribution


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_caught_by_name(tmp_path: Path, leak: str) -> None:
    which, *sentences = LEAKS[leak]
    done = run_tests(begun(tmp_path, leak), *PLAINLY, which)
    assert done.code == 1, done.said
    assert [each for each in sentences if each not in done.said] == [], done.said


def test_without_a_leak_it_passes(tmp_path: Path) -> None:
    """All that finds the leaks, and by night the whole contract, which other modules are held to in any run."""
    finders = " or ".join(f"({which})" for which in dict.fromkeys(found[0] for found in LEAKS.values()))
    done = run_tests(begun(tmp_path, ""), *PLAINLY, "not browser" if NIGHTLY else finders)
    assert done.code == 0, done.said
    assert " passed" in done.said


def test_every_leak_is_run() -> None:
    assert {path.stem for path in LEAKY.glob("*.py")} - {"__init__", "module", "parts"} == set(LEAKS)
