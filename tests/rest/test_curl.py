"""The lines of curl in the README, and of the page on the API that goes on from there, pasted by somebody who has the
demonstration before them."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from tests.server import POSTIGO, environment, free_port, running
from tests.strict import missing

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^<!-- curl -->\n```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
API = re.findall(r"^    ((?:curl|INVOICE=).*)$", (ROOT / "docs" / "api.md").read_text(), re.MULTILINE)
#: what is asked afterwards, in the same shell
AFTER = """
printf '\\n==\\n'; curl -s -b emily.jar "$CASE"
printf '\\n==\\n'; curl -s -b emily.jar "$CASE/messages"
printf '\\n==\\n'; curl -s -b carmen.jar "$CASE/messages"
"""


@dataclass(frozen=True)
class Told:
    """What the shell said to the README's lines, to what was asked afterwards, and to each of the page on the API."""

    to_readme: str
    afterwards: list[Any]
    of_api: list[str]
    folder: Path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """All lines, pasted into one shell."""
    if shutil.which("curl") is None:
        missing("no curl on this machine")
    folder = tmp_path_factory.mktemp("curl")
    home = folder / "var"
    (folder / "docs").symlink_to(ROOT / "docs")
    url = f"sqlite:///{home}/postigo.db"
    settings = Settings(home, url, url, free_port(), home / "secret.key")
    lines = "".join(BLOCKS).replace("127.0.0.1:8000", f"127.0.0.1:{settings.port}") + AFTER
    lines += "".join(f"printf '\\n==\\n'\n{line}\n" for line in API)
    with running([POSTIGO, "serve", "--port", str(settings.port)], settings.port, environment(settings), patience=90):
        done = subprocess.run(["/bin/sh", "-eu"], input=lines, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    first, *more = done.stdout.split("\n==\n")
    return Told(first, [json.loads(part) for part in more[:3]], more[3:], folder)


def test_a_case_is_opened_talked_about_and_closed(told: Told) -> None:
    assert len(BLOCKS) == 1
    case, hers, ours = told.afterwards
    assert (case["fields"]["subject"], case["fields"]["state"]["value"]) == ("The alarm beeps", "closed")
    assert [file["name"] for file in case["files"]] == ["portal.png"]
    texts = [each["text"] for each in hers["messages"] if not each["change"]]
    assert texts == ["It began last night.", "This is the panel.", "We will come on Tuesday."]
    assert [each["text"] for each in ours["messages"] if each["internal"]] == ["Her battery is eight years old."]
    assert hers["messages"][-1]["change"]["to"] == "Closed"


def test_nothing_was_refused(told: Told) -> None:
    assert "about:blank" not in told.to_readme
    assert "<!doctype" not in told.to_readme.lower()


def test_the_lines_of_the_page_on_the_api_answer_as_it_says(told: Told) -> None:
    assert len(told.of_api) == len(API)
    listed, found, record, refused = [json.loads(text) for text in told.of_api if text.strip()]
    assert [each["fields"]["number"] for each in listed["records"]] == ["F26-0073"]
    assert [each["title"] for each in found["records"]] == ["The alarm beeps"]
    assert record["fields"]["number"] == "F26-0073"
    assert refused["parameter"] == "colour"
    (kept,) = told.folder.glob("*.csv")
    assert "F26-0073" in kept.read_text(encoding="utf-8-sig")
