"""Every address of the application that names a record, a file or anything else by id: with the ids of client A, client
B of the same tenant and client C of another get what nonsense gets, byte for byte, whatever they send, and change
nothing; a visitor is led to the door. The addresses come from the URL map: one with a new kind of id fails here until
it has an example."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.databases import KINDS
from tests.nightly import NIGHTLY, by_turns
from tests.visibility.changes import scope_of
from tests.visibility.examples import A, Example, examples
from tests.visibility.oracle import read_tables
from tests.visibility.test_links import NONSENSE
from tests.worlds.copied import Databases, copied
from tests.worlds.plenty import plenty
from tests.worlds.snapshot import Rows, read_all
from tests.worlds.talk import talk
from tests.worlds.world import Browser, World

#: who shares nothing with A, of the same tenant and of the other
STRANGERS = (("nobodys", "one"), ("child", "one"), ("two_accounts", "two"), ("whole", "two"))
#: each on one of the databases by turns, and by night on either
TURNS = [(kind, turn) for turn in range(len(STRANGERS)) for kind in by_turns(KINDS, turn)]
#: what is sent, besides nothing: forms to the portal, JSON to the API
FORMS: tuple[dict[str, Any], ...] = (
    {}, {"body": "x", "email": "x@example.com", "helped": "yes", "a_signer": "x", "a_reason": "x", "version": "1"},
    {"do": "remove", "grant": "1"},
)  # fmt: skip
BODIES: tuple[dict[str, Any], ...] = ({}, {"text": "x"}, {"urgency": "high"}, {"signer": "x", "terms": "x"})
#: tables that say who came and how often they tried
_OF_THE_DOOR = ("attempt", "login_session", "given_answer", "audit_entry")
_ERROR_ID = re.compile(rb"\b[0-9a-f]{8}\b")
_OWN = {"session_id"}  # of one's own sign-ins: no record's
#: addresses of a module of its own
_OF_MODULES = {"knowledge_base"}

Answer = tuple[int, bytes, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The seeded world with the records of all modules."""
    with copied(databases, tmp_path_factory.mktemp, talk, plenty) as made:
        made.sign_everybody_in()
        yield made


@pytest.fixture(scope="module")
def theirs(world: World) -> list[Example]:
    """The records of A's."""
    return examples(world)


def routes(world: World) -> list[Rule]:
    """Every address of clients and programs with an id in it."""
    found = []
    for rule in world.app.url_map.iter_rules():
        ids = {name for name in rule.arguments if name.endswith("_id")} - _OWN
        if ids and not rule.endpoint.startswith("staff."):
            found.append(rule)
    return found


def url(world: World, rule: Rule, given: dict[str, Any]) -> str:
    """One address, with these values for its arguments."""
    wanted = rule.arguments - set(rule.defaults or ())
    return world.app.url_map.bind("one.localhost").build(rule.endpoint, {name: given[name] for name in wanted})


def pairs(world: World, of: Example) -> Iterator[tuple[Rule, str, str]]:
    """Each address with the ids of A's, and with those of nothing."""
    given = {"module": of.module, "resource": of.resource, "record_id": of.record, "file_id": of.file}
    nothing = {name: int(NONSENSE) if name.endswith("_id") else value for name, value in given.items()}
    for rule in routes(world):
        if (room := rule.endpoint.partition(".")[0]) in _OF_MODULES and room != of.module:
            continue
        for action in of.actions if "action" in rule.arguments else ("",):
            asked, unknown = (url(world, rule, {**ids, "action": action}) for ids in (given, nothing))
            yield rule, asked, unknown


def rows(world: World) -> Rows:
    """All rows but those of the door."""
    return {name: found for name, found in read_all(world.database).items() if name not in _OF_THE_DOOR}


def answers(browser: Browser, rule: Rule, path: str, token: str) -> Iterator[Answer]:
    """All that an address answers: to each of its methods, with each of what may be sent."""
    for method in sorted(rule.methods or ()):
        for sent in _sent(rule, method, token):
            got = browser.open(path, method=method, **sent)
            data = got.data if got.status_code == 404 else _ERROR_ID.sub(b"", got.data)  # which a 404 never has
            yield got.status_code, data, [header for header in got.headers if header[0] != "Date"]


def _sent(rule: Rule, method: str, token: str) -> Iterator[dict[str, Any]]:
    if method in ("GET", "HEAD", "OPTIONS"):
        yield {}
    elif not rule.endpoint.startswith("rest."):
        yield from ({"data": {**form, "csrf_token": token}} for form in FORMS)
        yield {"data": {"csrf_token": token, "files": (BytesIO(b"hello"), "a.txt")}}
    else:
        headers = {"X-CSRFToken": token}
        yield from ({"json": body, "headers": headers} for body in BODIES)
        yield {"data": {"files": (BytesIO(b"hello"), "a.txt")}, "headers": headers}


