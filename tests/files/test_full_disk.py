"""A disk that is full: a page that says so, nothing half-written, and all goes on when there is room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint

from core.api import hookimpl
from core.installation import installation
from core.modules.module import Module
from core.modules.registry import load_modules
from tests import strict
from tests.databases import Database, PostgresDatabases, SqliteDatabases
from tests.visibility.changes import switch
from tests.worlds.world import Browser, World, seeded

ROOM = 4_000_000
#: below it nothing fits; what is written at once is larger
LARGE = b"%PDF-1.4" + os.urandom(1_000_000)


class Uploads(Module):
    """A module with a page that keeps what is posted, as a stranger might write one."""

    name, title = "uploads", "Uploads"

    @property
    def package(self) -> str:
        """A package without any folder."""
        return "tests.files"

    @hookimpl
    def postigo_routes(self) -> list[Blueprint]:
        """The page."""
        blueprint = Blueprint("uploads", __name__)
        blueprint.add_url_rule("/", "keep", self.keep, methods=["POST"])
        return [blueprint]

    def keep(self) -> str:
        """Keep the bytes."""
        return installation().store.put(LARGE)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk of its own."""
    folder = Path(tmp_path_factory.mktemp("disk"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        strict.missing("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="module")
def small(disk: Path, databases: SqliteDatabases | PostgresDatabases) -> Iterator[World]:
    """The seeded world on that disk: its files, and on SQLite its database too."""
    registry = load_modules()
    registry.take(Uploads())
    with databases.fresh() as made:
        database = on_disk(made, disk) if made.name == "sqlite" else made
        with seeded(database, disk / "home", registry) as world:
            switch(world, world.one, "uploads", "tenant", world.one.id, True)
            world.sign_everybody_in()  # which writes
            yield world
    shutil.rmtree(disk / "home")


def on_disk(database: Database, disk: Path) -> Database:
    """A copy of a SQLite database on that disk."""
    source = database.url.removeprefix("sqlite:///")
    url = f"sqlite:///{shutil.copyfile(source, disk / 'small.db')}"
    return Database("sqlite", url, url)


@pytest.fixture
def full(disk: Path, small: World) -> Iterator[Path]:
    """Fill the disk to its last byte; give the file that does, which a test may remove."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    yield ballast
    ballast.unlink(missing_ok=True)


def post(browser: Browser, url: str, **form: Any) -> Any:
    """Post a form of ours."""
    page = browser.get("/sessions/").get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    return browser.post(url, data={"csrf_token": token, **form})


def stored(world: World) -> set[str]:
    """Everything that lies in the store, half-written or not."""
    return {str(path) for path in (world.settings.home / "files").rglob("*") if path.is_file()}


def test_a_file_that_has_no_room_leaves_nothing(small: World, full: Path) -> None:
    browser = small.contact("whole")
    before = stored(small)
    answer = post(browser, "/portal/uploads/")
    assert answer.status_code == 503
    assert b"Nothing was changed or lost" in answer.data
    assert answer.headers["Retry-After"] == "60"
    assert stored(small) == before
    assert browser.get("/portal/invoices/").status_code == 200
    file_id, record_id = next((f, r) for f, r in small.one.files.items() if r == small.one.invoices["alpha"])
    assert browser.get(f"/portal/invoices/{record_id}/files/{file_id}").status_code == 200
    full.unlink()
    assert post(browser, "/portal/uploads/").status_code == 200
    assert len(stored(small) - before) == 1


def test_a_row_that_has_no_room_is_not_there(small: World, full: Path) -> None:
    if small.database.name == "postgresql":
        return_after_room(small, full)
        return
    staff = small.staff()
    statuses = {post(staff, "/staff/accounts/new", name=f"Full {n}", address="x" * 1000).status_code for n in range(60)}
    assert 503 in statuses
    assert statuses <= {303, 503}
    assert staff.get("/staff/accounts/").status_code == 200
    full.unlink()
    return_after_room(small, full)


def return_after_room(world: World, full: Path) -> None:
    """Once there is room, writing works again."""
    full.unlink(missing_ok=True)
    assert post(world.staff(), "/staff/accounts/new", name="Room again").status_code == 303
