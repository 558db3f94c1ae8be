"""Load by wrk: eight connections on two threads, which ask for a file of addresses in turn."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS, THREADS = 8, 2
_SCRIPT = Path(__file__).with_name("load.lua")


class CannotMeasure(Exception):
    """Something is missing or answered wrong; the text is one sentence for whoever runs the bench."""


@dataclass(frozen=True)
class Asked:
    """One request: its path, and the host and cookie that it carries."""

    path: str
    host: str
    cookie: str


@dataclass(frozen=True)
class Answered:
    """What a load came to; times are milliseconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    bytes: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def find_wrk() -> str:
    """The program wrk. Raises CannotMeasure where there is none."""
    program = shutil.which("wrk")
    if program is None:
        raise CannotMeasure("wrk is missing, which makes the load; on Debian: apt-get install wrk")
    return program


def load(url: str, asked: Path, seconds: int) -> Answered:
    """Ask the server at `url` for the lines of the file `asked`, again and again, for that long.

    Raises CannotMeasure where a single answer is not 200."""
    options = [f"--threads={THREADS}", f"--connections={CONNECTIONS}", f"--duration={seconds}s", "--timeout=30s"]
    command = [find_wrk(), *options, "--script", str(_SCRIPT), url, "--", str(asked)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    if ran.returncode or not lines:
        raise CannotMeasure(f"wrk failed: {(ran.stderr or ran.stdout).strip()[-500:]}")
    said = json.loads(lines[-1])
    if wrong := said.pop("wrong"):
        raise CannotMeasure(f"{wrong} of {said['requests']} answers to {asked.stem} were not 200")
    return Answered(**said)


def write_asked(path: Path, requests: Iterable[Asked]) -> Path:
    """Write requests to a file that `load` reads, and give it back."""
    path.write_text("".join(f"{each.path} {each.host} {each.cookie}\n" for each in requests))
    return path
