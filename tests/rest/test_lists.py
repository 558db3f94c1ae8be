"""Lists as JSON are the lists of the pages: the same records for the same questions, each page once."""

from typing import Any

import pytest

from tests.records.test_query import HIDDEN, UNKNOWN, hostile_strings
from tests.rest.reading import LIST, PAYMENTS, ids, read, refused, walk
from tests.visibility.exits import listed
from tests.web.test_export import fill
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World

QUESTIONS: list[dict[str, Any]] = [
    {}, {"sort": "due_on"}, {"sort": "-total"}, {"q": "F-01"}, {"status": "pending"}, {"mine": "1"},
    {"kind": "deposit"},
    {"issued_on_from": "2020-01-03", "issued_on_to": "2020-01-05"},
]  # fmt: skip


@pytest.mark.parametrize("params", QUESTIONS, ids=str)
def test_the_same_records_as_on_the_page(world: World, params: dict[str, Any]) -> None:
    for kind in ("two_accounts", "family", "site", "nobodys"):
        browser = world.contact(kind)
        page, pages = listed(browser, "/portal/invoices/", **params), walk(browser, **params)
        assert ids(pages) == page.ids
        assert {str(each["count"]["total"]) for each in pages} == {page.count}


def test_staff_see_drafts_and_what_clients_have_no_record_of(world: World) -> None:
    browser = world.staff()
    assert ids(walk(browser)) == listed(browser, "/staff/records/invoices/").ids
    assert ids(walk(browser, url=PAYMENTS)) == tuple(world.one.payments.values())
    assert refused(world.contact("whole").get(PAYMENTS), 404)


@pytest.mark.parametrize("sort", ["", "due_on", "-due_on", "total", "-number"])
def test_pages_lead_on_and_back(world: World, sort: str) -> None:
    base, browser, asked = Snapshot(world), world.contact("whole"), {"sort": sort} if sort else {}
    fill(world, 60)
    forth = walk(browser, **asked)
    assert len(forth) > 2
    assert forth[0]["previous"] is None
    back = walk(browser, "previous", url=forth[-2]["next"])
    assert [ids([page]) for page in reversed(back)] == [ids([page]) for page in forth]
    assert len(set(ids(forth))) == len(ids(forth)) == forth[0]["count"]["total"]
    base.restore()


def test_links_keep_what_was_asked(world: World) -> None:
    base, browser = Snapshot(world), world.contact("whole")
    fill(world, 60)
    pages = walk(browser, q="X", sort="-total", status=["pending", "overdue", "paid"])
    assert len(ids(pages)) == 60
    assert all(record["fields"]["number"].startswith("X-") for page in pages for record in page["records"])
    base.restore()


def test_the_count_stops_where_that_of_the_page_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.records.listing.COUNT_CAP", 3)
    assert read(world.contact("whole"))["count"] == {"total": 3, "capped": True}


def test_account_and_site_narrow_and_those_of_others_are_not_there(world: World) -> None:
    browser, made = world.contact("two_accounts"), world.one
    for name, id_ in (("account", made.accounts["alpha"]), ("site", made.sites["b1"])):
        assert ids(walk(browser, **{name: id_})) == listed(browser, "/portal/invoices/", **{name: id_}).ids
    plain = browser.get(f"{LIST}?account=999999999")
    for name, id_ in (("account", made.accounts["gamma"]), ("site", world.two.sites["a1"]), ("account", "x")):
        answer = browser.get(f"{LIST}?{name}={id_}")
        assert (answer.status_code, answer.data) == (404, plain.data)


@pytest.mark.parametrize("form", ["{}=x", "sort={}", "sort=-{}", "{}_from=2026-01-01"])
def test_a_hidden_field_answers_as_one_that_never_was(world: World, form: str) -> None:
    browser = world.contact("whole")

    def constant(name: str) -> dict[str, Any]:
        body = refused(browser.get(f"{LIST}?{form.format(name)}"), 400)
        return {key: str(value).replace(name, "…") for key, value in body.items()}

    expected = constant(UNKNOWN)
    assert [name for name in HIDDEN if constant(name) != expected] == []


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ("nonsense=1", "nonsense"), ("sort=nonsense", "sort"), ("sort=", "sort"), ("after=x", "after"),
        ("after=", "after"),
        ("before=x", "before"), ("status=draft", "status"), ("status=", "status"), ("status=paid&status=", "status"),
        ("mine=2", "mine"), ("issued_on_from=yesterday", "issued_on_from"), ("q=a&q=b", "q"), ("account=", "account"),
        (f"{'x' * 100}=1", "x" * 60), ("Q=a", "Q"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(world: World, params: str, name: str) -> None:
    body = refused(world.contact("whole").get(f"{LIST}?{params}"), 400)
    assert body["parameter"] == name
    assert name in body["detail"]


def test_an_empty_search_is_none(world: World) -> None:
    browser = world.contact("whole")
    assert read(browser, q="")["records"] == read(browser)["records"]


def test_hostile_strings_in_every_parameter_are_answered_or_refused(world: World) -> None:
    browser = world.contact("whole")
    names = ("q", "sort", "account", "site", "mine", "status", "due_on_from", "after", "before", "kind")
    for n, value in enumerate(hostile_strings()):
        for name in ("q", names[n % len(names)]):
            answer = browser.get(LIST, query_string={name: value})
            assert answer.status_code in (200, 400, 404), (name, value)
            assert answer.json is not None
    for value in hostile_strings()[::7]:
        assert browser.get(LIST, query_string={value: "x"}).status_code in (200, 400), value
