"""A real CRM's export, as its own program wrote it: every figure, for staff and for each client."""

import shutil
from collections import Counter
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Account, Contact, Membership
from core.db.session import WalledSession, open_session
from core.files.models import File
from core.files.storage import Store
from core.modules.reach import sight_of
from core.modules.registry import Registry
from core.modules.switches import set_switch
from plugins.cases.models import Case
from plugins.invoices import domain
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from tests.imports.exports import Export, read, write
from tests.strict import shared_data

TABLES = {
    "llx_societe.csv": ("core.account", 15),
    "llx_socpeople.csv": ("core.contact", 11),
    "llx_facture.csv": ("invoices.invoice", 22),
    "llx_facturedet.csv": ("invoices.line", 35),
    "llx_paiement.csv": ("invoices.payment", 23),
    "llx_paiement_facture.csv": ("invoices.allocation", 16),
}
#: one ticket, of an account that is not in the export
TICKET = ("llx_ticket.csv", "cases.case", 1, 1, 0, 1)
#: what the profile reads of the folder
READ = (*TABLES, TICKET[0], "llx_c_country.csv", "llx_c_paiement.csv", "llx_product.csv")


@pytest.fixture
def real(engine: Engine, registry: Registry, store: Store, tmp_path: Path) -> Export:
    """A copy of the part of the real export that the profile reads."""
    source, part = shared_data("dolibarr-demo-9"), tmp_path / "part"
    part.mkdir()
    for name in READ:
        shutil.copy(source / name, part / name)
    shutil.copytree(source / "documents_demo" / "facture", part / "documents_demo" / "facture")
    return Export(part, tmp_path / "real", engine, registry, store)


@pytest.fixture
def imported(real: Export) -> Export:
    """The real export, imported; invoices are on, and every contact has access."""
    real.load()
    with real.session(writes=True) as session:
        for module in ("cases", "invoices"):
            set_switch(session, real.registry, module, "tenant", real.tenant.id, True)
        for contact in session.scalars(select(Contact)):
            contact.portal_user, contact.support_start = True, date(2020, 1, 1)
            contact.portal_end = date.today() + timedelta(days=300)
        session.commit()
    return real


def client(export: Export, **of: Any) -> AbstractContextManager[WalledSession]:
    """A session of the contact with these values."""
    contact = export.one(Contact, **of)
    with export.session() as session:
        sight, _ = sight_of(session, export.registry, contact.id)
    return open_session(export.engine, sight)


def test_every_row_is_taken(real: Export) -> None:
    report = real.load()
    told = [(t.file, t.kind, t.rows, t.taken, t.refused, t.staff_only) for t in report.tables if t.there]
    assert sorted(told) == sorted([*((f, k, n, n, 0, 0) for f, (k, n) in TABLES.items()), TICKET])
    assert [x.reason for x in report.listed] == ["account_id: there is no core.account '248'"]
    assert report.gone == []
    assert report.table("llx_facture.csv").files == 14


def test_accounts_and_people(real: Export) -> None:
    real.load()
    contacts, members = real.all(Contact), {m.contact_id for m in real.all(Membership)}
    assert len(real.all(Account)) == 15
    assert (len(contacts), sum(c.id not in members for c in contacts)) == (11, 5)
    assert sum(not (c.email or c.phone or c.mobile) for c in contacts) == 8
    assert not any(c.portal_user or c.support_start or c.portal_end for c in contacts)


def test_every_total_is_what_its_parts_come_to(real: Export) -> None:
    real.load()
    for i in real.all(Invoice):
        assert i.total == i.net + i.tax + i.local_tax_1 + i.local_tax_2 + i.stamp, i.number
        assert i.currency == "EUR"
    by_invoice: Counter[int] = Counter()
    for line in real.all(Line):
        by_invoice[line.parent_id] += line.net
    assert sum(by_invoice[i.id] == i.net for i in real.all(Invoice)) == 22


