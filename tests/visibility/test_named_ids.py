"""Ids of records where they stand in no path: what a form is about, what something new is part of, what a search or a
suggestion leads to. With the ids of others, they are told what nonsense is told. And the staff's addresses of the
records of all modules, for the staff of another tenant."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest

from core.db.wall import Part
from tests.visibility.examples import A, Example
from tests.visibility.oracle import Oracle, read_tables
from tests.visibility.test_every_route import STRANGERS, TURNS, rows, theirs, token_of, url, world
from tests.visibility.test_links import NONSENSE, answer, without_id
from tests.worlds.world import Browser, World

__all__ = ["theirs", "world"]

OPEN = "/portal/cases/case/do/open"
CASES = "/api/v1/cases/case/"
_LED = re.compile(r'href="(?:http://[^"/]*)?/(?:portal|staff/records)/\w+/(?:\w+/)?(\d+)["/?#]')


def told(browser: Browser, path: str, **more: Any) -> Any:
    """What is answered, without what differs from one answer to the next."""
    return without_id(answer(browser, path, **more))


def about(world: World, theirs: list[Example]) -> list[Example]:
    """The records that a case may be about."""
    case = world.registry.resource("cases", "case")
    assert case is not None
    names = next(action.about for action in case.actions if action.name == "open")
    return [each for each in theirs if f"{each.module}.{each.resource}" in names]


def sent(browser: Browser, about: int | str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A case about a record: its form, opened and sent, and what a program sends."""
    token, text = token_of(browser), {"subject": "x", "description": "x"}
    yield f"{OPEN}?about={about}", {"method": "GET"}
    form = {f"f_{name}": value for name, value in text.items()}
    yield f"{OPEN}?about={about}", {"method": "POST", "data": {**form, "csrf_token": token}}
    headers = {"X-CSRFToken": token}
    yield CASES, {"method": "POST", "json": {**text, "about": int(about)}, "headers": headers}


@pytest.mark.parametrize(("databases", "turn"), TURNS, indirect=["databases"], scope="session")
def test_nobody_begins_a_case_about_what_is_anothers(world: World, theirs: list[Example], turn: int) -> None:
    browser, before, mine = world.contact(*STRANGERS[turn]), rows(world), world.contact(A)
    records = about(world, theirs)
    assert len(records) > 4
    headers = {"X-CSRFToken": token_of(mine)}
    wrong = [mine.post(CASES, json={"about": id_}, headers=headers).text for id_ in (records[0].record, int(NONSENSE))]
    assert ['"about"' in text for text in wrong] == [False, True]
    for each in records:
        assert mine.get(f"{OPEN}?about={each.record}").status_code == 200
        asked = zip(sent(browser, each.record), sent(browser, NONSENSE), strict=True)
        for (path, more), (nowhere, same) in asked:
            got = told(browser, path, **more)
            assert got == told(browser, nowhere, **same), path
            assert got[0] in (404, 422), path
    assert rows(world) == before


def test_suggestions_and_searches_lead_to_what_is_seen(world: World) -> None:
    """To whoever may read the articles, and only to these; a visitor is led to the door."""
    tables, found, staffs = read_tables(world.database.owner_url), 0, "/staff/search"
    for (slug, kind), word in product((("one", "whole"), ("one", "child"), ("two", "site")), ("north", "alpha")):
        oracle = Oracle(tables, world.tenancies[slug].people[kind], date.today(), "knowledge_base")
        browser = world.contact(kind, slug)
        for path in (f"{OPEN}/answers?text={word}", f"/portal/search?q={word}", f"/api/v1/search?q={word}"):
            got = browser.get(path)
            ids = {each["id"] for each in got.json["records"]} if got.json else set(map(int, _LED.findall(got.text)))
            assert ids <= oracle.all_records(), path
            found += len(ids)
            assert world.visitor(slug).get(path).status_code in (303, 401)
    assert found > 20
    for slug, other in (("one", "two"), ("two", "one")):
        ids = set(map(int, _LED.findall(world.staff(slug).get(f"{staffs}?q=alpha").text)))
        assert ids
        assert not ids & {row["id"] for row in tables["record"] if row["tenant_id"] == world.tenancies[other].id}


