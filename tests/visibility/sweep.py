"""One viewer's whole view of the world, compared with the oracle: every exit, one verdict for each record."""

import random
from dataclasses import dataclass, field
from typing import Any

from tests.visibility.oracle import RECORDS, Row, read_tables
from tests.worlds.world import World


@dataclass(frozen=True)
class Exits:
    """The addresses at which a module's records come out."""

    module: str
    portal: str
    staff: str
    api: str
    csv: str
    states: tuple[str, ...]
    #: what a search finds some records by, and the columns in which it looks
    words: tuple[str, ...]
    searched: tuple[str, ...]


def _exits(module: str, resource: str, states: str, words: str, searched: str) -> Exits:
    return Exits(
        module,
        f"/portal/{module}/",
        f"/staff/records/{module}/",
        f"/api/v1/{module}/{resource}/",
        f"{resource}/export.csv",
        *(tuple(each.split()) for each in (states, words, searched)),
    )


INVOICES = _exits(
    "invoices", "invoice", "pending overdue paid cancelled", "alpha F-01 only a1 gamma two", "number reference"
)
CASES = _exits(
    "cases", "case", "open in_progress waiting closed", "alpha C- only a1 gamma two", "number subject description"
)
MODULES = (INVOICES, CASES)


@dataclass
class Verdicts:
    """How many comparisons there were, and those that differed: (viewer, exit, expected, got)."""

    count: int = 0
    differences: list[tuple[str, str, Any, Any]] = field(default_factory=list)

    def compare(self, viewer: str, exit_: str, expected: Any, got: Any) -> None:
        """One verdict on one thing."""
        self.count += 1
        if expected != got:
            self.differences.append((viewer, exit_, expected, got))

    def compare_ids(self, viewer: str, exit_: str, all_ids: set[int], expected: set[int], got: tuple[int, ...]) -> None:
        """One verdict on each record: whether it is in a list. A row that is there twice is a difference."""
        self.count += len(all_ids)
        for id_ in sorted(expected ^ set(got)):
            self.differences.append((viewer, f"{exit_} id {id_}", id_ in expected, id_ in got))
        if len(set(got)) != len(got):
            self.differences.append((viewer, f"{exit_} repeats", len(set(got)), len(got)))


@dataclass
class Look:
    """What a sweep works with: the world, its rows as they are, and where verdicts go."""

    world: World
    said: Verdicts
    seed: str = ""

    def __post_init__(self) -> None:
        self.world.sign_everybody_in()  # before the rows are read: a sign-in is a row too
        self.tables = read_tables(self.world.database.owner_url)
        self.records: dict[str, dict[int, Row]] = {
            module: {row["id"]: row for row in self.tables[table]} for module, table in RECORDS.items()
        }
        self.random = random.Random(self.seed)

    def sample(self, ids: set[int], size: int) -> list[int]:
        """Some of the ids; which ones, the seed says."""
        return self.random.sample(sorted(ids), min(size, len(ids)))
