"""One viewer's whole view of the world, compared with the oracle: every exit, one verdict for each record."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.access.models import LoginSession
from core.crm.models import Account, Contact, Membership, Site, Staff, Tenant
from core.db.record import Record
from core.db.session import open_session
from core.db.viewer import system
from core.files.models import File
from core.i18n import today_in
from core.modules.models import ModuleScope, Switch
from core.modules.reach import sight_of
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from tests.visibility.exits import choices, figures, listed, listed_as_csv, listed_as_json
from tests.visibility.oracle import Oracle, Row, read_tables
from tests.worlds.world import Browser, Tenancy, World

PORTAL, STAFF, API = "/portal/invoices/", "/staff/records/invoices/", "/api/v1/invoices/invoice/"
CSV = "invoice/export.csv"
MODELS: tuple[Any, ...] = (Tenant, Account, Site, Contact, Membership, Staff, Switch, ModuleScope, LoginSession)
MODELS += (Record, File, Invoice, Line, Allocation, Payment)
_STATES = ("pending", "overdue", "paid", "cancelled")


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
        self.invoices: dict[int, Row] = {row["id"]: row for row in self.tables["invoices_invoice"]}
        self.random = random.Random(self.seed)

    def sample(self, ids: set[int], size: int) -> list[int]:
        """Some of the ids; which ones, the seed says."""
        return self.random.sample(sorted(ids), min(size, len(ids)))

    def everybody(self) -> None:
        """Every viewer of both tenants, and some of their lists and records."""
        for tenancy in self.world.tenancies.values():
            for kind in tenancy.people:
                _Contact(self, tenancy, kind).look()
            _others(self, tenancy)

    def until_one_differs(self) -> None:
        """Viewer after viewer, as far as the first difference."""
        for tenancy in reversed(self.world.tenancies.values()):
            _others(self, tenancy)
            for kind in reversed(tenancy.people):
                if self.said.differences:
                    return
                _Contact(self, tenancy, kind).look()

    def some(self, contacts: int) -> None:
        """So many contacts of either tenant; now and then the staff and a visitor."""
        every = [(tenancy, kind) for tenancy in self.world.tenancies.values() for kind in tenancy.people]
        for tenancy, kind in self.random.sample(every, contacts):
            _Contact(self, tenancy, kind).look()
        if self.random.random() < 1 / 4:
            _others(self, self.world.tenancies[self.random.choice(("one", "two"))])


class _Contact:
    def __init__(self, look: Look, tenancy: Tenancy, kind: str) -> None:
        self.look_, self.said, self.name = look, look.said, f"{tenancy.slug}/{kind}"
        self.oracle = Oracle(look.tables, tenancy.people[kind], today_in("Europe/Madrid"))
        self.seen = self.oracle.invoices()
        self.browser = look.world.contact(kind, tenancy.slug)
        self.tenancy, self.kind = tenancy, kind

    def look(self) -> None:
        """Compare each exit of this contact."""
        home = self.browser.get("/portal/")
        self.said.compare(self.name, "home", 200 if self.oracle.enters() else 303, home.status_code)
        if not self.oracle.enters():
            self.look_.world.sign_out(self.kind, self.tenancy.slug)
            return
        self._figures(home.get_data(as_text=True))
        if not self.oracle.opens():
            for path in (PORTAL, f"{PORTAL}{CSV}", API):
                self.said.compare(self.name, f"gate {path}", 404, self.browser.get(path).status_code)
        else:
            self._places(self._list({}, set(self.seen)))
            for params, expected in self.look_.random.sample(list(self._narrowed()), 2):
                self._list(params, expected)
        self._details()
        self._statements()

    def _statements(self) -> None:
        """What a module's own statements give in this contact's session, class by class."""
        viewer = self.oracle.contact_id
        with open_session(self.look_.world.engine, system(self.tenancy.id)) as session:
            sight, _ = sight_of(session, self.look_.world.registry, viewer)
        with open_session(self.look_.world.engine, sight) as session:
            for cls in MODELS:
                got = tuple(session.scalars(select(cls.id)))
                expected = self.oracle.rows_of(cls.__tablename__)
                every = {row["id"] for row in self.look_.tables[cls.__tablename__]}
                self.said.compare_ids(self.name, f"select {cls.__name__}", every, expected, got)

    def _figures(self, page: str) -> None:
        """What is due and overdue, in the dashboard's box. A credit may stand beside; only what is due counts."""
        shown = list(figures(page))
        for currency, (due, overdue) in self.oracle.due().items():
            self.said.compare(self.name, f"due {currency}", True, (currency, due) in shown)
            self.said.compare(self.name, f"overdue {currency}", True, not overdue or (currency, overdue) in shown)
        allowed = {(currency, amount) for currency, amounts in self.oracle.due().items() for amount in amounts}
        self.said.compare(self.name, "figures of others", set(), set(shown) - allowed)

    def _narrowed(self) -> Iterator[tuple[dict[str, Any], set[int] | None]]:
        """Questions to the list, and the ids that each must give; None where it must not be there."""
        seen, random_ = self.seen, self.look_.random
        yield {"mine": 1}, {i for i, row in seen.items() if row["contact_id"] == self.oracle.contact_id}
        state = random_.choice(_STATES)
        yield {"status": state}, {i for i, row in seen.items() if self.oracle.state(row) == state}
        word = random_.choice(("alpha", "F-01", "only", "a1", "gamma", "two"))
        yield (
            {"q": word},
            {i for i, row in seen.items() if word.lower() in f"{row['number']} {row['reference']}".lower()},
        )
        for name, reached in (("account", self.oracle.account_choices()), ("site", self.oracle.site_choices())):
            every = {row["id"] for row in self.look_.tables[name]}
            for id_ in self.look_.sample(reached, 1) + self.look_.sample(every - reached, 1):
                within = {i for i, row in seen.items() if row[f"{name}_id"] == id_}
                yield {name: id_}, within if id_ in reached else None

    def _list(self, params: dict[str, Any], expected: set[int] | None) -> str:
        got = listed(self.browser, PORTAL, **params)
        self.said.compare(self.name, f"list {params}", 404 if expected is None else 200, got.status)
        if expected is not None:
            self.said.compare_ids(self.name, f"list {params}", set(self.look_.invoices), expected, got.ids)
            self.said.compare(self.name, f"count {params}", str(len(expected)), got.count)
        self._other_lists(params, expected)
        return got.page

    def _other_lists(self, params: dict[str, Any], expected: set[int] | None) -> None:
        """The same list for programs and for spreadsheets."""
        status, every = 404 if expected is None else 200, set(self.look_.invoices)
        got = listed_as_json(self.browser, API, **params)
        self.said.compare(self.name, f"JSON {params}", status, got.status)
        self.said.compare_ids(self.name, f"JSON {params}", every, expected or set(), got.ids)
        self.said.compare(self.name, f"JSON count {params}", str(len(expected or ())), got.count)
        numbers = sorted(self.look_.invoices[id_]["number"] for id_ in expected or ())
        got_csv = listed_as_csv(self.browser, f"{PORTAL}{CSV}", **params)
        self.said.compare(self.name, f"CSV {params}", (status, numbers), got_csv)

    def _details(self) -> None:
        look, seen = self.look_, set(self.seen)
        for id_ in look.sample(seen, 2) + look.sample(set(look.invoices) - seen, 2):
            status = self.browser.get(f"{PORTAL}{id_}").status_code
            self.said.compare(self.name, f"detail {id_}", 200 if id_ in seen else 404, status)
            status = self.browser.get(f"{API}{id_}").status_code
            self.said.compare(self.name, f"JSON detail {id_}", 200 if id_ in seen else 404, status)
        files = {row["id"]: row["parent_id"] for row in look.tables["file"]}
        theirs = {id_ for id_, parent in files.items() if parent in seen}
        for id_ in look.sample(theirs, 1) + look.sample(set(files) - theirs, 1):
            query = look.random.choice(("", "?download=1"))
            answer = self.browser.get(f"{PORTAL}{files[id_]}/files/{id_}{query}")
            self.said.compare(self.name, f"file {id_}{query}", 200 if id_ in theirs else 404, answer.status_code)

    def _places(self, page: str) -> None:
        """The selectors on top of a list: offered where there is a choice, and exactly what is reached."""
        for name, reached in (("account", self.oracle.account_choices()), ("site", self.oracle.site_choices())):
            expected = reached if len(reached) > 1 else set()
            self.said.compare(self.name, f"selector {name}", expected, choices(page, name))