def parts(world: World) -> Iterator[tuple[Any, str]]:
    """The resources whose rows are parts of a record, with the staff's action that begins one."""
    for found in world.registry.resources.values():
        for resource in found.values():
            begins = [action.name for action in resource.actions if action.creates]
            if issubclass(resource.model, Part) and begins:
                yield resource, begins[0]


def test_staff_begin_no_part_of_another_tenants_record(world: World, theirs: list[Example]) -> None:
    mine, browser, before, asked = world.staff("one"), world.staff("two"), rows(world), set()
    token = token_of(browser)
    for resource, action in parts(world):
        whole = next(each for each in theirs if each.module == resource.model.portal_module)
        base = f"/staff/records/{whole.module}/{resource.name}/do/{action}"
        assert mine.get(f"{base}?of={whole.record}").status_code in (200, 409), base  # some take no more parts
        for more in ({"method": "GET"}, {"method": "POST", "data": {"csrf_token": token}}):
            got, nothing = (told(browser, f"{base}?of={id_}", **more) for id_ in (whole.record, NONSENSE))
            assert got == nothing, base
            assert got[0] == 404, base
        asked.add(whole.module)
    assert {"quotes", "orders", "contracts", "projects", "assets"} <= asked
    for name in ("account", "about"):
        ids = {"account": world.one.accounts["alpha"], "about": about(world, theirs)[0].record}
        got, nothing = (
            told(browser, f"/staff/records/cases/case/do/open?{name}={id_}") for id_ in (ids[name], NONSENSE)
        )
        assert got == nothing, name
        assert got[0] == 404, name
    assert rows(world) == before


def test_staff_reach_no_record_of_another_tenant(world: World, theirs: list[Example]) -> None:
    """Its page with who has seen it, its paper, its certificate, its files, and all that is done to it."""
    browser, mine, before, opened = world.staff("two"), world.staff("one"), rows(world), set()
    token, known = token_of(browser), {}
    rules = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint.startswith("staff.")]
    for rule, each in product((rule for rule in rules if "record_id" in rule.arguments), theirs):
        given: dict[str, Any] = {"module": each.module, "resource": each.resource, "action": each.actions[0]}
        given |= {"record_id": each.record, "file_id": each.file}
        given |= dict.fromkeys(rule.arguments - given.keys(), 0)  # a link, a message: of none that is looked at
        path, nothing = (url(world, rule, {**given, "record_id": id_}) for id_ in (each.record, NONSENSE))
        readable = "GET" in (rule.methods or ())
        if readable and rule.endpoint not in opened and mine.get(path).status_code == 200:
            opened.add(rule.endpoint)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            more: dict[str, Any] = {"method": method, "data": {"csrf_token": token}}
            got, key = told(browser, path, **more), (rule.rule, method)
            if got != known.get(key):
                known[key] = told(browser, nothing, **more)
            assert got == known[key], path
            assert got[0] in (404, 405), path
    assert {"staff.detail", "staff.document", "staff.certificate", "staff.file"} <= opened
    assert rows(world) == before


@pytest.mark.parametrize(("databases", "turn"), TURNS[1:3], indirect=["databases"], scope="session")
def test_what_a_program_knows_of_anothers_record_opens_nothing(world: World, theirs: list[Example], turn: int) -> None:
    """Neither its tag, nor a part of its file that is asked for."""
    browser, mine = world.contact(*STRANGERS[turn]), world.contact(A)
    for each in theirs:
        page, file = (
            f"/api/v1/{each.module}/{each.resource}/{each.record}",
            f"/portal/{each.module}/{each.record}/files",
        )
        for path, nowhere in (
            (page, f"/api/v1/{each.module}/{each.resource}/{NONSENSE}"),
            (f"{file}/{each.file}", file),
        ):
            known = mine.get(path)
            assert known.status_code == 200, path
            for name in ("If-None-Match", "If-Match", "If-Range"):
                headers = {name: known.headers.get("ETag", '"1"'), "Range": "bytes=0-1"}
                got = told(browser, path, headers=headers)
                assert got[0] == 404, (path, name)
                assert got[1] == told(browser, nowhere, headers=headers)[1], (path, name)
