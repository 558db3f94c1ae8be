"""Exports of two other CRMs, as their own programs wrote them: every figure, and what clients see of it."""

import csv
from collections import Counter
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Account, Contact, ExternalId, Membership
from core.db.session import WalledSession, open_session
from core.files.storage import Store
from core.imports import Report
from core.modules.reach import sight_of
from core.modules.registry import Registry
from core.modules.switches import set_switch
from plugins.cases.models import Case
from plugins.invoices.models import Allocation, Invoice, Line
from tests.imports.exports import Export
from tests.strict import shared_data

Count = tuple[str, int, int, int, int]


def exported(name: str, tmp_path: Path, engine: Engine, registry: Registry, store: Store) -> Export:
    """A copy of a real export, and a tenant to import it for."""
    return Export(shared_data(name), tmp_path / "real", engine, registry, store)


def counts(report: Report) -> list[Count]:
    """Kind, rows, taken, not taken, for staff alone."""
    return [(t.kind, t.rows, t.taken, t.refused, t.staff_only) for t in report.tables]


def open_portal(export: Export, *modules: str) -> None:
    """Switch modules on, and let every contact in."""
    with export.session(writes=True) as session:
        for module in modules:
            set_switch(session, export.registry, module, "tenant", export.tenant.id, True)
        for contact in session.scalars(select(Contact)):
            contact.portal_user, contact.support_start = True, date(2020, 1, 1)
            contact.portal_end = date.today() + timedelta(days=300)
        session.commit()


def client(export: Export, contact_id: int) -> AbstractContextManager[WalledSession]:
    """A session of a contact."""
    with export.session() as session:
        sight, _ = sight_of(session, export.registry, contact_id)
    return open_session(export.engine, sight)


def rows_of(export: Export, file: str) -> list[dict[str, str]]:
    """What a file says, read without a line of ours."""
    with (export.folder / file).open(encoding="utf-8-sig", newline="") as found:
        return list(csv.DictReader(found))


@pytest.fixture
def x2(engine: Engine, registry: Registry, store: Store, tmp_path: Path) -> Export:
    """X2CRM's demonstration."""
    return exported("x2crm-demo", tmp_path, engine, registry, store)


@pytest.fixture
def ofbiz(engine: Engine, registry: Registry, store: Store, tmp_path: Path) -> Export:
    """The demonstration of OFBiz and opentaps."""
    return exported("ofbiz-opentaps-demo", tmp_path, engine, registry, store)


def test_x2_every_row_is_taken_and_again_nothing_changes(x2: Export) -> None:
    report = x2.load("x2crm")
    assert counts(report) == [
        ("core.account", 35, 35, 0, 0),
        ("core.contact", 1148, 1148, 0, 0),
        ("cases.case", 120, 120, 0, 27),
        ("quotes.quote", 51, 51, 0, 0),
        ("quotes.line", 85, 85, 0, 0),
    ]
    gone = Counter(listed.reason for listed in report.listed)
    assert gone == {
        "contact_id: there is no core.contact 'Nora Mckinnion_75'": 2,
        "contact_id: there is no core.contact 'Steve Mcqueen_1'": 1,
    }
    assert len(x2.all(Membership)) == 226
    before = x2.dump()
    again = x2.load("x2crm")
    assert x2.dump() == before
    assert [(t.taken, t.unchanged) for t in again.tables] == [(0, 35), (0, 1148), (0, 120), (0, 51), (0, 85)]


def test_x2_ten_states_are_four_and_moments_are_theirs(x2: Export) -> None:
    x2.load("x2crm")
    cases, said = x2.all(Case), {row["name"]: row for row in rows_of(x2, "x2_services.csv")}
    assert len({row["status"] for row in said.values()}) == 10
    assert Counter(c.state for c in cases) == {"open": 24, "in_progress": 57, "waiting": 23, "closed": 16}
    assert Counter(c.urgency for c in cases) == {"urgent": 29, "high": 21, "normal": 46, "low": 24}
    for case in cases:
        row = said[case.number]
        assert case.opened_at == datetime.fromtimestamp(int(row["createDate"]), UTC)
        assert case.active_at == datetime.fromtimestamp(int(row["lastUpdated"]), UTC)
        assert case.closed_at == (case.active_at if row["status"].startswith("Closed") else None)
        assert (case.subject, case.description) == ("", "")


