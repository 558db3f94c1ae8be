"""The lines of curl in the README, pasted by somebody who has the demonstration before them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from tests.server import POSTIGO, environment, free_port, running
from tests.strict import missing

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^<!-- curl -->\n```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
#: what is asked afterwards, in the same shell
AFTER = """
printf '\\n==\\n'; curl -s -b emily.jar "$CASE"
printf '\\n==\\n'; curl -s -b emily.jar "$CASE/messages"
printf '\\n==\\n'; curl -s -b carmen.jar "$CASE/messages"
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What the shell says to all lines, and to what is asked afterwards."""
    if shutil.which("curl") is None:
        missing("no curl on this machine")
    folder = tmp_path_factory.mktemp("curl")
    home = folder / "var"
    (folder / "docs").symlink_to(ROOT / "docs")
    url = f"sqlite:///{home}/postigo.db"
    settings = Settings(home, url, url, free_port(), home / "secret.key")
    lines = "".join(BLOCKS).replace("127.0.0.1:8000", f"127.0.0.1:{settings.port}")
    with running([POSTIGO, "serve", "--port", str(settings.port)], settings.port, environment(settings), patience=90):
        done = subprocess.run(["/bin/sh", "-eu"], input=lines + AFTER, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return [done.stdout, *(json.loads(part) for part in done.stdout.split("\n==\n")[1:])]


def test_a_case_is_opened_talked_about_and_closed(told: list[Any]) -> None:
    assert len(BLOCKS) == 1
    _, case, hers, ours = told
    assert (case["fields"]["subject"], case["fields"]["state"]["value"]) == ("The alarm beeps", "closed")
    assert [file["name"] for file in case["files"]] == ["portal.png"]
    texts = [each["text"] for each in hers["messages"] if not each["change"]]
    assert texts == ["It began last night.", "This is the panel.", "We will come on Tuesday."]
    assert [each["text"] for each in ours["messages"] if each["internal"]] == ["Her battery is eight years old."]
    assert hers["messages"][-1]["change"]["to"] == "Closed"


def test_nothing_was_refused(told: list[Any]) -> None:
    assert "about:blank" not in told[0]
    assert "<!doctype" not in told[0].lower()