def test_the_ticket_stays_with_the_staff(imported: Export) -> None:
    case = imported.one(Case)
    assert (case.number, case.subject, case.description, case.state) == ("aaa", "aaa", "aaa", "open")
    assert (case.urgency, case.kind, case.owner, case.account_id) == ("normal", "question", None, None)
    for contact in imported.all(Contact):
        with client(imported, id=contact.id) as session:
            assert session.scalars(select(Case)).all() == []


def test_states_and_kinds(real: Export) -> None:
    real.load()
    invoices = real.all(Invoice)
    assert Counter(i.status for i in invoices) == {"paid": 8, "pending": 11, "cancelled": 1, "draft": 2}
    assert Counter(i.kind for i in invoices) == {"standard": 17, "credit_note": 3, "deposit": 2}
    assert {i.number for i in invoices if not i.published} == {"(PROV216)", "(PROV217)"}
    numbers = {i.id: i.number for i in invoices}
    assert {i.number: numbers[i.corrects_id] for i in invoices if i.corrects_id} == {
        "AV1212-0001": "FA1107-0006",
        "AV1212-0002": "FA1107-0006",
        "AV1303-0003": "FA1212-0021",
    }


def test_payments_and_what_they_settle(real: Export) -> None:
    real.load()
    payments, allocations = real.all(Payment), real.all(Allocation)
    used = {a.payment_id for a in allocations}
    assert (len(payments), len(allocations), len(used), len({p.id for p in payments} - used)) == (23, 16, 14, 9)
    by_id = {p.id: p for p in payments}
    assert all((a.paid_on, a.method) == (by_id[a.payment_id].paid_on, by_id[a.payment_id].method) for a in allocations)
    assert Counter(p.method for p in payments)["Espèces"] == 12


def test_what_one_client_sees(imported: Export) -> None:
    with client(imported, email="eldy@example.com") as session:
        seen = {i.number: i for i in session.scalars(select(Invoice))}
        assert set(seen) == {"FA1107-0006", "FA1108-0007", "AV1212-0001", "AV1212-0002", "FA1107-0019"}
        assert Counter(i.kind for i in seen.values()) == {"standard": 2, "deposit": 1, "credit_note": 2}
        sums = [domain.due(Invoice), domain.credit(Invoice), domain.overdue(Invoice, date.today())]
        rows = session.execute(select(*sums)).all()
        assert [sum(column) for column in zip(*rows, strict=True)] == [1000, 1263, 1000]
        files = {f.name for f in session.scalars(select(File))}
        assert files == {f"{number}.pdf" for number in seen} - {"FA1107-0019.pdf"}
        assert session.scalars(select(Payment)).all() == []
        assert len(session.scalars(select(Allocation)).all()) == 3


@pytest.mark.parametrize("email", ["genius@example.com", "francky@example.com"])
def test_what_other_clients_see(imported: Export, email: str) -> None:
    with client(imported, email=email) as session:
        for cls in (Invoice, Line, Payment, Allocation, File):
            assert session.scalars(select(cls)).all() == []
        names = [a.name for a in session.scalars(select(Account))]
        assert names == (["Company Corp 1"] if email.startswith("genius") else [])


def test_no_client_sees_a_draft(imported: Export) -> None:
    seen: set[str] = set()
    for contact in imported.all(Contact):
        with client(imported, id=contact.id) as session:
            seen.update(session.scalars(select(Invoice.number)))
    assert seen
    assert not any(number.startswith("(PROV") for number in seen)


def test_importing_it_twice_changes_nothing(imported: Export) -> None:
    before = imported.dump()
    report = imported.load()
    assert imported.dump() == before
    assert all((t.taken, t.unchanged) == (0, t.rows) for t in report.tables)


def _shuffle(export: Export) -> None:
    for name in READ:
        rows = read(export.folder / name)
        write(export.folder / name, [dict(reversed(row.items())) for row in reversed(rows)])


