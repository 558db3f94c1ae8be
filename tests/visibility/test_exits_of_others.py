"""What staff hide of quotes, orders, contracts, projects, assets and articles is on no exit of theirs, whichever field
it is; and what they show is. `test_exits_of_fields` and `test_exits_of_cases` look so at invoices and cases.

What each field says is read from the API while all is shown; it must be nowhere once the field is hidden. An ordinary
run hides a fifth of the fields at a time, NIGHTLY=1 each by itself as well."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.crm.models import Account, Site, Staff
from core.db.flags import FieldFlags, Flags
from core.db.session import WalledSession
from core.modules.flags import save_flags
from core.modules.switches import set_switch
from core.records.links import link
from core.records.resource import Child, Resource
from plugins.cases.models import Case
from plugins.knowledge_base.models import Category
from plugins.projects.models import Task
from tests.databases import KINDS, PostgresDatabases, SqliteDatabases
from tests.nightly import NIGHTLY, by_turns
from tests.visibility.canaries import release
from tests.visibility.filled import filled, marks_of, names_of
from tests.visibility.test_exits_of_fields import said
from tests.worlds.world import World, bare

#: module -> its resource, and what the canaries' rows hold that is not made up
SWEPT: dict[str, tuple[str, dict[str, Any]]] = {
    "quotes": ("quote", {"status": "withdrawn"}),
    "orders": ("order", {"status": "in_delivery"}),
    "contracts": ("contract", {"status": "suspended", "renewal": "agreed"}),
    "projects": ("project", {"status": "on_hold"}),
    "assets": ("asset", {"state": "in_repair", "kind": "licence"}),
    "knowledge_base": ("article", {"state": "published", "language": "en"}),
}
#: the same of rows of their child tables
CHILDREN: dict[str, dict[str, Any]] = {
    "contracts.lines": {"position": 4007, "counted": True},
    "contracts.uses": {"line": 4007},
    "knowledge_base.revisions": {"title": "canary of a revision", "body": "canary of a revision"},
}
#: which nobody sees but staff, whatever they show
NEVER = "canary of a revision"
#: fields that name another record, which is met by itself wherever no single one is told of
NAMING = {"unit_id", "category_id"}
#: fields that say no more than yes or no
SILENT = {"lines.optional", "tasks.published", "milestones.published"}
PARTS = 5
#: an exit says something of each field that is shown: on the record's page, and to programs
_FULL = ("/portal/{module}/{id}", "/api/v1/{module}/{resource}/{id}")
EXITS = (
    "/portal/", "/portal/{module}/", "/portal/{module}/{resource}/", *_FULL, "/portal/{module}/{resource}/export.csv",
    "/api/v1/{module}/{resource}/", "/portal/search?q=canary", "/api/v1/search?q=canary", "/portal/cases/{case}",
    "/api/v1/cases/case/{case}",
)  # fmt: skip
#: of some modules alone
MORE: dict[str, tuple[str, ...]] = {
    "quotes": ("/portal/quotes/{id}/document", "/portal/quotes/quote/documents.zip"),
    "orders": ("/portal/orders/{id}/document", "/portal/orders/order/documents.zip"),
    "contracts": ("/portal/contracts/{id}/document", "/portal/cases/case/do/open?about={id}"),
    "projects": ("/portal/cases/case/do/open?about={id}",),
    "assets": ("/portal/assets/{other}", "/portal/cases/case/do/open?about={id}"),
    "knowledge_base": ("/portal/knowledge_base/{other}", "/portal/cases/case/do/open/answers?text=canary"),
}


@dataclass
class Cage:
    """The canaries of all modules: of each its record, and another that has to do with it."""

    world: World
    records: dict[str, dict[str, int]] = field(default_factory=dict)
    #: what each field of a module says, once it was found where it must be
    marks: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def resource(self, module: str) -> Resource:
        """The resource of a module that is looked at."""
        found = self.world.registry.resource(module, SWEPT[module][0])
        assert found is not None
        return found

    def show(self, module: str, hidden: set[str]) -> None:
        """Hide these fields, and show all others."""
        resource = self.resource(module)
        names = {*names_of(resource), *(child.name for child in resource.children)}
        flags = FieldFlags(tuple((name, Flags(seen=name not in hidden)) for name in sorted(names)))
        with self.world.writing() as session:
            save_flags(session, module, resource.name, flags)

    def texts(self, module: str) -> dict[str, str]:
        """What each exit says to the reader."""
        browser, known = self.world.contact("reader"), {"module": module, "resource": SWEPT[module][0]}
        found = {}
        for path in (*EXITS, *MORE.get(module, ())):
            answer = browser.get(path.format(**known, **self.records[module]), buffered=True)
            assert answer.status_code == 200, (path, answer.status_code)
            found[path] = said(answer)
        return found

    def body(self, module: str) -> Any:
        """The record as a program is told of it."""
        path = _FULL[1].format(module=module, resource=SWEPT[module][0], **self.records[module])
        return self.world.contact("reader").get(path).json


@pytest.fixture(scope="module")
def cage(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cage]:
    """A record of each module that says something of its own in every field; papers are made as the data that they
    would say."""
    home = Path(tmp_path_factory.mktemp("home"))
    with databases.fresh() as database, bare(database, home) as world, pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.records.document.make_pdf", lambda template, data: json.dumps(data, default=str).encode())
        birds, made = release(world), Cage(world)
        with world.writing() as session:
            keeper = Staff(name="Keeper of Canaries", email="keeper@example.com", email_key="keeper@example.com")
            session.add(keeper)
            session.flush()
            place = {"account_id": birds.account, "contact_id": world.one.people["reader"], "assignee_id": keeper.id}
            place["site_id"] = session.scalars(select(Site.id).where(Site.account_id == birds.account)).one()
            for module in (*SWEPT, "cases"):
                set_switch(session, world.registry, module, "tenant", world.one.id, True)
            for module in SWEPT:
                made.records[module] = _record(session, made.resource(module), place)
        yield made


def _record(session: WalledSession, resource: Resource, place: dict[str, int]) -> dict[str, int]:
    """A record with its parts, another beside it, and a case about it."""
    model: Any = resource.model
    module, columns = model.portal_module, set(model.__mapper__.columns.keys())
    given = {**SWEPT[module][1], **{name: value for name, value in place.items() if name in columns}}
    start = 100 * list(SWEPT).index(module)
    elsewhere = session.scalars(select(Account.id).where(Account.name == "Other")).one()
    case = Case(number="plain", subject="plain", account_id=elsewhere)
    session.add(case)
    given |= _beside(session, module)
    row, other = (model(**filled(model, resource.fields, n, **given)) for n in (start, start + 41))
    session.add(row)
    session.flush()
    session.add(other)
    session.flush()
    children = {
        child.name: _child(module, child, row.id, start + 20 * n) for n, child in enumerate(resource.children, 3)
    }
    session.add_all(children.values())
    session.flush()
    if module == "assets":
        row.unit_id = other.id
    if module == "projects":
        session.add(whole := Task(parent_id=row.id, title="canary of a whole", progress=4008))
        session.flush()
        children["tasks"].within_id = whole.id
    link(session, case.id, row.id, "about")
    return {"id": row.id, "other": other.id, "case": case.id}


def _child(module: str, child: Child, record_id: int, n: int) -> Any:
    given = CHILDREN.get(f"{module}.{child.name}", {})
    return child.model(parent_id=record_id, **filled(child.model, child.fields, n, **given))


def _beside(session: WalledSession, module: str) -> dict[str, int]:
    if module != "knowledge_base":
        return {}
    category = Category(title="canary of category")
    session.add(category)
    session.flush()
    return {"category_id": category.id}


def hiding(names: list[str], kind: str) -> Iterator[set[str]]:
    """What is hidden at once: every fifth field, each such part on one of the databases by turns."""
    for part in range(PARTS):
        if kind in by_turns(KINDS, part):
            yield set(names[part::PARTS])
    yield from ({name} for name in names if NIGHTLY)


def stands(mark: str, text: str) -> bool:
    """Whether an exit says it: as a whole, and not as a piece of another number."""
    return re.search(rf"(?<![\w-])(?<!\d\.){re.escape(mark)}(?![\w-]|\.\d)", text) is not None


def leaks(cage: Cage, module: str, hidden: set[str]) -> list[tuple[str, str]]:
    """Which exits say something of a hidden field: what it holds, beside what others hold or are called."""
    marks = cage.marks[module]
    cage.show(module, hidden)
    body, resource = cage.body(module), cage.resource(module)
    told = {*body["fields"], *(f"{table}.{n}" for table, rows in body["children"].items() for row in rows for n in row)}
    found = [("program", name) for name in told & hidden]
    fields = (*resource.fields, *(f for child in resource.children for f in child.fields))
    others = [text for name, texts in marks.items() if name not in hidden for text in texts]
    plain = "\n".join([*others, *(str(f.label) for f in fields)])
    own = {name: [mark for mark in marks.get(name, ()) if mark and not stands(mark, plain)] for name in hidden}
    for exit_, text in cage.texts(module).items():
        found += [(exit_, name) for name, all_own in own.items() for mark in all_own if stands(mark, text)]
    return [(exit_, name) for exit_, name in found if name not in NAMING or exit_ in ("program", *_FULL)]


def names(cage: Cage, module: str) -> list[str]:
    """The fields of a module; what they say is kept, once all of it was found where it must be."""
    all_names = names_of(cage.resource(module))
    if module not in cage.marks:
        cage.show(module, set())
        marks, loud = marks_of(cage.body(module)), cage.texts(module)
        assert set(marks) == {name for name in all_names if not name.startswith("revisions.")}
        assert [exit_ for exit_, text in loud.items() if NEVER in text] == []
        for name, exit_ in product(marks.keys() - SILENT, _FULL):
            assert any(text and stands(text, loud[exit_]) for text in marks[name]), (name, exit_)
        cage.marks[module] = marks
    return all_names


@pytest.mark.parametrize("module", SWEPT)
def test_what_is_hidden_is_on_no_exit(cage: Cage, module: str) -> None:
    for hidden in hiding(names(cage, module), cage.world.database.name):
        assert leaks(cage, module, hidden) == []


#: what would forget to ask -> a module, what is hidden there, and an exit that then says it
FORGETFUL: dict[str, tuple[str, str, str]] = {
    "core.records.detail.effective": ("orders", "note", MORE["orders"][0]),
    "core.web.export.effective": ("assets", "serial_number", "/portal/{module}/{resource}/export.csv"),
    "core.records.listing.effective": ("projects", "status", "/portal/{module}/"),
    "core.search.shown.effective": ("knowledge_base", "body", "/portal/search?q=canary"),
    "core.records.links.effective": ("contracts", "title", "/portal/cases/{case}"),
}
TURNS = [(kind, place) for turn, place in enumerate(FORGETFUL) for kind in by_turns(KINDS, turn)]


@pytest.mark.parametrize(("databases", "place"), TURNS, indirect=["databases"], scope="session")
def test_an_exit_that_forgets_to_ask_is_caught(cage: Cage, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    module, hidden, exit_ = FORGETFUL[place]
    names(cage, module)
    monkeypatch.setattr(place, lambda resource, sight: resource.fields)
    assert (exit_, hidden) in leaks(cage, module, {hidden})


def test_all_modules_are_swept(cage: Cage) -> None:
    assert {*SWEPT, "invoices", "cases"} == set(cage.world.registry.resources)
