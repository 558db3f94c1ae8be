"""What holds for all staff pages: who may open them, what they cost, what they refuse."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from core.crm.models import Account, Staff, Tenant
from core.kit.crm import segment
from tests import strict
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.conftest import statements


@pytest.fixture
def somebody(engine: Engine, tenant: Tenant) -> dict[str, int]:
    """Ids of an account, its site and a contact of the tenant."""
    return make_some(engine, tenant)


def make_some(engine: Engine, tenant: Tenant) -> dict[str, int]:
    with rows.writing(engine, tenant) as session:
        acme = rows.account(session, "Acme")
        north = rows.site(session, acme, "North")
        ana = rows.contact(session, "Ana", "Ruiz", acme, north, email="ana@example.com")
        tie = ana.memberships[0] if ana.memberships else rows.member(session, ana, acme)
        sara = session.scalars(select(Staff.id)).first() or 0
        gold = segment(session, "Gold", acme)
        made = {"account": acme, "site": north, "contact": ana, "membership": tie, "segment": gold}
        return {name: row.id for name, row in made.items()} | {"staff": sara}


def pages(ids: dict[str, int]) -> list[str]:
    a, s, c = ids["account"], ids["site"], ids["contact"]
    return [
        "/staff/", "/staff/modules/", "/staff/modules/dashboard",
        "/staff/health/", "/staff/access/", "/staff/contacts/", "/staff/accounts/",
        "/staff/fields/", "/staff/fields/invoices/invoice/", "/staff/texts/core.activation/en",
        "/staff/contacts/several",
        "/staff/contacts/new", "/staff/accounts/new", f"/staff/contacts/?account={a}", f"/staff/accounts/?parent={a}",
        f"/staff/contacts/{c}", f"/staff/contacts/{c}/edit", f"/staff/contacts/{c}/memberships/",
        f"/staff/contacts/{c}/memberships/{a}", f"/staff/accounts/{a}", f"/staff/accounts/{a}/edit",
        f"/staff/accounts/{a}/parent", f"/staff/accounts/{a}/sites/", f"/staff/accounts/{a}/sites/new",
        f"/staff/accounts/{a}/sites/{s}", "/staff/audit/", "/staff/outbox/", "/staff/texts/", "/staff/replies/",
        "/staff/search",
        "/staff/people/", "/staff/people/new",
        f"/staff/people/{ids['staff']}",
        "/staff/segments/", "/staff/segments/new", f"/staff/segments/{ids['segment']}",
        f"/staff/segments/{ids['segment']}/edit", f"/staff/segments/{ids['segment']}/accounts",
    ]  # fmt: skip


def test_every_page_of_the_staff_opens(app: Flask, staff: Browser, somebody: dict[str, int]) -> None:
    opened = pages(somebody)
    for path in opened:
        assert staff.get(path).status_code == 200, path
    readable = [r for r in app.url_map.iter_rules() if "GET" in (r.methods or ())]
    rules = {r.endpoint for r in readable if r.endpoint.startswith("staff.")}
    adapter = app.url_map.bind("localhost")
    seen = {adapter.match(path.partition("?")[0])[0] for path in opened}
    # These have tests of their own, with what stands on them.
    of_records = {"new_reply", "edit_reply", "sharing", "linking", "several", "mail"}
    of_records |= {"listing", "detail", "file", "document", "documents", "certificate", "export", "act", "begin"}
    assert rules - seen == {f"staff.{name}" for name in of_records}


def test_a_client_and_a_stranger_open_none_of_them(
    app: Flask, engine: Engine, tenant: Tenant, staff: Browser, somebody: dict[str, int]
) -> None:
    world.add_contact(engine, tenant, "cliente@example.com")
    client = staff.fresh()
    assert client.sign_in("cliente@example.com").status_code == 303
    nothing = client.get("/staff/nonsense").data
    for path in pages(somebody):
        answer = client.get(path)
        assert (answer.status_code, answer.data) == (404, nothing), path
        assert staff.fresh().get(path).status_code == 303


def test_ids_of_another_tenant_answer_as_ids_that_are_not_there(
    engine: Engine, other: Tenant, staff: Browser, somebody: dict[str, int]
) -> None:
    theirs = make_some(engine, other)
    nothing = staff.get("/staff/contacts/999999").data
    assert b"Acme" not in nothing
    for path in pages(theirs):
        if any(c.isdigit() for c in path):
            answer = staff.get(path)
            assert (answer.status_code, answer.data) == (404, nothing), path
    for path, form in posts_with(somebody, theirs):
        answer = staff.post(path, form)
        assert (answer.status_code, answer.data) == (404, nothing), (path, form)
    with rows.writing(engine, other) as session:
        assert {a.name for a in session.scalars(select(Account))} == {"Acme"}


def posts_with(ours: dict[str, int], theirs: dict[str, int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each id of another tenant in each place of a form."""
    contact, account = f"/staff/contacts/{ours['contact']}", f"/staff/accounts/{ours['account']}"
    yield contact, {"do": "add_membership", "account": theirs["account"]}
    yield contact, {"do": "add_membership", "account": ours["account"], "site": theirs["site"]}
    yield contact, {"do": "remove_membership", "membership": theirs["membership"]}
    yield f"{account}/parent", {"parent": theirs["account"]}
    yield f"{account}/sites/{theirs['site']}", {"do": "remove"}
    yield f"/staff/contacts/{theirs['contact']}", {"do": "activation"}
    yield f"/staff/accounts/{theirs['account']}", {"do": "switch", "module": "portal", "choice": "off"}
    for wild in ("0", "-1", "abc", "9" * 18, "9" * 4000, "1 OR 1=1", "\x00", "٣"):
        yield contact, {"do": "add_membership", "account": wild}
        yield contact, {"do": "remove_membership", "membership": wild}
        yield f"{account}/parent", {"parent": wild}


