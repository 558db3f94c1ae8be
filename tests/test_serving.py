"""A first start, a second and an end, as somebody with a fresh checkout sees them."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.config import Settings
from tests.server import POSTIGO, Server, environment, free_port, running

PATIENT, QUICK = 180, 2
#: what a second start, and its end, may compute: so many times what it takes to import what it stands on
OF_IMPORTS = 6


@dataclass(frozen=True)
class Starts:
    """Two starts of the same installation, one after the other."""

    settings: Settings
    first: Server
    second: Server
    rows_before: dict[str, int]
    rows_after: dict[str, int]


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Starts:
    """Start on an empty home, end, and start again."""
    home = tmp_path_factory.mktemp("serving") / "var"
    url = f"sqlite:///{home}/postigo.db"
    settings = Settings(home, url, url, free_port(), home / "secret.key")
    command = [POSTIGO, "serve", "--port", str(settings.port)]
    with running(command, settings.port, environment(settings), patience=PATIENT) as first:
        pass
    before = rows(home / "postigo.db")
    with running(command, settings.port, environment(settings), patience=PATIENT) as second:
        assert (home / "port").read_text() == str(settings.port)
        interrupt_workers(second)
    return Starts(settings, first, second, before, rows(home / "postigo.db"))


def interrupt_workers(server: Server) -> None:
    """Send Ctrl-C to the workers alone: they leave it to the first process, which ends them once."""
    pid = server.process.pid
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert workers
    for worker in workers:
        os.kill(int(worker), signal.SIGINT)
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=60) as answer:
        assert answer.status == 200
    # The one that sends mails may have been started meanwhile.
    assert set(workers) <= set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def rows(file: Path) -> dict[str, int]:
    """How many rows each table has, but for what is done periodically."""
    with closing(sqlite3.connect(file)) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        names -= {"job", "periodic_slot"}
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def test_the_first_start_loads_the_demonstration_and_each_prints_how_to_come_in(starts: Starts) -> None:
    address = f"http://127.0.0.1:{starts.settings.port}"
    for server in (starts.first, starts.second):
        assert address in server.said
        assert "@" in server.said
    assert starts.rows_before["tenant"] == 1
    assert starts.rows_before["contact"] >= 20


def imports() -> float:
    """The seconds of computing that it takes to import what a server stands on, as busy as the machine is now."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import flask, sqlalchemy.orm, alembic.command, babel.support"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_a_second_start_is_quick_and_touches_no_data(starts: Starts) -> None:
    # What it computes counts where the machine has other things to do as well.
    assert starts.second.seconds < QUICK or starts.second.computing < OF_IMPORTS * imports()
    assert starts.rows_before == starts.rows_after
    assert not (starts.settings.home / "backups").exists()


def test_what_is_kept_is_closed_to_others(starts: Starts) -> None:
    home = starts.settings.home
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
    assert not (home / "port").exists()
