"""What the small export becomes, and what ends an import before it begins."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.crm.models import Account, Contact, ExternalId, Membership
from core.db.session import open_session
from core.db.viewer import system
from core.files.models import File
from core.files.storage import Store
from core.imports import ImportFailed, Progress, run
from core.modules.registry import Registry
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from tests.imports.exports import SMALL, Export, dump, make_tenant, read, write

COUNTS = {"core.account": 3, "core.contact": 3, "invoices.invoice": 6, "invoices.line": 4, "invoices.payment": 2}


def test_every_row_of_the_export_is_taken(export: Export) -> None:
    report = export.load()
    assert {t.kind: (t.rows, t.taken, t.unchanged, t.refused) for t in report.tables if t.there} == {
        kind: (count, count, 0, 0) for kind, count in (COUNTS | {"invoices.allocation": 2}).items()
    }
    assert report.listed == report.gone == []


def test_accounts_come_with_their_parent_even_one_further_down(export: Export) -> None:
    export.load()
    workshop, hotel, group = (export.one(Account, name=n) for n in ("Talleres Núñez", "Hotel Mar", "Grupo Núñez"))
    assert (workshop.parent_id, hotel.parent_id, group.parent_id) == (group.id, None, None)
    assert workshop.address == "Calle Mayor, 1\n2.º B"
    assert (workshop.country, hotel.country, workshop.code, hotel.code) == ("ES", "", "C1", "P2")


def test_contacts_come_with_keys_and_membership_and_without_access(export: Export) -> None:
    export.load()
    ana = export.one(Contact, first_name="Ana")
    assert (ana.email, ana.email_key) == ("Ana@Example.com", "ana@example.com")
    assert (ana.phone_key, ana.mobile_key) == ("+34912345679", "+34600000001")
    assert (ana.portal_user, ana.support_start, ana.portal_end, ana.password_hash) == (False, None, None, None)
    member = export.one(Membership, contact_id=ana.id)
    assert member.account_id == export.one(Account, code="C1").id
    assert len(export.all(Membership)) == 2


def test_the_second_phone_counts_where_the_first_is_empty(export: Export) -> None:
    export.set("llx_socpeople.csv", "1", phone="", phone_perso="+33 1 44 55 66 77")
    export.load()
    assert export.one(Contact, first_name="Ana").phone_key == "+33144556677"


def test_invoices_come_with_state_amounts_and_what_they_correct(export: Export) -> None:
    export.load()
    invoices = {i.number: i for i in export.all(Invoice)}
    fine = invoices["FA-1"]
    assert (fine.issued_on, fine.due_on) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (fine.net, fine.tax, fine.total, fine.currency) == (10000, 2100, 12100, "EUR")
    assert (fine.reference, fine.note) == ("PO 7", 'He said "fine"; yes')
    assert {n: (i.status, i.kind) for n, i in invoices.items()} == {
        "AV-1": ("pending", "credit_note"),
        "FA-1": ("paid", "standard"),
        "FA-2": ("pending", "standard"),
        "FA-3": ("pending", "deposit"),
        "FA-4": ("cancelled", "standard"),
        "(PROV6)": ("draft", "standard"),
    }
    assert invoices["AV-1"].corrects_id == fine.id
    assert invoices["FA-3"].stamp == 40
    assert invoices["FA-4"].reason == "never agreed"
    assert [n for n, i in invoices.items() if not i.published] == ["(PROV6)"]


def test_lines_and_allocations_hang_on_their_invoice(export: Export) -> None:
    export.load()
    first, second = export.one(Invoice, number="FA-1"), export.one(Invoice, number="FA-2")
    lines = {(n.parent_id, n.position): n for n in export.all(Line)}
    assert lines[first.id, 1].description == "Fire extinguisher 6 kg"
    assert (lines[second.id, 2].unit_price, lines[second.id, 1].quantity) == (Decimal("20.123456"), Decimal("1.5"))
    paid = export.one(Payment, number="PAY-1")
    made = [(a.parent_id, a.payment_id, a.paid_on, a.method, a.amount) for a in export.all(Allocation)]
    assert made == [
        (first.id, paid.id, date(2026, 3, 20), "Virement", 12100),
        (second.id, paid.id, date(2026, 3, 20), "Virement", 2000),
    ]


def test_the_crms_own_files_hang_on_their_records(export: Export) -> None:
    report = export.load()
    files = {f.name: f for f in export.all(File)}
    assert set(files) == {"FA-1.pdf", "FA-2.pdf"}
    assert report.table("llx_facture.csv").files == 2
    file = files["FA-1.pdf"]
    assert file.parent_id == export.one(Invoice, number="FA-1").id
    assert export.store.get(file.key) == (SMALL / "documents/facture/FA-1/FA-1.pdf").read_bytes()


def test_an_import_is_seen_by_its_own_tenant_alone(export: Export) -> None:
    other = make_tenant(export.engine, "other")
    before = _tenant_dump(export, other.id)
    export.load()
    assert _tenant_dump(export, other.id) == before


def _tenant_dump(export: Export, tenant_id: int) -> dict[str, list[tuple[object, ...]]]:
    with open_session(export.engine, system(tenant_id)) as session:
        return dump(session)


def test_two_tenants_may_import_the_same_export(export: Export) -> None:
    export.load()
    twin = export.twin(currency="USD", country="FR")
    report = twin.load()
    assert sum(t.taken for t in report.tables) == 20
    assert {i.currency for i in twin.all(Invoice)} == {"USD"}
    assert twin.one(Contact, first_name="Ana").mobile_key == "+33600000001"


def test_progress_is_told_for_every_table(export: Export) -> None:
    told: list[Progress] = []
    report = export.load(progress=told.append)
    there = [table for table in report.tables if table.there]
    assert [(p.file, p.rows) for p in told if p.share == 1.0] == [(t.file, t.rows) for t in there]


def test_a_table_that_is_not_in_the_folder_says_nothing_of_its_rows(export: Export) -> None:
    export.load()
    (export.folder / "llx_paiement_facture.csv").unlink()
    report = export.load()
    table = report.table("llx_paiement_facture.csv")
    assert (table.there, table.rows, report.gone) == (False, 0, [])
    assert len(export.all(Allocation)) == 2


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda e: [p.unlink() for p in e.folder.glob("*.csv")], "holds no table of this profile"),
        (lambda e: (e.folder / "llx_c_country.csv").unlink(), "llx_c_country.csv is not in the folder"),
        (lambda e: (e.folder / "llx_facture.csv").write_text(""), "llx_facture.csv is empty"),
        (lambda e: (e.folder / "llx_facture.csv").write_text("rowid\n"), "llx_facture.csv has no column 'close_code'"),
        (lambda e: (e.folder / "llx_facture.csv").write_text("rowid\ttype\n"), "must be separated by commas"),
        (lambda e: (e.folder / "llx_c_paiement.csv").write_text("id,code\n"), "has no column 'libelle'"),
    ],
)
def test_an_export_that_cannot_be_read_changes_nothing(export: Export, break_it: object, message: str) -> None:
    break_it(export)  # type: ignore[operator]
    with pytest.raises(ImportFailed, match=message):
        export.load()
    assert export.all(Account) == export.all(ExternalId) == []


def test_a_table_that_is_a_link_out_of_the_folder_is_not_read(export: Export, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere.csv"
    (export.folder / "llx_facture.csv").rename(moved)
    (export.folder / "llx_facture.csv").symlink_to(moved)
    with pytest.raises(ImportFailed, match=r"llx_facture\.csv leads out of the folder"):
        export.load()
    assert export.all(Account) == []


def test_a_folder_or_tenant_that_is_not_there_is_named(export: Export, store: Store, registry: Registry) -> None:
    with pytest.raises(ImportFailed, match="there is no tenant 'nobody'"):
        run(export.engine, registry, store, "nobody", "dolibarr", export.folder)
    with pytest.raises(ImportFailed, match="is no folder"):
        run(export.engine, registry, store, "baterias", "dolibarr", export.folder / "nope")


def test_shuffled_rows_and_columns_make_no_difference(export: Export) -> None:
    export.load()
    for path in export.folder.glob("*.csv"):
        rows = [dict(reversed(row.items())) for row in reversed(read(path))]
        write(path, rows)
    with export.session() as session:
        before = dump(session)
    report = export.load()
    assert {t.taken + t.refused for t in report.tables} == {0}
    with export.session() as session:
        assert dump(session) == before
    assert before["account"]