@pytest.mark.parametrize(
    "query", ["after=x", "after=1&before=2", "after=99999", "access=all", "account=x", "q=" + "x" * 201]
)
def test_a_list_asked_for_wrongly_answers_400(staff: Browser, query: str) -> None:
    assert staff.get(f"/staff/contacts/?{query}").status_code == 400


def test_what_writes_needs_the_token_of_the_form(staff: Browser, engine: Engine, somebody: dict[str, int]) -> None:
    for path in (f"/staff/contacts/{somebody['contact']}", "/staff/modules/", "/staff/accounts/new", "/staff/access/"):
        assert staff.post(path, {"do": "activation"}, token="wrong").status_code == 403
        assert staff.post(path, {"do": "activation"}, headers={"Origin": "https://evil.example"}).status_code == 403


def test_an_unknown_action_answers_400(staff: Browser, somebody: dict[str, int]) -> None:
    assert staff.post(f"/staff/contacts/{somebody['contact']}", {"do": "explode"}).status_code == 400
    assert staff.post(f"/staff/accounts/{somebody['account']}", {"do": "explode"}).status_code == 400
    assert staff.post("/staff/modules/", {"do": "explode", "module": "portal"}).status_code == 400


def test_pages_cost_the_same_with_three_rows_and_three_hundred(
    app: Flask, engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    with rows.writing(engine, tenant) as session:
        top = rows.account(session, "Top")
        first = [rows.contact(session, "A", str(n), top, email=f"a{n}@example.com") for n in range(3)]
        for n in range(3):
            rows.account(session, f"Child {n}", top)
            rows.site(session, top, f"Site {n}")
        sara = session.scalars(select(Staff.id)).one()
        ids = {
            "account": top.id,
            "site": rows.site(session, top, "S").id,
            "contact": first[0].id,
            "segment": segment(session, "Gold", top).id,
            "staff": sara,
        }
    before = {path: count(app, staff, path) for path in pages(ids)}
    with rows.writing(engine, tenant) as session:
        for n in range(300):
            child = rows.account(session, f"More {n}", top)
            rows.site(session, top, f"More {n}")
            who = rows.contact(session, "B", str(n), top, child, email=f"b{n}@example.com", portal_user=True)
            if n % 3 == 0:
                rows.member(session, first[0], child)
            assert who.id
    # A list of more than one page counts its rows: one statement, whatever their number.
    for path, cost in before.items():
        assert count(app, staff, path) <= cost + 1, path
    assert max(before.values()) <= 13


def count(app: Flask, staff: Browser, path: str) -> int:
    with statements(app) as sent:
        assert staff.get(path).status_code == 200
    return len(sent)


def hostile() -> list[str]:
    """The strings that break things, and some that a database or a column cannot hold."""
    file = strict.shared_data("hostile-strings") / "blns" / "blns.json"
    strings: list[str] = json.loads(file.read_text(encoding="utf-8"))
    return [*strings, "\x00", "a\x00b", "x" * 5000, "\x1b[31m", "a\x7fb"]


def refused(text: str, longest: int) -> bool:
    """Whether a text has no place in a one-line field of that length."""
    kept = text.replace("\r\n", "\n").strip()
    return len(kept) > longest or any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in kept)


