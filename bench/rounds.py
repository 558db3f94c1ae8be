"""Five rounds of load, in which every page comes between two loads of the floor that it is held against, while
another process writes."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from bench import data, servers
from bench.load import Answered, Asked, CannotMeasure, load, write_asked
from bench.servers import ROOT, Served
from bench.worlds import World
from bench.writer import Orders, orders_line

#: page -> its address for a reader
PAGES: dict[str, Callable[[data.Reader], str]] = {
    "list": lambda reader: "/portal/invoices/",
    "detail": lambda reader: f"/portal/invoices/{reader.record_id}",
    "stored PDF": lambda reader: f"/portal/invoices/{reader.record_id}/files/{reader.file_id}",
    "dashboard": lambda reader: "/portal/",
}
#: the same, in a world with cases
CASE_PAGES: dict[str, Callable[[data.Reader], str]] = {
    "case list": lambda reader: "/portal/cases/",
    "case detail": lambda reader: f"/portal/cases/{reader.case_id}",
}
#: the address under which a reader's invoice is made into a PDF
MADE_ANEW = "PDF made anew"
_ADDRESSES = {**PAGES, **CASE_PAGES, MADE_ANEW: lambda reader: f"/portal/invoices/{reader.unprinted_id}/document"}
# What tells each page from another, beside the status.
MARKS = {
    "list": b"F-", "detail": b"Quarterly", "stored PDF": b"%PDF-", "dashboard": b"To pay", MADE_ANEW: b"%PDF-",
    "case list": b"C-", "case detail": b"Message 19", "floor": b"</table>", "hello": b"hello",
}  # fmt: skip


@dataclass
class Measured:
    """What one page came to, round by round."""

    rates: list[float] = field(default_factory=list)
    p50s: list[float] = field(default_factory=list)
    p95s: list[float] = field(default_factory=list)
    #: milliseconds of computing for each request, the database on PostgreSQL left out
    cpu: list[float] = field(default_factory=list)
    #: of the floor in the same round
    ratios: list[float] = field(default_factory=list)
    p95_ratios: list[float] = field(default_factory=list)

    def add(self, answered: Answered, cpu_seconds: float, *beside: Answered) -> None:
        """Keep one round; `beside` are the floor's before and after."""
        self.rates.append(answered.rate)
        self.p50s.append(answered.p50)
        self.p95s.append(answered.p95)
        self.cpu.append(1000 * cpu_seconds / answered.requests)
        if beside:
            self.ratios.append(answered.rate / mean(each.rate for each in beside))
            self.p95_ratios.append(answered.p95 / mean(each.p95 for each in beside))

    def middle(self) -> dict[str, float]:
        """The medians of what was kept."""
        kept = {
            "requests_per_second": self.rates, "p50_ms": self.p50s, "p95_ms": self.p95s, "cpu_ms": self.cpu,
            "of_floor": self.ratios, "p95_of_floor": self.p95_ratios,
        }  # fmt: skip
        return {name: round(median(values), 3) for name, values in kept.items() if values}


@dataclass
class Pair:
    """Portal and floor beside each other, and the files of requests for each page."""

    portal: Served
    floor: Served
    asked: dict[str, Path]
    #: how many requests the portal has answered to loads
    answered: int = 0

    def measure(self, page: str, seconds: int) -> tuple[Answered, float]:
        """Load one page ("hello" and "floor" are the floor's) and give what came, and the CPU seconds."""
        server = self.floor if page in ("hello", "floor") else self.portal
        before = server.cpu_seconds()
        answered = load(server.url, self.asked[page], seconds)
        if server is self.portal:
            self.answered += answered.requests
        return answered, server.cpu_seconds() - before


@contextmanager
def opened(world: World, folder: Path) -> Iterator[Pair]:
    """Start both servers on a world, and see that pages are the ones that are meant, for every tenth reader:
    those of all must be answers of 200 later on."""
    addresses = {page: made for page, made in _ADDRESSES.items() if page not in CASE_PAGES or world.readers[0].case_id}
    with servers.portal(world) as portal, servers.floor(world) as floor:
        asked: dict[str, list[Asked]] = {page: [] for page in (*addresses, "floor", "hello")}
        for reader in world.readers:
            for page, address in addresses.items():
                asked[page].append(Asked(address(reader), data.HOST, reader.cookie))
            asked["floor"].append(Asked("/", "localhost", f"floor={reader.digest}"))
            asked["hello"].append(Asked("/hello", "localhost", f"floor={reader.digest}"))
        for page, requests in asked.items():
            url = floor.url if page in ("floor", "hello") else portal.url
            for each in requests[::10]:
                check(url, each, MARKS[page])
        files = {page: write_asked(folder / page, requests) for page, requests in asked.items()}
        yield Pair(portal, floor, files)


def check(url: str, asked: Asked, mark: bytes) -> None:
    """See that a page comes, and is the one that was asked for. Raises CannotMeasure."""
    headers = {"Host": asked.host, "Cookie": asked.cookie}
    request = urllib.request.Request(url + asked.path, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            came = mark in answer.read() and answer.status == 200
    except OSError as error:
        raise CannotMeasure(f"{asked.path} did not answer: {error}") from error
    if not came:
        raise CannotMeasure(f"{asked.path} did not answer with the page that was asked for")


def run(at: Pair, pages: Sequence[str], rounds: int, seconds: int) -> dict[str, Measured]:
    """Measure the floor and `pages`, `rounds` times, each page between two loads of the floor: a machine that slows
    down, or comes free, meanwhile is then slow or fast for both."""
    found = {page: Measured() for page in ("floor", *pages)}

    def floor() -> Answered:
        answered, cpu = at.measure("floor", seconds)
        found["floor"].add(answered, cpu)
        return answered

    for _ in range(rounds):
        before = floor()
        for page in pages:
            answered, cpu = at.measure(page, seconds)
            after = floor()
            found[page].add(answered, cpu, before, after)
            before = after
    return found


@contextmanager
def writing(world: World, portal: Served) -> Iterator[dict[str, float]]:
    """Let another process write every second meanwhile; what it saw is given when the block is left.

    Raises CannotMeasure where a page did not show what had been written."""
    tenant_id = data.tenant_id(world.app.extensions["postigo"].engine)
    readers = [(reader.record_id, reader.cookie) for reader in world.readers]
    orders = Orders(world.settings.database_url, portal.url, data.HOST, tenant_id, readers)
    command = [sys.executable, "-m", "bench.writer"]
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, text=True, **piped)
    assert process.stdin is not None
    process.stdin.write(orders_line(orders))
    process.stdin.flush()
    seen: dict[str, float] = {}
    began = time.monotonic()
    try:
        yield seen
    finally:
        said, errors = process.communicate(timeout=60)
    if process.returncode:
        raise CannotMeasure(f"the writer failed: {errors.strip()[-500:]}")
    seen.update(json.loads(said), seconds=round(time.monotonic() - began, 1))
