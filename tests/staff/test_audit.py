"""The audit says who did what, and never what it was about."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.audit import _QUIET, AuditEntry
from core.crm.models import Tenant
from core.db.model import Model
from core.modules.registry import Registry
from core.staff.audit_words import fields_called, kind_called
from core.web import refusals
from plugins.cases.models import Case
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import hidden, words
from tests.staff.test_pages import make_some

Told = list[tuple[str, str, str, dict[str, Any]]]


def told(engine: Engine, tenant: Tenant) -> Told:
    """What the audit has: who, what, of what, and the details."""
    with rows.writing(engine, tenant) as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(e.actor_name, e.what, e.target_kind, e.details) for e in found]


def test_sign_ins_are_noted_those_that_fail_too(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    stranger = staff.fresh()
    for identifier in ("sara@agua.example", "nobody@agua.example"):
        assert stranger.sign_in(identifier, "wrong password").status_code != 303
    staff.post("/logout")
    assert told(engine, tenant) == [
        ("Sara Gil", "signed_in", "", {}),
        ("", "not_signed_in", "staff", {}),
        ("", "not_signed_in", "", {}),
        ("Sara Gil", "signed_out", "", {}),
    ]


def test_a_change_names_its_fields_and_nothing_that_stands_in_them(
    engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    ids = make_some(engine, tenant)
    edit = f"/staff/contacts/{ids['contact']}/edit"
    secret = {"first_name": "Zacarias", "last_name": "Ruiz", "email": "z@example.com"}
    assert staff.post(edit, secret | {"version": hidden(staff.get(edit), "version")}).status_code == 303
    assert ("Sara Gil", "changed", "contact", {"fields": ["email", "first_name"]}) in told(engine, tenant)
    page = staff.get("/staff/audit/")
    assert "E-mail, First name" in words(page)
    assert "Zacarias" not in page.text


def test_things_and_fields_are_called_as_pages_call_them(registry: Registry) -> None:
    """Of every table that people write in, whatever module it belongs to: no name of a table, none of a column."""
    followed = _QUIET | {"counter", "periodic_slot", "receipt", "record", "search_entry", "tenant_host"}
    mapped = [m for m in Model.registry.mappers if m.class_.__module__.startswith(("core.", "plugins."))]
    names = {str(m.local_table.name) for m in mapped} - followed  # type: ignore[attr-defined]
    assert len(names) > 30
    assert [name for name in names if kind_called(registry, name) == name] == []
    assert kind_called(registry, "cases.case") == "Case"
    assert fields_called(registry, "projects_task", ["title", "published"]) == ["Task", "Clients see it"]
    assert fields_called(registry, "contact", ["password_hash", "password_until", "portal_user"]) == [
        "Password", "Portal user",
    ]  # fmt: skip
    assert kind_called(registry, "removed_since") == "removed_since"


def test_records_are_called_by_their_numbers_those_of_others_are_not(
    engine: Engine, tenant: Tenant, other: Tenant, staff: Browser
) -> None:
    ids = []
    for of in (tenant, other):
        with rows.writing(engine, of) as session:
            case = Case(account_id=rows.account(session, "Acme").id, number=f"C-{of.slug}", subject="Leak")
            session.add(case)
            session.flush()
            ids.append(case.id)
    with rows.writing(engine, tenant) as session:
        for id_ in (*ids, 99999):
            session.add(AuditEntry(actor_kind="system", what="changed", target_kind="cases.case", target_id=id_))
    page = words(staff.get("/staff/audit/"))
    assert all(f"Case {called}" in page for called in (f"C-{tenant.slug}", ids[1], 99999))
    assert f"C-{other.slug}" not in page


def test_what_is_undone_is_not_noted(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    assert staff.post("/staff/accounts/new", {"name": ""}).status_code == 422
    assert [what for _, what, _, _ in told(engine, tenant)] == ["signed_in"]


def test_downloads_and_refusals_are_noted(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    assert staff.get("/staff/records/invoices/invoice/export.csv").status_code == 200
    assert staff.get("/staff/records/invoices/123456").status_code == 404
    assert staff.post("/staff/access/", {}, token="wrong").status_code == 403
    assert staff.get("/staff/nonsense").status_code == 404  # names nothing
    assert [entry[1:3] for entry in told(engine, tenant)[1:]] == [
        ("exported", "invoices.invoice"),
        ("refused", "invoices"),
        ("refused", "staff.access"),
    ]


def test_who_asks_for_everything_is_noted_often_enough(
    engine: Engine, tenant: Tenant, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "_MOST", 3)
    for number in range(5):
        staff.get(f"/staff/records/invoices/{number}")
    assert [what for _, what, _, _ in told(engine, tenant)].count("refused") == 3


def test_the_page_narrows_and_turns(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    with rows.writing(engine, tenant) as session:
        for number in range(60):
            entry = AuditEntry(actor_kind="contact", actor_name=f"Ana {number:02}", what="exported")
            entry.details = {"format": "csv", "rows": number}
            session.add(entry)
    first = words(staff.get("/staff/audit/?what=exported"))
    assert [name in first for name in ("Ana 59", "Ana 10", "Ana 09")] == [True, True, False]
    assert "Sara Gil" not in first.split("Was refused")[-1]
    assert "Ana 33" in words(staff.get("/staff/audit/?q=ana+33"))
    assert "Ana 33" in words(staff.get("/staff/audit/?q=ana+33%00")), "which PostgreSQL would not look for"
    assert "Nothing matches" in words(staff.get("/staff/audit/?q=nobody"))
    for wrong in ("what=all", "before=x"):
        assert staff.get(f"/staff/audit/?{wrong}").status_code == 400


def test_another_tenants_audit_is_not_there(engine: Engine, tenant: Tenant, other: Tenant, staff: Browser) -> None:
    with rows.writing(engine, other) as session:
        session.add(AuditEntry(actor_kind="contact", actor_name="Fermín", what="exported", details={}))
    assert "Fermín" not in staff.get("/staff/audit/").text


def test_the_sign_in_of_a_client_is_noted_as_theirs(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    contact = world.add_contact(engine, tenant, "cliente@example.com")
    client = staff.fresh()
    assert client.sign_in("cliente@example.com").status_code == 303
    with rows.writing(engine, tenant) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.actor_kind, entry.actor_id, entry.address) == ("contact", contact.id, "192.0.2.1")