FORMS: dict[str, tuple[str, dict[str, int]]] = {
    "contact": ("/staff/contacts/new", {"first_name": 120, "last_name": 120, "phone": 60, "mobile": 60}),
    "account": ("/staff/accounts/new", {"name": 200, "code": 60, "tax_number": 40, "town": 120, "phone": 60}),
    "site": ("/staff/accounts/{account}/sites/new", {"name": 200, "postcode": 20, "town": 120}),
}


@pytest.mark.parametrize("name", FORMS)
def test_hostile_strings_are_kept_where_they_fit_and_refused_where_not(
    staff: Browser, somebody: dict[str, int], name: str
) -> None:
    path, fields = FORMS[name]
    token, path, left = staff.token(), path.format(**somebody), [t for t in hostile() if t.strip()]
    while left:
        form = {field: left.pop() for field in fields if left}
        answer = staff.post(path, form, token=token)
        wrong = any(refused(text, fields[field]) for field, text in form.items())
        empty = "name" in fields and not form.get("name", "").strip()
        assert answer.status_code == (422 if wrong or empty else 303), form
        assert "<script>" not in answer.text
    for listing in ("/staff/contacts/", "/staff/accounts/", f"/staff/accounts/{somebody['account']}/sites/"):
        assert_harmless(staff, listing)


@pytest.mark.parametrize("field", ["email", "language", "country", "address", "support_start", "portal_end", "version"])
def test_hostile_strings_in_fields_of_a_kind_are_never_an_error(
    staff: Browser, somebody: dict[str, int], field: str
) -> None:
    of_contact = {"email", "language"}
    path = "/staff/contacts/new" if field in of_contact else "/staff/accounts/new"
    form = {"name": "N", "first_name": "N"}
    if field in ("support_start", "portal_end", "version"):
        path, form = f"/staff/contacts/{somebody['contact']}", {"do": "fields", "support_start": "2026-01-01"}
    token = staff.token()
    for text in hostile()[::25]:
        answer = staff.post(path, {**form, field: text}, token=token)
        assert answer.status_code in (303, 422), text
        assert "<script>" not in answer.text


def assert_harmless(staff: Browser, path: str) -> None:
    """Every page of a list opens, and holds no script but ours."""
    while path:
        answer = staff.get(path)
        assert answer.status_code == 200
        assert "<script>" not in answer.text
        following = answer.text.partition('rel="next" href="')[2].partition('"')[0]
        path = following.replace("&amp;", "&")


def test_hostile_strings_may_be_searched_for(staff: Browser, somebody: dict[str, int]) -> None:
    lists = ("/staff/contacts/", "/staff/accounts/", f"/staff/contacts/{somebody['contact']}/memberships/")
    for n, text in enumerate(hostile()[::5]):
        answer = staff.get(lists[n % len(lists)], query_string={"q": text})
        assert answer.status_code == (400 if len(text) > 200 else 200), text
        assert "<script>" not in answer.text
