"""`postigo module new`: what it writes is small, passes what is asked of every module, and is on a client's pages
once it is installed, migrated and switched on; outside the checkout, from wheels."""

import re
from pathlib import Path

import pytest

from core.scaffold import ScaffoldError, new_module
from tests.distant import Distant
from tests.installed import Place
from tests.nightly import SOME_OF_CONTRACT
from tests.server import free_port
from tests.wheels import build, environment, install

LONGEST = 100


def python_files(folder: Path) -> list[Path]:
    """The Python files of a distribution, but for its migrations."""
    return [path for path in folder.rglob("*.py") if "migrations" not in path.parts]


def test_it_is_a_hundred_lines_and_none_of_them_is_left_to_fill_in(tmp_path: Path) -> None:
    folder = new_module("night_shifts", tmp_path)
    assert folder.name == "postigo-night-shifts"
    files = python_files(folder)
    assert sum(len(path.read_text().splitlines()) for path in files) < LONGEST
    for path in folder.rglob("*"):
        if path.is_file():
            assert "$" not in path.read_text(), path
    for path in folder.rglob("*.py"):
        compile(path.read_text(), str(path), "exec")
    assert "class NightShifts(Module)" in (folder / "postigo_night_shifts" / "__init__.py").read_text()


@pytest.mark.parametrize(
    "name", ["", "a", "Notes", "1st", "a-b", "a b", "../a", "é" * 3, "core", "portal", "staff", "files", "login",
             "a__b", "ab_", "invoices", "x" * 41],
)  # fmt: skip
def test_a_name_that_cannot_be_is_one_clear_line_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScaffoldError) as refused:
        new_module(name, tmp_path)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "postigo-notes").mkdir()
    (tmp_path / "postigo-notes" / "mine.txt").write_text("mine")
    with pytest.raises(ScaffoldError, match="there is a postigo-notes here already"):
        new_module("notes", tmp_path)
    assert [path.name for path in (tmp_path / "postigo-notes").iterdir()] == ["mine.txt"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, postigo_wheel: Path) -> Place:
    """An installation with the product's own wheel and the demonstration."""
    folder = tmp_path_factory.mktemp("scaffold")
    env = environment(folder / "env", postigo_wheel)
    (folder / "home").mkdir()
    return Place(env, folder / "home", free_port())


def test_once_installed_its_list_is_there_and_its_own_test_passes(place: Place, tmp_path: Path) -> None:
    place.run("postigo", "module", "new", "shifts")
    written = place.home / "postigo-shifts"
    install(place.env, build(tmp_path / "built", written))
    place.run("postigo", "db", "upgrade")
    said = place.run("postigo", "demo")
    place.run("postigo", "module", "enable", "shifts", "--tenant", "demo")
    email, password = re.findall(r"^  (\S+@\S+) +(\S+)  ", said, re.MULTILINE)[-1]
    client = Distant(place.port, "127.0.0.1", {})
    with place.serving():
        assert client.send("/login", {"identifier": email, "password": password}) == 303
        status, page = client.ask("GET", "/portal/shifts/")
        assert status == 200
        assert "Aquí aparecerá lo que anotemos para usted." in page
        assert "/portal/shifts/" in client.ask("GET", "/portal/")[1]
    # Its own tests, against the installed package: the folder beside them is out of reach.
    tested = place.run(
        "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", SOME_OF_CONTRACT, str(written / "tests")
    )
    assert " passed" in tested
    assert "failed" not in tested
