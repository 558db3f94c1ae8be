"""Where the portal shows a field, every exit shows it, and where it does not, none does.

Each field's value is found again in what an exit says; for each state of the flags, it must be there exactly
where the reader has the field. What a route is not known to say fails: the routes come from the URL map."""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from core.db.flags import FieldFlags, Flags
from core.modules.flags import save_flags
from core.records.fields import full_name, kind_of
from core.records.resource import Field, Resource
from plugins.invoices.resources import INVOICE
from tests.databases import KINDS, PostgresDatabases, SqliteDatabases
from tests.nightly import by_turns
from tests.visibility.canaries import CANARIES, Birds, release
from tests.worlds.world import Browser, bare

#: what is seen by name; a name that is not there is as declared
State = Mapping[str, bool]
PORTAL, API = "/portal/invoices/", "/api/v1/invoices/invoice/"
OWN = CANARIES["invoices.invoice"]
CHILDREN = {name for name in OWN if "." in name}
FIELDS = set(OWN) - CHILDREN
#: what is printed on an invoice's paper
PRINTED = {
    "number", "kind", "account_id", "issued_on", "due_on", "site_id", "reference", "corrects", "net", "tax",
    "local_tax_1", "local_tax_2", "stamp", "total", "note",
    *(f"lines.{name}" for name in ("description", "quantity", "unit_price", "discount", "tax_rate", "net")),
}  # fmt: skip
LISTED = {f.name for f in INVOICE.fields if f.listed}

#: what the dashboard adds up of a field -> what the reader must have for it: the sums of an amount say when and
#: of what they are
_PER_MONTH = {"status", "issued_on", "total", "paid", "payments.paid_on", "payments.amount"}
AT_HOME = {
    "due": {"due", "due_on", "status"},
    "credit": {"due", "due_on", "status", "credit"},
    "total": _PER_MONTH,
    "paid": _PER_MONTH,
}

#: what the search looks in, and what it is asked for: the beginnings of what stands there alone
_FOUND_BY = ("number", "reference", "note")
_TYPED = tuple(f"canary+of+{name[:4]}" for name in _FOUND_BY)

#: exit -> the addresses by which it is read, and the fields of which it says something where the reader has them
EXITS: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "portal.home": (("/portal/",), set(AT_HOME)),
    "portal.module": ((PORTAL + "?account={account}",), LISTED),
    "portal.listing": ((PORTAL + "invoice/?account={account}",), LISTED),
    "portal.detail": ((PORTAL + "{record}", PORTAL + "{credit}"), FIELDS | CHILDREN),
    "portal.document": ((PORTAL + "{record}/document", PORTAL + "{credit}/document"), PRINTED),
    "portal.documents": ((PORTAL + "invoice/documents.zip?account={account}",), PRINTED),
    "portal.export": ((PORTAL + "invoice/export.csv?account={account}",), FIELDS),
    "portal.file": ((PORTAL + "{credit}/files/{file}",), set()),
    "rest.listing": ((API + "?account={account}",), FIELDS),
    "rest.detail": ((API + "{record}", API + "{credit}"), FIELDS | CHILDREN),
    "rest.files": ((API + "{record}/files", API + "{credit}/files"), set()),
    "rest.openapi": (("/api/v1/openapi.json",), set()),
    "portal.search": (tuple(f"/portal/search?q={typed}" for typed in _TYPED), {*_FOUND_BY, "status", "issued_on"}),
    "rest.search": (tuple(f"/api/v1/search?q={typed}" for typed in _TYPED), set(_FOUND_BY)),
}
#: routes that say nothing of records: the door, what is static, and actions and messages, of which invoices have none
ELSEWHERE = {
    "healthz",
    "portal.answers",
    "portal.certificate",
    "portal.act",
    "portal.begin",
    "portal.colleagues",
    "rest.messages",
    "rest.token",
}
ELSEWHERE_BEGINS = ("access.", "assets.", "staff.", "knowledge_base.")

