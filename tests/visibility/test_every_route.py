"""Every address of the application that names a record, a file or anything else by id: with the ids of client A, client
B of the same tenant and client C of another get what nonsense gets, byte for byte, whatever they send, and change
nothing. The addresses come from the URL map: one with a new kind of id fails here until it has an example."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.visibility.test_links import NONSENSE
from tests.worlds.snapshot import Rows, read_all
from tests.worlds.world import Browser, World

A = "two_accounts"
#: who shares nothing with A, of the same tenant and of the other
STRANGERS = (("nobodys", "one"), ("child", "one"), ("two_accounts", "two"), ("whole", "two"))
#: the module, and the record of A's that has all that an address may name
RECORDS = {"cases": "outsider_at_beta", "invoices": "b1"}
#: what is sent, besides nothing: forms to the portal, JSON to the API
FORMS: tuple[dict[str, Any], ...] = ({}, {"body": "x", "email": "x@example.com"}, {"do": "remove", "grant": "1"})
BODIES: tuple[dict[str, Any], ...] = ({}, {"text": "x"}, {"urgency": "high"})
#: tables that say who came and how often they tried
_OF_THE_DOOR = ("attempt", "login_session", "given_answer", "audit_entry")
_ERROR_ID = re.compile(rb"\b[0-9a-f]{8}\b")
_OWN = {"session_id"}  # of one's own sign-ins: no record's
#: what only a record has that was accepted; tests/plugins/quotes asks for it as others
_OF_ACCEPTED = {"portal.certificate"}


def routes(world: World) -> list[Rule]:
    """Every address of clients and programs with an id in it."""
    found = []
    for rule in world.app.url_map.iter_rules():
        ids = {name for name in rule.arguments if name.endswith("_id")} - _OWN
        if ids and not rule.endpoint.startswith("staff."):
            found.append(rule)
    return found


def values(world: World, module: str) -> dict[str, Any]:
    """What of A's an address may name."""
    made = world.one
    record = (made.cases if module == "cases" else made.invoices)[RECORDS[module]]
    file = next((f for f, r in made.files.items() if r == record), None)
    names = {"module": module, "resource": "case" if module == "cases" else "invoice", "action": "urgency"}
    return {**names, "record_id": record, "file_id": file or int(NONSENSE)}


def url(world: World, rule: Rule, given: dict[str, Any]) -> str:
    """One address, with these values for its arguments."""
    wanted = rule.arguments - set(rule.defaults or ())
    return world.app.url_map.bind("one.localhost").build(rule.endpoint, {name: given[name] for name in wanted})


def pairs(world: World) -> Iterator[tuple[Rule, str, str]]:
    """Each address with the ids of A's, and with those of nothing."""
    for module in RECORDS:
        given = values(world, module)
        nothing = {name: int(NONSENSE) if name.endswith("_id") else value for name, value in given.items()}
        for rule in routes(world):
            yield rule, url(world, rule, given), url(world, rule, nothing)


def rows(world: World) -> Rows:
    """All rows but those of the door."""
    return {name: found for name, found in read_all(world.database).items() if name not in _OF_THE_DOOR}


def answers(browser: Browser, rule: Rule, path: str, token: str) -> Iterator[tuple[int, bytes, list[tuple[str, str]]]]:
    """All that an address answers: to each of its methods, with each of what may be sent."""
    for method in sorted(rule.methods or ()):
        for sent in _sent(rule, method, token):
            got = browser.open(path, method=method, **sent)
            data = got.data if got.status_code == 404 else _ERROR_ID.sub(b"", got.data)  # which a 404 never has
            yield got.status_code, data, [header for header in got.headers if header[0] != "Date"]


def _sent(rule: Rule, method: str, token: str) -> Iterator[dict[str, Any]]:
    if method in ("GET", "HEAD", "OPTIONS"):
        yield {}
    elif rule.endpoint.startswith("portal."):
        yield from ({"data": {**form, "csrf_token": token}} for form in FORMS)
        yield {"data": {"csrf_token": token, "files": (BytesIO(b"hello"), "a.txt")}}
    else:
        headers = {"X-CSRFToken": token}
        yield from ({"json": body, "headers": headers} for body in BODIES)
        yield {"data": {"files": (BytesIO(b"hello"), "a.txt")}, "headers": headers}


def token_of(browser: Browser) -> str:
    """The form token of a page."""
    return browser.get("/sessions/").text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_the_examples_are_addresses_that_a_reaches(world: World) -> None:
    browser, opened = world.contact(A), set()
    for rule, path, _ in pairs(world):
        if "GET" in (rule.methods or ()) and browser.get(path).status_code == 200:
            opened.add(rule.endpoint)
    reading = {rule.endpoint for rule in routes(world) if "GET" in (rule.methods or ())}
    assert opened == reading - _OF_ACCEPTED


@pytest.mark.parametrize(("kind", "slug"), STRANGERS)
def test_with_the_ids_of_another_client_all_is_nonsense(world: World, kind: str, slug: str) -> None:
    world.sign_everybody_in()
    browser = world.contact(kind, slug)
    token, before, asked = token_of(browser), rows(world), 0
    for rule, theirs, nothing in pairs(world):
        both = list(zip(answers(browser, rule, theirs, token), answers(browser, rule, nothing, token), strict=True))
        for got, expected in both:
            assert got == expected, (rule, theirs)
            assert got[0] in (400, 404, 405, 415, 422) or (got[0] == 200 and not got[1]), (rule, theirs)  # to OPTIONS
            asked += 1
        assert {404, 405} & {got[0] for got, _ in both}, (rule, theirs)
    assert asked > 50
    assert rows(world) == before


def test_it_would_notice_a_record_that_is_shown(world: World) -> None:
    """The same questions from somebody who does see the record."""
    browser = world.contact("mixed")
    token, differ = token_of(browser), 0
    for rule, theirs, nothing in pairs(world):
        if rule.methods is not None and "GET" in rule.methods:
            got = (browser.get(path).data for path in (theirs, nothing))
            differ += len(set(got)) == 2
    assert token
    assert differ > 5
