"""One viewer's whole view of the world, compared with the oracle: every exit, one verdict for each record."""

import random
from dataclasses import dataclass, field
from typing import Any

from core.db.model import Model
from tests.nightly import NIGHTLY
from tests.visibility.oracle import RECORDS, TABLES, Row, read_tables
from tests.worlds.world import World


@dataclass(frozen=True)
class Exits:
    """The addresses at which a module's records come out."""

    module: str
    resource: str
    #: the column that lists are filtered by, and some of what stands in it
    filtered: str
    states: tuple[str, ...]
    #: the columns in which the module's own search, and that over all modules, look
    searched: tuple[str, ...]
    #: whether records are talked about, and whether lists can be narrowed to an account or a site
    talks: bool = True
    owned: bool = True

    @property
    def portal(self) -> str:
        """Where clients find them, one by one below."""
        return f"/portal/{self.module}/"

    @property
    def listing(self) -> str:
        """The list for clients."""
        return f"/portal/{self.module}/{self.resource}/"

    @property
    def staff(self) -> str:
        """Where staff find them, one by one below."""
        return f"/staff/records/{self.module}/"

    @property
    def staffs_listing(self) -> str:
        """The list for staff."""
        return f"/staff/records/{self.module}/{self.resource}/"

    @property
    def api(self) -> str:
        """Where programs find them, one by one below."""
        return f"/api/v1/{self.module}/{self.resource}/"

    @property
    def csv(self) -> str:
        """The export of a list, below either side's."""
        return f"{self.resource}/export.csv"

    @property
    def number(self) -> str:
        """The column that begins each line of the export."""
        return self.searched[0]


def _exits(name: str, filtered: str, states: str, searched: str, talks: bool = True, owned: bool = True) -> Exits:
    return Exits(*name.split("."), filtered, tuple(states.split()), tuple(searched.split()), talks, owned)


#: what a search finds some records by
WORDS = ("alpha", "gamma", "north", "only", "nobody", "one", "two", "beta")
INVOICES = _exits("invoices.invoice", "status", "pending overdue paid cancelled", "number reference", talks=False)
CASES = _exits("cases.case", "state", "open in_progress waiting closed", "number subject description")
OTHERS = (
    _exits("quotes.quote", "status", "sent accepted declined withdrawn", "number subject reference note"),
    _exits("orders.order", "status", "confirmed in_delivery delivered cancelled", "number reference note"),
    _exits("contracts.contract", "status", "offered active suspended ended", "number title coverage reference"),
    _exits("projects.project", "status", "planned active on_hold done", "number title description"),
    _exits(
        "assets.asset", "state", "in_service out_of_order in_repair", "number name category maker model serial_number"
    ),
    _exits("knowledge_base.article", "language", "en es", "title body", talks=False, owned=False),
)
MODULES = (INVOICES, CASES, *OTHERS)
#: in which columns of which tables the search over all modules looks
SEARCHED = {RECORDS[each.module]: each.searched for each in MODULES} | {"knowledge_base_category": ("title",)}
#: at so many of them each looks, in an ordinary run
SOME = len(MODULES) if NIGHTLY else 4
#: every class of the product's that has a table
CLASSES: tuple[Any, ...] = tuple(
    mapper.class_
    for mapper in sorted(Model.registry.mappers, key=lambda mapper: mapper.class_.__tablename__)
    if mapper.class_.__module__.partition(".")[0] in ("core", "plugins") and hasattr(mapper.class_, "id")
)


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
        names = {*TABLES, *(cls.__tablename__ for cls in CLASSES)}
        self.tables = read_tables(self.world.database.owner_url, names)
        self.records: dict[str, dict[int, Row]] = {
            module: {row["id"]: row for row in self.tables[table]} for module, table in RECORDS.items()
        }
        self.random = random.Random(self.seed)

    def modules(self) -> tuple[Exits, ...]:
        """The modules that one viewer looks at: by turns, as the seed says."""
        return tuple(self.random.sample(MODULES, SOME))

    def sample(self, ids: set[int], size: int) -> list[int]:
        """Some of the ids; which ones, the seed says."""
        return self.random.sample(sorted(ids), min(size, len(ids)))
