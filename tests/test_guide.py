"""The guide for module authors, followed word by word by somebody who has nothing else: every file is written as it
stands there, every command is run, every leak is tried. What a block is for, a comment before it says."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pytest

from core.modules.events import Event
from tests.distant import Distant
from tests.installed import Place
from tests.nightly import NIGHTLY, SOME_OF_CONTRACT
from tests.server import free_port
from tests.wheels import ROOT, environment

GUIDE = (ROOT / "docs" / "modules.md").read_text()
BLOCK = re.compile(r"^<!-- (\w+)(.*?)-->\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One block of the guide: what it is for, what that is done to, and the block itself."""

    kind: str
    about: str
    text: str


BLOCKS = [Block(kind, about.strip(), text) for kind, about, _, text in BLOCK.findall(GUIDE)]

#: where the guide has the module tested: in the end wholly, and before that by a few of its tests in an ordinary run
TESTED = [block for block in BLOCKS if "pytest" in block.text and block.kind == "run"]
SOME = f'-k "{SOME_OF_CONTRACT}"'
#: runs each file that is named by itself, as `python FILE` does, but with what all of them load loaded once
EACH = """import os
import runpy
import sys

import core.api

for path in sys.argv[1:]:
    if not os.fork():
        runpy.run_path(path, run_name="__main__")
        break
    if os.wait()[1]:
        sys.exit(f"{path} has failed")
"""


@dataclass
class Reader:
    """Somebody who follows the guide, in a folder of their own."""

    place: Place
    #: what the commands have said, one after the other
    said: list[str] = field(default_factory=list)

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        name, _, rest = block.about.partition("\n")
        path = self.place.home / name
        if block.kind == "run":
            self.run(block.text, SOME if block in TESTED[:-1] and not NIGHTLY else "")
        elif block.kind == "install":
            self.install(name, block.text)
        elif block.kind == "serve":
            with self.place.serving():
                pass
        elif block.kind == "file":
            path.write_text(block.text)
        elif block.kind == "append":
            path.write_text(path.read_text() + block.text)
        elif block.kind == "replace":
            path.write_text(replaced(path.read_text(), rest + "\n", block.text))
        elif block.kind == "leak":
            self.leak(path, block.text, *rest.splitlines())
        else:
            raise AssertionError(block.kind)

    def execute(self, blocks: list[Block]) -> None:
        """Run blocks of Python, one after the other, each in a process of its own."""
        (self.place.home / "each.py").write_text(EACH)
        names = [f"block{number}.py" for number in range(len(blocks))]
        for name, block in zip(names, blocks, strict=True):
            (self.place.home / name).write_text(block.text)
        self.run(f"python each.py {' '.join(names)}")

    def run(self, commands: str, tests: str = "") -> None:
        """Run lines of the shell, in the environment; `tests` are options of the pytest that is run there."""
        done = self.shell(f"set -e\nexport PYTEST_ADDOPTS='{tests}'\n{commands}")
        assert done.returncode == 0, done.stdout + done.stderr
        self.said.append(done.stdout + done.stderr)

    def shell(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Run lines of the shell, however they end."""
        command = ["/bin/sh", "-c", commands]
        return subprocess.run(
            command, cwd=self.place.home, env=self.place.environ, capture_output=True, text=True, check=False
        )

    def install(self, name: str, command: str) -> None:
        """Install a distribution as the command says, but without the network."""
        if not (self.place.home / name).exists():
            shutil.copytree(ROOT / "examples" / name, self.place.home / name)
        self.run(command.replace("[test]", "").rstrip() + " --quiet --no-deps --no-build-isolation --no-index")

    def leak(self, path: Path, text: str, which: str, sentence: str) -> None:
        """Put a leak into a file, see it caught with that sentence, and take it out again."""
        before = path.read_text()
        path.write_text(text)
        done = self.shell(f"python -m pytest -q -x -k {which} postigo-notes")
        path.write_text(before)
        assert done.returncode == 1, done.stdout + done.stderr
        assert sentence in done.stdout, done.stdout

    def sign_in(self, email: str) -> Distant:
        """Sign in to the demonstration with what `postigo demo` has printed."""
        password = re.search(rf"{re.escape(email)} +(\S+)", "".join(self.said))
        assert password is not None
        browser = Distant(self.place.port, "localhost", {})
        assert browser.send("/login", {"identifier": email, "password": password[1]}) == 303
        return browser


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, postigo_wheel: Path) -> Reader:
    """A reader who has come to the end."""
    folder = tmp_path_factory.mktemp("guide")
    env = environment(folder / "env", postigo_wheel)
    (folder / "home").mkdir()
    made = Reader(Place(env, folder / "home", free_port()))
    for together, blocks in groupby(filter(here, BLOCKS), key=lambda block: block.kind == "exec"):
        if together:
            made.execute([*blocks])
        else:
            for block in blocks:
                made.follow(block)
    return made


def here(block: Block) -> bool:
    """Whether a block is done by the reader, and not by somebody elsewhere."""
    return block.kind != "elsewhere"


def test_every_block_says_what_it_is_for() -> None:
    assert GUIDE.count("\n```") == 2 * len(BLOCKS)
    assert {block.kind for block in BLOCKS if block.text.startswith("python3 run.py")} == {"elsewhere"}
    assert (ROOT / "run.py").exists()


def test_who_follows_it_has_a_module_on_a_clients_dashboard(reader: Reader) -> None:
    with reader.place.serving():
        staff = reader.sign_in("carmen@brasaquieta.example")
        write_a_note(staff)
        client, other = (
            reader.sign_in(f"{who}.example") for who in ("marta.ferrandis@miralbahia", "ruben.estelles@trasvia")
        )
        pages = ("/portal/", "/portal/notes/", "/portal/notes/entry/export.csv")
        for path in pages:
            status, page = client.ask("GET", path)
            assert status == 200
            assert "Gotera en la azotea" in page, path
            assert "no pagan" not in page, path
            assert "Gotera en la azotea" not in other.ask("GET", path)[1], path
        assert "2026: 1" in client.ask("GET", "/portal/notes/years/")[1]


def write_a_note(staff: Distant) -> None:
    """As the guide says: choose the client, fill in the form, send it."""
    begin = "/staff/records/notes/entry/do/write"
    account = re.search(r'value="(\d+)"[^>]*>\s*Hoteles Miralbahía', staff.ask("GET", begin)[1])
    account = account or re.search(r"account=(\d+)[^>]*>[^<]*Hoteles Miralbahía", staff.ask("GET", begin)[1])
    assert account is not None
    typed = {"f_number": "1", "f_subject": "Gotera en la azotea", "f_day": "2026-03-02", "f_remark": "no pagan"}
    path = f"{begin}?account={account[1]}"
    shown = staff.ask("GET", path)[1]
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(?!csrf_token)(\w+)"[^>]*value="([^"]*)"', shown))
    assert staff.send(path, {**hidden, **typed}) == 303


def test_what_is_left_of_the_larger_example_is_nothing(reader: Reader) -> None:
    assert any("Nothing of the module expenses is left." in said for said in reader.said)


@pytest.mark.parametrize("page", ["hooks.md", "events.md"])
def test_what_stands_in_the_other_pages_runs(page: str) -> None:
    names: dict[str, object] = {"__name__": "postigo_notes"}
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), names)
    if page == "events.md":
        assert issubclass(names["NotePinned"], Event)  # type: ignore[arg-type]