HIDDEN_ONE_BY_ONE = [*sorted(OWN), "lines", "payments"]
STATES: dict[str, State] = {
    "declared": {},
    **{f"without {name}": {name: False} for name in HIDDEN_ONE_BY_ONE},
    "with reason": {"reason": True},
    "with contact_id": {"contact_id": True},
    "with nothing": dict.fromkeys(sorted(FIELDS - {"number"}), False) | {"lines": False, "payments": False},
}
#: each state on one database by turns, and by night on either: flags are asked before a statement is made
TURNS = [(kind, name) for turn, name in enumerate(STATES) for kind in by_turns(KINDS, turn)]


@pytest.fixture(scope="module")
def birds(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Birds]:
    """The canaries, served; papers are made as the data that they would say."""
    home = Path(tmp_path_factory.mktemp("home"))
    with databases.fresh() as database, bare(database, home) as world, pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.records.document.make_pdf", lambda template, data: json.dumps(data, default=str).encode())
        yield release(world)


def set_state(birds: Birds, state: State) -> None:
    """Set the tenant's flags to that, and all others back to what is declared."""
    flags = FieldFlags(tuple((name, Flags(seen=seen)) for name, seen in state.items()))
    with birds.world.writing() as session:
        save_flags(session, "invoices", "invoice", flags)


def seen(name: str, state: State) -> bool:
    """Whether clients have a field: said once more, as plainly as can be."""
    table, _, column = name.partition(".")
    if column:
        child = next(each for each in INVOICE.children if each.name == table)
        declared = next(f for f in child.fields if f.name == column)
        return state.get(table, child.seen) and state.get(name, declared.seen)
    field = INVOICE.field(name)
    assert field is not None
    return state.get(name, field.seen)


