"""The worker beside a server: it sends what was queued, starts anew when it dies, and ends with the server."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from core.config import MailServer
from core.serve import port_file
from tests.databases import Database
from tests.server import POSTIGO, environment, free_port, running
from tests.worker.house import House, house
from tests.worker.post_office import post_office


def children(pid: int) -> set[int]:
    """The processes that a process has started."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def works(pid: int) -> bool:
    """Whether a process is a worker of mails."""
    try:
        return b"core.work" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def until(happens: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False


def trial(home: House, text: str) -> None:
    """Queue a mail of the core's own, which every process knows."""
    home.queue("sol", "core.trial", subject=text, body=text)


def test_it_sends_starts_anew_and_ends_with_the_server(database: Database, tmp_path: Path) -> None:
    with post_office() as (office, address), house(database, tmp_path / "home", address) as home:
        port = free_port()
        command: list[str | Path] = [POSTIGO, "serve", "--port", str(port)]
        with running(command, port, environment(home.settings)) as server:

            def the_worker() -> list[int]:
                return [pid for pid in children(server.process.pid) if works(pid)]

            trial(home, "first")
            assert until(lambda: home.states() == {"sent": 1})
            (first,) = the_worker()
            assert os.getpriority(os.PRIO_PROCESS, first) > os.getpriority(os.PRIO_PROCESS, server.process.pid)
            os.kill(first, signal.SIGINT)  # which the server alone minds
            trial(home, "second")
            assert until(lambda: home.states() == {"sent": 2})  # one that it hands over when it dies would be held
            os.kill(first, signal.SIGKILL)
            trial(home, "third")
            assert until(lambda: home.states() == {"sent": 3})
            (second,) = the_worker()
            assert second != first
        assert not works(second)
        assert not port_file(home.settings).exists()
        assert len(office.taken) == 3


def test_it_ends_when_its_server_was_killed(database: Database, tmp_path: Path) -> None:
    port = free_port()
    with (
        house(database, tmp_path / "home", MailServer("127.0.0.1", 1)) as home,
        running([POSTIGO, "serve", "--port", str(port)], port, environment(home.settings)) as server,
    ):
        assert until(lambda: any(map(works, children(server.process.pid))))
        (worker,) = (pid for pid in children(server.process.pid) if works(pid))
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        server.process.returncode = 0
        assert until(lambda: not works(worker))