def _others(look: Look, tenancy: Tenancy) -> None:
    _staff(look, tenancy)
    _visitor(look, tenancy)


def _staff(look: Look, tenancy: Tenancy) -> None:
    """Staff see everything of their tenant, drafts included, and nothing of another's."""
    browser, name = look.world.staff(tenancy.slug), f"{tenancy.slug}/staff"
    own = {i for i, row in look.invoices.items() if row["tenant_id"] == tenancy.id}
    got = listed(browser, STAFF)
    look.said.compare_ids(name, "list", set(look.invoices), own, got.ids)
    look.said.compare(name, "count", str(len(own)), got.count)
    look.said.compare_ids(name, "JSON", set(look.invoices), own, listed_as_json(browser, API).ids)
    numbers = sorted(look.invoices[id_]["number"] for id_ in own)
    look.said.compare(name, "CSV", (200, numbers), listed_as_csv(browser, f"{STAFF}{CSV}"))
    look.said.compare(name, "portal", 303, browser.get("/portal/").status_code)
    for id_ in look.sample(own, 3) + look.sample(set(look.invoices) - own, 3):
        status = browser.get(f"{STAFF}{id_}").status_code
        look.said.compare(name, f"detail {id_}", 200 if id_ in own else 404, status)
        status = browser.get(f"{API}{id_}").status_code
        look.said.compare(name, f"JSON detail {id_}", 200 if id_ in own else 404, status)


def _visitor(look: Look, tenancy: Tenancy) -> None:
    """A visitor is led to sign-in, and a program told to, whatever they ask for."""
    browser: Browser = look.world.visitor(tenancy.slug)
    ids = look.sample(set(look.invoices), 3)
    pages = ("/portal/", PORTAL, f"{PORTAL}{CSV}", *(f"{PORTAL}{i}" for i in ids), *(f"{STAFF}{i}" for i in ids))
    for path in pages:
        answer = browser.get(path)
        look.said.compare(
            f"{tenancy.slug}/visitor", path, (303, True), (answer.status_code, "/login" in answer.location)
        )
    for path in (API, *(f"{API}{i}" for i in ids)):
        look.said.compare(f"{tenancy.slug}/visitor", path, 401, browser.get(path).status_code)
