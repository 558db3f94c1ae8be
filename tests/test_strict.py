"""A test that is skipped says why, and fails the run in continuous integration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.strict import NO_DATA

ROOT = Path(__file__).parents[1]

SKIPS = "import pytest\n\ndef test_skipped():\n    pytest.skip({reason!r})\n"
NO_BROWSER = "def test_browser(browser_type_launch_args):\n    assert browser_type_launch_args['executable_path']\n"
NO_DATABASE = "def test_database(postgres_databases):\n    assert postgres_databases\n"
NO_PROGRAMS = "from tests import postgres\npostgres._candidates = lambda: iter(())\n"


def run(folder: Path, test: str, **environment: str) -> tuple[int, str]:
    """Run one test with our fixtures in a process of its own; give its exit code and what it said."""
    (folder / "conftest.py").write_text("from tests.conftest import *\n")
    (folder / "test_it.py").write_text(test)
    env = {name: value for name, value in os.environ.items() if name not in ("CI", "POSTIGO_STRICT")}
    slow = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    command = [sys.executable, "-m", "pytest", "-ra", *slow, str(folder)]
    said = subprocess.run(command, cwd=ROOT, env={**env, **environment}, capture_output=True, text=True, check=False)
    return said.returncode, said.stdout


@pytest.mark.parametrize(
    ("test", "reason", "setting"),
    [
        (SKIPS.format(reason="no such thing here"), "no such thing here", {"CI": "true"}),
        (NO_BROWSER, "no Chromium on this machine", {"POSTIGO_STRICT": "1"}),
        (NO_PROGRAMS + NO_DATABASE, "no PostgreSQL", {"CI": "1"}),
    ],
    ids=["any", "browser", "database"],
)
def test_what_is_missing_is_said_and_fails_in_continuous_integration(
    tmp_path: Path, test: str, reason: str, setting: dict[str, str]
) -> None:
    nothing = {"PATH": str(tmp_path)}
    code, said = run(tmp_path, test, **nothing)
    assert code == 0, said
    assert reason in said
    code, said = run(tmp_path, test, **nothing, **setting)
    assert code == 1, said
    assert reason in said


def test_real_data_is_never_in_the_repository_and_may_be_missing(tmp_path: Path) -> None:
    code, said = run(tmp_path, SKIPS.format(reason=f"{NO_DATA}: somewhere"), CI="true")
    assert code == 0
    assert NO_DATA in said
