"""One run of the bench: which pieces, for how long, and what each is held against."""

import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import (
    assets,
    data,
    documents,
    eight,
    imports,
    mails,
    memory,
    opening,
    rounds,
    search,
    statements,
    visibility,
)
from bench.load import CannotMeasure
from bench.report import TITLES, Report
from bench.rounds import Measured, Pair
from bench.worlds import Databases, World, databases_of, world
from tests.postgres import NoServer

SMALL, LARGE = data.Size(20_000), data.Size(1_000_000)
WITH_CASES = data.Size(20_000, cases=True)
#: page -> the part of the floor that it must reach, by database
PARTS = {
    "list": {"sqlite": 0.4, "postgresql": 0.5},
    "detail": {"sqlite": 0.4, "postgresql": 0.5},
    "stored PDF": {"sqlite": 0.4, "postgresql": 0.5},
    "dashboard": {"sqlite": 0.3, "postgresql": 0.45},
}
CASE_PARTS = {page: {"sqlite": 0.4, "postgresql": 0.5} for page in rounds.CASE_PAGES}
#: what opening a case may take, of what a page of the floor does: on SQLite, where readers and writers share a file
OPENING_OF_FLOOR = 10.0
#: what of the floor the dashboard must reach with every module on
EIGHT_PARTS = {"sqlite": 0.2, "postgresql": 0.3}
FLOOR_OF_HELLO = {"sqlite": 0.25, "postgresql": 0.12}
PIECES = (
    *PARTS,
    *CASE_PARTS,
    "opening",
    "eight modules",
    "documents",
    "memory",
    "visibility",
    "large",
    "mails",
    "search",
    "assets",
    "import",
)
P95_OF_FLOOR = 3.0
#: what may be added by a million rows, and by the wall
ADDED = 1.1
MEGABYTES = 80.0
PDFS_PER_SECOND = 100
LINES_PER_SECOND = 5_000
SECONDS_FOR_MAILS = 20
MILLISECONDS_FOR_SEARCH = 60.0
#: what the database may take for a list of tens of thousands of one account in any order but its own
MILLISECONDS_FOR_A_LIST = 50.0