def said(answer: Any) -> str:
    """The text of an answer: of a page, without its forms, which offer choices, and the reader's own name."""
    if answer.mimetype == "application/zip":
        with ZipFile(io.BytesIO(answer.data)) as archive:
            return "\n".join(name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    text = answer.data.decode("utf-8", "replace")
    if answer.mimetype == "text/html":
        text = re.sub(r'<form.*?</form>|<details class="user-menu".*?</details>', "", text, flags=re.DOTALL)
        text = unescape(re.sub("</?mark>", "", text))
    return f"{text}\n{answer.headers.get('Content-Disposition', '')}"


def expected(exit_: str, name: str, state: State) -> bool:
    """Whether an exit must say something of a field."""
    if exit_ == "portal.home":
        return name in AT_HOME and all(seen(each, state) for each in AT_HOME[name])
    return name in EXITS[exit_][1] and seen(name, state)


def differences(birds: Birds, browser: Browser, state: State) -> list[tuple[str, str, str]]:
    """Where exits say more or less than they must: (exit, field, "more" or "less")."""
    set_state(birds, state)
    found = []
    for exit_, (paths, _) in EXITS.items():
        answers = [browser.get(path.format(**vars(birds)), buffered=True) for path in paths]
        assert {answer.status_code for answer in answers} == {200}, exit_
        text = "\n".join(said(answer) for answer in answers)
        for name, canaries in OWN.items():
            there = any(canary in text for canary in canaries)
            if there != expected(exit_, name, state):
                found.append((exit_, name, "more" if there else "less"))
        found += [(exit_, name, "more") for name, marks in CANARIES["invoices.payment"].items() if _any(marks, text)]
    return found


def _any(canaries: tuple[str, ...], text: str) -> bool:
    return any(canary in text for canary in canaries)


def test_every_field_of_invoices_has_a_canary(birds: Birds) -> None:
    """Those of invoices; of the others, the contract hides each field by itself."""
    for resource in birds.world.registry.resources["invoices"].values():
        names = {f.name for f in resource.fields}
        names |= {f"{child.name}.{f.name}" for child in resource.children for f in child.fields}
        assert set(CANARIES[full_name(resource)]) == names


def test_every_route_that_a_client_reaches_is_an_exit_or_says_nothing_of_records(birds: Birds) -> None:
    rules = [rule for rule in birds.world.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    known = set(EXITS) | ELSEWHERE
    assert {r.endpoint for r in rules if not r.endpoint.startswith(ELSEWHERE_BEGINS)} == known


@pytest.mark.parametrize(("databases", "name"), TURNS, indirect=["databases"], scope="session")
def test_exits_say_what_the_reader_has_and_nothing_else(birds: Birds, name: str) -> None:
    assert differences(birds, birds.world.contact("reader"), STATES[name]) == []


def questions(field: Field, state: State) -> Iterator[tuple[str, bool]]:
    """What may be asked of a list by one field, and whether it is answered."""
    there = seen(field.name, state)
    yield f"sort={field.name}", there and field.sortable
    yield f"sort=-{field.name}", there and field.sortable
    if kind_of(INVOICE.model, field) in ("date", "datetime"):
        yield f"{field.name}_from=2019-01-01", there and field.filterable
        yield f"{field.name}_to=2030-01-01", there and field.filterable
    else:
        yield f"{field.name}={next(iter(field.choices), 'x')}", there and field.filterable


SEARCHES = ("/portal/search", "/api/v1/search")
LISTS = (PORTAL, f"{PORTAL}invoice/", f"{PORTAL}invoice/export.csv", f"{PORTAL}invoice/documents.zip", API)


def oracles(birds: Birds, browser: Browser, state: State, fields: set[str]) -> list[tuple[str, str]]:
    """Questions that are answered and must not be, or the other way round, and searches that find what they must
    not, or do not find what they must."""
    set_state(birds, state)
    found = []
    for field in (f for f in INVOICE.fields if f.name in fields):
        for url in LISTS:
            for question, answered in questions(field, state):
                status = browser.get(f"{url}?{question}", buffered=True).status_code
                found += [] if status == (200 if answered else 400) else [(url, question)]
            if (term := OWN[field.name][0]).startswith("canary"):
                answer = browser.get(url, query_string={"q": term, "account": birds.account}, buffered=True)
                finds = answer.status_code == 200 and has_rows(answer)
                found += [] if finds == (seen(field.name, state) and field.searchable) else [(url, f"q={term}")]
        # What it corrects is another's number, by which that one is found.
        if term.startswith("canary") and field.expression is None:
            for url in SEARCHES:
                finds = has_rows(browser.get(url, query_string={"q": term}))
                found += [] if finds == (seen(field.name, state) and field.searchable) else [(url, f"q={term}")]
    return found


_ROW = re.compile('class="(row-link|found-title)"')


def has_rows(answer: Any) -> bool:
    """Whether a list, in whichever form, has anything in it."""
    if answer.mimetype == "application/json":
        return bool(answer.json["records"])
    if answer.mimetype == "text/csv":
        return len(answer.text.splitlines()) > 1
    return bool(said(answer)) if answer.mimetype == "application/zip" else bool(_ROW.search(answer.text))


@pytest.mark.parametrize(
    ("databases", "name"), [turn for turn in TURNS if "." not in turn[1]], indirect=["databases"], scope="session"
)
def test_nothing_is_asked_by_what_the_reader_does_not_have(birds: Birds, name: str) -> None:
    state = STATES[name]
    fields = FIELDS if name in ("declared", "with nothing") else FIELDS & set(state)
    assert oracles(birds, birds.world.contact("reader"), state, fields) == []


@pytest.mark.parametrize(("databases", "name"), TURNS, indirect=["databases"], scope="session")
def test_the_api_describes_what_the_reader_has_and_nothing_else(birds: Birds, name: str) -> None:
    state = STATES[name]
    set_state(birds, state)
    body = birds.world.contact("reader").get("/api/v1/openapi.json").json
    assert body is not None
    schemas = body["components"]["schemas"]
    own = set(schemas["invoices.invoice"].get("properties", {}))
    for table in ("lines", "payments"):
        columns = schemas.get(f"invoices.invoice.children.{table}", {}).get("properties", {})
        own |= {f"{table}.{column}" for column in columns}
    assert own == {field for field in OWN if seen(field, state)}
    asked = {each["name"]: each for each in body["paths"][API]["get"]["parameters"]}
    fields = {f.name: f for f in INVOICE.fields if seen(f.name, state)}
    filters = {each.removesuffix("_from").removesuffix("_to") for each in asked} & FIELDS
    assert filters == {each for each, f in fields.items() if f.filterable}
    sorts = {each.removeprefix("-") for each in asked.get("sort", {}).get("schema", {}).get("enum", ())}
    assert sorts == {each for each, f in fields.items() if f.sortable}
    assert ("q" in asked) == any(f.searchable for f in fields.values())


def test_staff_have_every_field_on_every_exit_of_theirs(birds: Birds) -> None:
    set_state(birds, STATES["with nothing"])
    browser, office = birds.world.staff(), "/staff/records/invoices/"
    for path in (f"{office}invoice/export.csv", API, f"{API}{birds.record}", f"{office}{birds.record}"):
        text = said(browser.get(path, buffered=True)) + said(
            browser.get(path.replace(str(birds.record), str(birds.credit)), buffered=True)
        )
        missing = [
            name
            for name in (FIELDS | CHILDREN if path.endswith(str(birds.record)) else FIELDS)
            if not _any(OWN[name], text)
        ]
        assert missing == [], path
    assert _any(CANARIES["invoices.payment"]["note"], said(browser.get(f"{office}payment/export.csv", buffered=True)))


def _all(resource: Resource, sight: Any) -> list[Field]:
    """Every field, whoever looks."""
    return list(resource.fields)


#: a place that would forget to ask -> the exits that then say more
FORGETFUL: dict[str, tuple[Callable[..., Any], set[str]]] = {
    "core.web.export.effective": (_all, {"portal.export"}),
    "core.rest.views.effective": (_all, set()),  # the schema still leaves it out
    "core.records.detail.effective": (_all, {"portal.detail", "portal.document", "portal.documents"}),
    "core.records.listing.effective": (_all, {"portal.module", "portal.listing"}),
    "core.records.detail.effective_children": (
        lambda resource, sight: list(resource.children),
        {"portal.detail", "portal.document", "portal.documents"},
    ),
    "core.search.shown.effective": (_all, {"portal.search", "rest.search"}),
    "plugins.invoices.widget.sees": (lambda session, resource, *names: True, {"portal.home"}),
}
HIDING: State = dict.fromkeys(("total", "due", "credit", "note", "lines.net", "payments"), False)


@pytest.mark.parametrize("place", FORGETFUL)
def test_an_exit_that_forgets_to_ask_is_caught(birds: Birds, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    patched, exits = FORGETFUL[place]
    monkeypatch.setattr(place, patched)
    found = differences(birds, birds.world.contact("reader"), HIDING)
    assert {exit_ for exit_, _, way in found if way == "more"} == exits


def test_an_api_that_forgets_to_ask_is_caught(birds: Birds, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("core.rest.views.effective", "core.rest.schemas.effective", "core.records.detail.effective"):
        monkeypatch.setattr(place, _all)
    found = differences(birds, birds.world.contact("reader"), HIDING)
    assert {"rest.listing", "rest.detail"} <= {exit_ for exit_, _, way in found if way == "more"}


def test_a_question_that_is_not_held_back_is_caught(birds: Birds, monkeypatch: pytest.MonkeyPatch) -> None:
    hiding = {"total": False, "note": False}
    browser = birds.world.contact("reader")
    assert oracles(birds, browser, hiding, set(hiding)) == []
    monkeypatch.setattr("core.records.query.effective", _all)
    assert {question for _, question in oracles(birds, browser, hiding, set(hiding))} >= {"sort=total"}
    monkeypatch.undo()
    for place, urls in (("records.conditions", {PORTAL, API}), ("search.wanted", set(SEARCHES))):
        monkeypatch.setattr(f"core.{place}.effective", _all)
        found = {
            url for url, question in oracles(birds, browser, hiding, set(hiding)) if question == "q=canary of note"
        }
        assert urls <= found
        monkeypatch.undo()