REFERENCES = {
    "llx_societe.csv": ("rowid", "parent"),
    "llx_socpeople.csv": ("rowid", "fk_soc"),
    "llx_facture.csv": ("rowid", "fk_soc", "fk_facture_source"),
    "llx_facturedet.csv": ("rowid", "fk_facture", "fk_product"),
    "llx_paiement.csv": ("rowid", "fk_paiement"),
    "llx_paiement_facture.csv": ("rowid", "fk_facture", "fk_paiement"),
    "llx_product.csv": ("rowid",),
    "llx_c_paiement.csv": ("id",),
}


def _renumber(export: Export) -> None:
    for name, columns in REFERENCES.items():

        def change(rows: Any, columns: tuple[str, ...] = columns) -> None:
            for row in rows:
                row.update({c: f"n{10_000 - int(row[c])}" for c in columns if row[c] not in ("", "0")})

        export.change(name, change)


@pytest.mark.parametrize("change", [_shuffle, _renumber])
def test_a_copy_that_says_the_same_in_other_words_gives_the_same(real: Export, change: Any) -> None:
    real.load()
    twin = real.twin()
    change(twin)
    report = twin.load()
    assert all(t.taken == t.rows for t in report.tables)
    assert {x.file for x in report.listed} == {TICKET[0]}
    assert _told(twin) == _told(real)


def _told(export: Export) -> list[str]:
    accounts = {a.id: a.name for a in export.all(Account)}
    numbers = {i.id: i.number for i in export.all(Invoice)}
    told = [f"{a.name} {a.country} {accounts.get(a.parent_id)}" for a in export.all(Account)]
    told += [f"{c.name} {c.email_key} {c.phone_key}" for c in export.all(Contact)]
    invoices = export.all(Invoice)
    told += [f"{accounts[i.account_id]} {i.number} {i.status} {i.total} {i.corrects_id is None}" for i in invoices]
    told += [f"{numbers[x.parent_id]} {x.position} {x.description} {x.total}" for x in export.all(Line)]
    told += [f"{p.paid_on} {p.method} {p.amount}" for p in export.all(Payment)]
    told += [f"{numbers[a.parent_id]} {a.paid_on} {a.method} {a.amount}" for a in export.all(Allocation)]
    return sorted(told) + sorted(f"{numbers[f.parent_id]} {f.sha256}" for f in export.all(File))


BROKEN = {
    "llx_societe.csv": ("26", {"nom": ""}, "name: is missing"),
    "llx_socpeople.csv": ("2", {"lastname": "x" * 200}, "last_name: is longer than 120 characters"),
    "llx_facture.csv": ("151", {"datef": "19-01-2018"}, "issued_on: is no date"),
    "llx_facturedet.csv": ("754", {"qty": "one"}, "quantity: is no number"),
    "llx_paiement.csv": ("24", {"amount": "20,00"}, "amount: is no number"),
    "llx_paiement_facture.csv": ("24", {"fk_facture": "9999"}, "parent_id: there is no invoices.invoice '9999'"),
}


def test_one_broken_row_in_every_table_costs_itself_and_what_hangs_on_it(real: Export) -> None:
    for name, (rowid, values, _) in BROKEN.items():
        real.set(name, rowid, **values)
    report = real.load()
    for table in (report.table(name) for name in TABLES):
        assert table.rows == table.taken + table.unchanged + table.refused == TABLES[table.file][1]
    refused = {(x.file, x.external, x.reason.split(": '")[0]) for x in report.listed if not x.taken}
    for name, (rowid, _, reason) in BROKEN.items():
        assert any(f == name and e == rowid and r.startswith(reason) for f, e, r in refused), name
    # The line of the broken invoice cannot be, and the draft of the broken account is for staff alone.
    assert {(f, e) for f, e, _ in refused} - {(n, b[0]) for n, b in BROKEN.items()} == {("llx_facturedet.csv", "758")}
    assert {(x.file, x.external) for x in report.listed if x.taken} == {("llx_facture.csv", "216"), (TICKET[0], "1")}
    before = {name: count for name, (_, count) in TABLES.items()}
    lost = {name: before[name] - report.table(name).taken for name in before}
    assert lost == {**dict.fromkeys(TABLES, 1), "llx_facturedet.csv": 2}