@dataclass(frozen=True)
class Plan:
    """What is measured: pieces on databases, in so many rounds of so many seconds; `times` is how often
    each reader asks where one process is both sides."""

    databases: Sequence[str]
    pieces: Sequence[str]
    rounds: int = 5
    seconds: int = 2
    times: int = 5
    report: Report = field(default_factory=Report)

    def run(self, folder: Path) -> Report:
        """Measure everything, with files in `folder`; what cannot be measured is reported as such."""
        for name in self.databases:
            with self._piece("the database", name), databases_of(name, folder) as databases:
                self._on(name, databases, folder)
        if "import" in self.pieces and "sqlite" in self.databases:
            with self._piece("import of online-retail", "sqlite"):
                seen = imports.lines_per_second(folder)
                self.report.at_least("import of online-retail, lines a second", "sqlite", LINES_PER_SECOND, seen)
        return self.report

    def _on(self, name: str, databases: Databases, folder: Path) -> None:
        """All pieces that belong to one kind of database."""
        if "mails" in self.pieces:
            with self._piece("mails", name):
                took = mails.seconds(databases, folder, name)
                self.report.at_most("1,000 mails handed over by two workers", name, SECONDS_FOR_MAILS, took, " s")
        if "assets" in self.pieces:
            with self._piece("assets", name):
                self._assets(name, databases, folder)
        if "search" in self.pieces:
            with self._piece("search", name):
                self._search(name, databases, folder)
        if {*CASE_PARTS, "opening", "eight modules"} & set(self.pieces):
            with world(databases, folder, WITH_CASES) as busy:
                self._busy(busy, folder)
        if not set(self.pieces) - {"mails", "search", "assets", "import", "opening", "eight modules", *CASE_PARTS}:
            return
        with world(databases, folder, SMALL) as small:
            pages = [page for page in PARTS if page in self.pieces]
            if pages or {"documents", "memory"} & set(self.pieces):
                with self._piece("pages", small.name), rounds.opened(small, folder) as at:
                    self._served(small, at, pages)
            if "visibility" in self.pieces:
                with self._piece("visibility", small.name):
                    self._visibility(small)
            if "large" in self.pieces:
                with self._piece("a million invoices", small.name), world(databases, folder, LARGE) as large:
                    self._large(small, large)

    def _assets(self, name: str, databases: Databases, folder: Path) -> None:
        (few, many), lists = assets.compare(databases, folder, self.times)
        self.report.at_most("list of 35,042 assets, of that of 300", name, ADDED, many / few)
        slowest = max(lists, key=lambda asked: lists[asked])
        self.report.at_most(
            "the same, sorted or filtered otherwise", name, MILLISECONDS_FOR_A_LIST, lists[slowest], " ms"
        )
        said = f"Lists of assets: {few:.2f} and {many:.2f} ms a page; the slowest otherwise is {slowest}."
        self.report.note(name, said)

    def _search(self, name: str, databases: Databases, folder: Path) -> None:
        took, middle = search.milliseconds(databases, folder, name, self.times)
        self.report.at_most("p95 of a search among 100,000 records", name, MILLISECONDS_FOR_SEARCH, took, " ms")
        each = "; ".join(f"“{typed}” ({search.TYPED[typed]}) {one:.1f}" for typed, one in middle.items())
        self.report.note(name, f"Searches, in ms: {each}.")

    def _eight(self, busy: World, folder: Path) -> None:
        eight.fill(busy)
        with rounds.opened(busy, folder) as at:
            middle = rounds.run(at, ["dashboard"], self.rounds, self.seconds)["dashboard"].middle()
            what = "dashboard with every module on, of the floor"
            self.report.at_least(what, busy.name, EIGHT_PARTS[busy.name], middle["of_floor"])
            for page, ratio in eight.compare(busy, at, self.rounds, self.seconds).items():
                self.report.at_most(f"{page} beside seven modules, of beside one", busy.name, ADDED, ratio)

    def _busy(self, busy: World, folder: Path) -> None:
        """What is asked of a world with cases. All modules come last: they add rows."""
        if {*CASE_PARTS, "opening"} & set(self.pieces):
            with self._piece("cases", busy.name):
                self._cases(busy, folder)
        if "eight modules" in self.pieces:
            with self._piece("eight modules", busy.name):
                self._eight(busy, folder)

    def _cases(self, busy: World, folder: Path) -> None:
        """Pages of cases, and opening one meanwhile."""
        pages = [page for page in CASE_PARTS if page in self.pieces]
        with rounds.opened(busy, folder) as at:
            if pages:
                found = rounds.run(at, pages, self.rounds, self.seconds)
                for page in pages:
                    middle = found[page].middle()
                    self.report.pages.setdefault(busy.name, {})[page] = middle
                    bound = CASE_PARTS[page][busy.name]
                    self.report.at_least(f"{page}, of the floor", busy.name, bound, middle["of_floor"])
            if "opening" in self.pieces:
                took, floor, count = opening.compare(busy, at, self.rounds, self.seconds)
                what = "p95 of opening a case with a file, of the floor's pages"
                if busy.name == "sqlite":
                    self.report.at_most(what, busy.name, OPENING_OF_FLOOR, took / floor)
                said = f"{count} cases were opened while lists were read; 95 of a hundred took {took:.0f} ms at most."
                self.report.note(busy.name, said)

    def _served(self, small: World, at: Pair, pages: Sequence[str]) -> None:
        with rounds.writing(small, at.portal) as seen:
            if pages:
                self._pages(small.name, rounds.run(at, ["hello", *pages], self.rounds, self.seconds))
            if "documents" in self.pieces:
                with self._piece("documents", small.name):
                    self._documents(small, at)
            if "memory" in self.pieces:
                with self._piece("memory", small.name):
                    self._memory(small.name, at)
        said = "{writes} writes in {seconds:.0f} s, each shown by list and detail right after, in {slowest} s at most."
        self.report.note(small.name, said.format(**seen))

    def _pages(self, name: str, found: dict[str, Measured]) -> None:
        middle = {page: measured.middle() for page, measured in found.items()}
        self.report.pages.setdefault(name, {}).update(middle)
        # Of hello, the floor's part is asked and not the other way round.
        self.report.at_least("floor, of a bare hello", name, FLOOR_OF_HELLO[name], 1 / middle["hello"]["of_floor"])
        for page in PARTS:
            if page in middle:
                self.report.at_least(f"{page}, of the floor", name, PARTS[page][name], middle[page]["of_floor"])
        for page in PARTS:
            if page in middle:
                seen = middle[page]["p95_of_floor"]
                self.report.at_most(f"p95 of {page}, of the floor's", name, P95_OF_FLOOR, seen)

    def _documents(self, small: World, at: Pair) -> None:
        served = documents.served_per_second(at, self.rounds, self.seconds)
        self.report.at_least("PDFs of 20 lines made anew, a second, served", small.name, PDFS_PER_SECOND, served)
        made = documents.made_per_second(small, self.seconds)
        self.report.at_least("the same by two threads of one process", small.name, PDFS_PER_SECOND, made)

    def _memory(self, name: str, at: Pair) -> None:
        floor, first, later = memory.measure(at)
        self.report.at_most("a serving process over the floor's", name, MEGABYTES, later - floor, " MB")
        self.report.at_most("its growth after 10,000 requests", name, memory.TOLERANCE, later - first, " MB")
        self.report.note(name, f"A serving process: {later:.0f} MB, the floor's {floor:.0f} MB (proportional).")

    def _visibility(self, small: World) -> None:
        by_hand, through = visibility.compare(small, self.times)
        self.report.at_most("the wall, of a WHERE by hand", small.name, ADDED, through / by_hand)
        self.report.note(small.name, f"A list's statement: {through:.2f} ms through the wall, {by_hand:.2f} by hand.")

    def _large(self, small: World, large: World) -> None:
        for page, (few, many) in statements.compare(small, large, self.times).items():
            what = f"database time of {page} among 1,000,000, of that among 20,000"
            self.report.at_most(what, small.name, ADDED, many / few)
            self.report.note(small.name, f"Statements of {page}: {few:.2f} and {many:.2f} ms.")

    @contextmanager
    def _piece(self, what: str, name: str) -> Iterator[None]:
        """Say what is measured now; where it cannot be, report that and go on with the next."""
        print(f"bench: {TITLES[name]}, {what} ...", file=sys.stderr, flush=True)
        began = time.monotonic()
        try:
            yield
        except (CannotMeasure, NoServer) as error:
            self.report.missing(what, name, str(error))
        except Exception as error:  # noqa: BLE001 - what was measured before is worth a quarter of an hour
            traceback.print_exc()
            self.report.missing(what, name, f"{type(error).__name__}")
        print(f"bench: {TITLES[name]}, {what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