def token_of(browser: Browser, page: str = "/sessions/") -> str:
    """The form token of a page."""
    return browser.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]


def named(world: World, kind: str) -> set[int]:
    """The records that name a contact."""
    tables = read_tables(world.database.owner_url)
    return {row["id"] for row in tables["record"] if row["contact_id"] == world.one.people[kind]}


def half(theirs: list[Example], turn: int) -> list[Example]:
    """All of them by night; else each second one: the other stranger on the same database looks at the rest."""
    return theirs if NIGHTLY else theirs[turn // len(KINDS) % 2 :: 2]


def same_as_nothing(world: World, browser: Browser, theirs: list[Example]) -> int:
    """Look that each address answers as nonsense does; gives how many answers there were. What nonsense is answered
    hangs on no module, so it is asked for once, and again only where the answers differ."""
    known: dict[tuple[str, str], list[Answer]] = {}
    token, asked = token_of(browser), 0
    for rule, path, nothing in chain.from_iterable(pairs(world, each) for each in theirs):
        key = (rule.endpoint, rule.rule)
        got = list(answers(browser, rule, path, token))
        if got != known.get(key):
            known[key] = list(answers(browser, rule, nothing, token))
        assert got == known[key], (rule, path)
        told = {status for status, *_ in got}
        assert {404, 405} & told, (rule, path)
        assert told <= {200, 400, 404, 405, 415, 422}, (rule, path)
        assert all(not data for status, data, _ in got if status == 200), (rule, path)  # to OPTIONS
        asked += len(got)
    return asked


def test_the_examples_are_addresses_that_a_reaches(world: World, theirs: list[Example]) -> None:
    browser, opened = world.contact(A), set()
    for rule, path, _ in chain.from_iterable(pairs(world, each) for each in theirs):
        if "GET" in (rule.methods or ()) and browser.get(path).status_code == 200:
            opened.add(rule.endpoint)
    assert opened == {rule.endpoint for rule in routes(world) if "GET" in (rule.methods or ())}
    assert {each.module for each in theirs} == set(world.registry.resources)
    statuses = {browser.get(f"/portal/{each.module}/{each.record}").status_code for each in theirs}
    statuses |= {browser.get(f"/portal/{each.module}/{each.record}/files/{each.file}").status_code for each in theirs}
    assert statuses == {200}


@pytest.mark.parametrize(("databases", "turn"), TURNS, indirect=["databases"], scope="session")
def test_with_the_ids_of_another_client_all_is_nonsense(world: World, theirs: list[Example], turn: int) -> None:
    before = rows(world)
    assert same_as_nothing(world, world.contact(*STRANGERS[turn]), half(theirs, turn)) > 100
    assert rows(world) == before


def test_a_visitor_is_led_to_the_door_whatever_they_ask_for(world: World, theirs: list[Example]) -> None:
    browser = world.visitor()
    token, before = token_of(browser, "/login"), rows(world)
    sent: dict[str, Any] = {"data": {"csrf_token": token}, "headers": {"X-CSRFToken": token}}
    for rule, path, nothing in chain.from_iterable(pairs(world, each) for each in theirs):
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PATCH"}):
            got, expected = (browser.open(each, method=method, **sent) for each in (path, nothing))
            assert got.status_code in (303, 401), path
            assert (got.status_code, unnumbered(got)) == (expected.status_code, unnumbered(expected)), path
    assert rows(world) == before


def unnumbered(got: Any) -> tuple[bytes, str]:
    """Body and place of an answer, without the numbers that were in its address and the one of an error."""
    body, place = _ERROR_ID.sub(b"", got.data), got.headers.get("Location", "")
    return re.sub(rb"\d+", b"", body), re.sub(r"\d+", "", place)


def test_where_contacts_see_what_names_them_a_colleagues_record_is_nonsense(
    world: World, theirs: list[Example]
) -> None:
    """A colleague of A's in the same account, whom these records do not name."""
    others = [each for each in theirs if each.module not in ("knowledge_base", "cases")]  # one for many, one granted
    browser = world.contact("mixed")
    unnamed = [each for each in others if each.record not in named(world, "mixed")]
    assert len(unnamed) > 5
    assert {browser.get(f"/portal/{each.module}/{each.record}").status_code for each in unnamed} == {200}
    for each in unnamed:
        scope_of(world, world.one, each.module, "contact")
    try:
        assert same_as_nothing(world, browser, half(unnamed, 0)) > 50
    finally:
        for each in unnamed:
            scope_of(world, world.one, each.module, "account")


def test_it_would_notice_a_record_that_is_shown(world: World, theirs: list[Example]) -> None:
    """The same questions from somebody who does see the record."""
    with pytest.raises(AssertionError):
        same_as_nothing(world, world.contact("mixed"), theirs)
