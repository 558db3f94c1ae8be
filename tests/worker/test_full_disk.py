"""A disk that is full: who asks is told so and nothing is half-written, the worker waits, and all goes on when there is
room."""

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from core.config import MailServer
from core.crm.models import Staff
from core.kit.browser import browser_at, sign_in
from core.outbox.models import Mail
from core.worker import loop
from core.worker.loop import Worker
from tests import strict
from tests.databases import Database, SqliteDatabases
from tests.staff.test_outbox import post
from tests.worker.house import House, house
from tests.worker.post_office import PostOffice

ROOM = 4_000_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        strict.missing("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def small(disk: Path, sqlite_databases: SqliteDatabases, served: tuple[PostOffice, MailServer]) -> Iterator[House]:
    """The house, its database on that disk."""
    with sqlite_databases.fresh() as made:
        file = shutil.copyfile(made.url.removeprefix("sqlite:///"), disk / "small.db")
        url = f"sqlite:///{file}"
        with house(Database("sqlite", url, url), disk / "home", served[1]) as home:
            yield home


def fill(disk: Path) -> Path:
    """Fill the disk to its last byte; gives the file that does."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return ballast


def test_nothing_is_half_done_and_all_goes_on(
    small: House, disk: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [small.queue(text=str(n)) for n in range(3)]
    browser = browser_at(small.app, "one.localhost", sign_in(small.app, small.tenant_id, Staff, small.ids["sol"]))
    small.change(Mail, mails[0], state="failed")
    ballast = fill(disk)
    with pytest.raises(OperationalError, match="disk is full"):
        while True:  # what was written before leaves some room in the log
            mails.append(small.queue(text="x" * 20_000))
    before, again = small.states(), f"/staff/outbox/{mails[0]}"
    refused = post(browser, again, do="again")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert browser.get(again).status_code == 200
    monkeypatch.setattr(loop, "_AFTER_FAILURE_SECONDS", 0.1)
    worker = Worker(small.app)
    thread = threading.Thread(target=worker.run)
    thread.start()
    time.sleep(1)
    assert thread.is_alive()
    assert (small.states(), office.taken) == (before, [])
    ballast.unlink()
    assert post(browser, again, do="again").status_code == 303
    end = time.monotonic() + 120
    while small.states() != {"sent": len(mails)} and time.monotonic() < end:
        time.sleep(0.1)
    worker.stop()
    thread.join(60)
    assert small.states() == {"sent": len(mails)}
    assert len(set(office.ids)) == len(office.ids) == len(mails)