def test_x2_each_case_is_seen_by_whom_it_names_and_their_account(x2: Export) -> None:
    """Against the files, read naively: who is named, and who else is of the same account."""
    x2.load("x2crm")
    open_portal(x2, "cases")
    company = {row["nameId"]: row["company"] for row in rows_of(x2, "x2_contacts.csv")}
    named = {row["name"]: row["contactId"] for row in rows_of(x2, "x2_services.csv")}
    reached: dict[str, set[str]] = {}
    for number, who in named.items():
        if who in company:
            theirs = {each for each, of in company.items() if of == company[who]} if company[who] else {who}
            for each in theirs:
                reached.setdefault(each, set()).add(number)
    of_account = [number for number, who in named.items() if company.get(who)]
    of_contact = [number for number, who in named.items() if company.get(who) == ""]
    assert (len(of_account), len(of_contact), len(named) - len(of_account) - len(of_contact)) == (23, 70, 27)
    local = {each.external: each.local_id for each in x2.all(ExternalId) if each.kind == "core.contact"}
    people = {row["nameId"]: local[row["id"]] for row in rows_of(x2, "x2_contacts.csv")}
    for who in [*reached, "Steve McQueen_1"]:
        with client(x2, people[who]) as session:
            assert set(session.scalars(select(Case.number))) == reached.get(who, set()), who
            assert session.scalars(select(Account.name)).all() == ([] if not company[who] else [_name(company[who])])


def _name(name_and_id: str) -> str:
    return name_and_id.rpartition("_")[0].strip()


def test_ofbiz_every_row_is_accounted_for_and_again_nothing_changes(ofbiz: Export) -> None:
    report = ofbiz.load("ofbiz")
    assert counts(report) == [
        ("core.account", 87, 15, 72, 0),
        ("core.contact", 98, 20, 78, 0),
        ("cases.case", 11, 11, 0, 0),
        ("invoices.invoice", 21, 12, 9, 0),
        ("invoices.line", 31, 15, 16, 0),
        ("invoices.allocation", 5, 1, 4, 0),
    ]
    assert {x.reason for x in report.table("Invoice.csv").listed} == {"not a sales invoice"}
    purchases = {r["invoiceId"] for r in rows_of(ofbiz, "Invoice.csv") if r["invoiceTypeId"] != "SALES_INVOICE"}
    assert {x.external for x in report.table("Invoice.csv").listed} == purchases
    before = ofbiz.dump()
    again = ofbiz.load("ofbiz")
    assert ofbiz.dump() == before
    assert [(t.taken, t.unchanged) for t in again.tables] == [(0, 15), (0, 20), (0, 11), (0, 12), (0, 15), (0, 1)]


def test_ofbiz_cases_come_with_their_text(ofbiz: Export) -> None:
    ofbiz.load("ofbiz")
    open_portal(ofbiz, "cases")
    said = {row["custRequestId"]: row for row in rows_of(ofbiz, "CustRequest.csv")}
    cases = {c.number: c for c in ofbiz.all(Case)}
    assert {n: (c.subject, c.description) for n, c in cases.items()} == {
        n: (row["custRequestName"], row["description"]) for n, row in said.items()
    }
    assert {n for n, c in cases.items() if c.opened_at is None} == {n for n in said if n.startswith("DemoCase")}
    assert Counter(c.state for c in cases.values()) == {"open": 8, "in_progress": 3}
    contact = ofbiz.one(Contact, first_name="Demo", last_name="First Contact")
    with client(ofbiz, contact.id) as session:
        assert set(session.scalars(select(Case.number))) == {n for n in said if n.startswith("DemoCase")}


def test_ofbiz_five_sales_invoices_leave_the_staff_side(ofbiz: Export) -> None:
    ofbiz.load("ofbiz")
    open_portal(ofbiz, "invoices")
    seen: dict[str, int] = {}
    lines = 0
    for contact in ofbiz.all(Contact):
        with client(ofbiz, contact.id) as session:
            seen |= {i.number: i.total for i in session.scalars(select(Invoice))}
            lines += len(session.scalars(select(Line)).all())
    totals = {"demo10002": 5699, "demo11000": 2000, "demo11001": 54323, "demo1200": 51123, "8100": 132000}
    assert seen == totals
    assert lines >= 6
    assert sum(line.total for line in ofbiz.all(Line)) == sum(i.total for i in ofbiz.all(Invoice))
    paid = ofbiz.one(Allocation)
    assert (paid.amount, paid.currency, ofbiz.one(Invoice, id=paid.parent_id).number) == (54323, "EUR", "demo11001")
    draft = ofbiz.one(Invoice, number="demo10000")
    assert (draft.net, draft.tax, draft.total, draft.published) == (28999, 3355, 32354, False)
