"""The portal and the floor as they are served, each by two processes, and what they use of the machine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.serve_floor import WORKERS
from bench.worlds import World
from tests.server import POSTIGO, environment, free_port, running

ROOT = Path(__file__).parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Served:
    """A running server: its address, and its first process."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """What its processes have computed so far."""
        return sum(map(_cpu_ticks, [self.pid, *children_of(self.pid)])) / _TICKS

    def megabytes(self) -> float:
        """The memory of its largest serving process, with its part of what processes share."""
        return max(map(_proportional_kilobytes, children_of(self.pid))) / 1024


@contextmanager
def portal(world: World) -> Iterator[Served]:
    """What `postigo serve --workers 2` starts on that world."""
    command = [POSTIGO, "serve", "--workers", str(WORKERS), "--port", str(world.settings.port)]
    with running(command, world.settings.port, environment(world.settings)) as server:
        yield Served(server.url, server.process.pid)


@contextmanager
def floor(world: World) -> Iterator[Served]:
    """The floor by the same server."""
    port = free_port()
    command = [sys.executable, "-m", "bench.serve_floor", world.floor_url, str(port)]
    with running(command, port, environment(world.settings), cwd=ROOT) as server:
        yield Served(server.url, server.process.pid)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _proportional_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
