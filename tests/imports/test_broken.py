"""Rows that cannot be taken, or not as they stand, are listed with file, line and reason, and all else is
as if they were not there."""

from pathlib import Path

import pytest

from core.crm.models import Account, Contact
from core.db.record import Record
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from tests.imports.exports import Export

BROKEN = [
    ("llx_societe.csv", "2", {"nom": ""}, "name: is missing"),
    ("llx_societe.csv", "2", {"nom": "x" * 201}, "name: is longer than 200 characters"),
    ("llx_societe.csv", "2", {"rowid": ""}, "rowid: an id of 1 to 200 characters is needed"),
    ("llx_socpeople.csv", "3", {"email": "x" * 255}, "email: is longer than 254 characters"),
    ("llx_socpeople.csv", "3", {"rowid": "2", "lastname": "Free"}, "has the same id as line 3"),
    ("llx_facture.csv", "5", {"datef": "03/04/2026"}, "issued_on: is no date"),
    ("llx_facture.csv", "5", {"datef": ""}, "issued_on: is missing"),
    ("llx_facture.csv", "5", {"total": "10,00"}, "net: is no number"),
    ("llx_facture.csv", "5", {"total": "10.005"}, "net: has more decimals than its currency"),
    ("llx_facture.csv", "5", {"total": "9" * 18}, "net: is too large an amount"),
    ("llx_facture.csv", "5", {"fk_statut": "9"}, "status: '9' of fk_statut is not known"),
    ("llx_facture.csv", "5", {"facnumber": "x" * 61}, "number: is longer than 60 characters"),
    ("llx_facturedet.csv", "12", {"qty": "many"}, "quantity: is no number"),
    ("llx_facturedet.csv", "12", {"subprice": "1.1234567"}, "unit_price: has more than 6 decimals"),
    ("llx_facturedet.csv", "12", {"rang": "1.5"}, "position: is no whole number"),
    ("llx_facturedet.csv", "12", {"fk_facture": "99"}, "parent_id: there is no invoices.invoice '99'"),
    ("llx_facturedet.csv", "12", {"fk_facture": ""}, "parent_id: is missing"),
    ("llx_paiement.csv", "21", {"datep": "2026-02-30"}, "paid_on: is no date"),
    ("llx_paiement_facture.csv", "31", {"fk_facture": "99"}, "parent_id: there is no invoices.invoice '99'"),
]


@pytest.mark.parametrize(("file", "rowid", "values", "reason"), BROKEN)
def test_a_row_that_cannot_be_taken_is_listed_and_the_rest_is_as_without_it(
    export: Export, file: str, rowid: str, values: dict[str, str], reason: str
) -> None:
    export.set(file, rowid, **values)
    report = export.load()
    table = report.table(file)
    assert (table.rows, table.taken, table.refused) == (table.taken + 1, table.rows - 1, 1)
    assert [(x.file, reason in x.reason) for x in report.listed if not x.taken] == [(file, True)]
    twin = export.twin()
    twin.change(file, lambda rows: [row for row in rows if not values.items() <= row.items()])
    assert [t.taken for t in twin.load().tables] == [t.taken for t in report.tables]
    assert _told(twin) == _told(export)


def _told(export: Export) -> list[str]:
    invoices = {i.id: i.number for i in export.all(Invoice)}
    told = [f"account {a.name}" for a in export.all(Account)] + [f"contact {c.name}" for c in export.all(Contact)]
    told += [f"invoice {i.number} {i.total} {i.published} {i.owner is None}" for i in export.all(Invoice)]
    told += [f"line {invoices[x.parent_id]} {x.description}" for x in export.all(Line)]
    told += [f"payment {p.amount}" for p in export.all(Payment)]
    return told + [f"allocation {invoices[a.parent_id]} {a.amount}" for a in export.all(Allocation)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"9,too,few", "has 3 columns where the first line names 4"),
        (b"9,20,3,1,2", "has 5 columns"),
        (b"9,20,3,1\0", "holds a NUL character"),
        (b"9,20,3,1\xff", "is not UTF-8 text"),
        (b'9,20,"3,1', "has broken quoting"),
    ],
)
def test_a_line_that_is_no_row_is_listed(export: Export, line: bytes, reason: str) -> None:
    path = export.folder / "llx_paiement_facture.csv"
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], line, *lines[1:]]))
    report = export.load()
    table = report.table(path.name)
    assert (table.rows, table.taken, table.refused) == (3, 2, 1)
    assert [(x.line, reason in x.reason) for x in table.listed] == [(2, True)]
    assert len(export.all(Allocation)) == 2


def test_a_file_in_latin_1_is_told_row_by_row(export: Export) -> None:
    path = export.folder / "llx_societe.csv"
    path.write_bytes(path.read_bytes().decode("utf-8").encode("latin-1"))
    table = export.load().table(path.name)
    assert [a.name for a in export.all(Account)] == ["Hotel Mar"]
    assert ["Latin-1" in x.reason for x in table.listed] == [True, True]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"fk_soc": "99"}, "account_id: there is no core.account '99'"),
        ({"fk_facture_source": "99"}, "corrects_id: there is no invoices.invoice '99'"),
        ({"fk_facture_source": "5"}, "corrects_id: there is no invoices.invoice '5'"),
        ({"total_ttc": "12.00"}, "the total is not net + VAT + local taxes + stamp"),
    ],
)
def test_a_record_in_doubt_is_for_staff_alone_until_the_crm_is_mended(
    export: Export, values: dict[str, str], reason: str
) -> None:
    export.load()
    before = export.one(Invoice, number="FA-4")
    export.set("llx_facture.csv", "5", **values)
    report = export.load()
    table = report.table("llx_facture.csv")
    assert (table.rows, table.taken, table.unchanged, table.refused, table.staff_only) == (6, 1, 5, 0, 1)
    assert [(x.external, x.taken, reason in x.reason) for x in table.listed] == [("5", True, True)]
    for row in (export.one(Invoice, number="FA-4"), export.one(Record, number="FA-4")):
        assert (row.account_id, row.site_id, row.contact_id, row.owner) == (None, None, None, None)
    again = export.load().table("llx_facture.csv")
    assert (again.taken, again.unchanged, again.staff_only, len(again.listed)) == (0, 6, 1, 1)
    export.set("llx_facture.csv", "5", fk_soc="2", fk_facture_source="", total_ttc="12.1")
    assert export.load().listed == []
    after = export.one(Invoice, number="FA-4")
    assert (after.owner, after.corrects_id) == (before.owner, None)


def test_a_record_in_doubt_is_so_from_the_first_import_on(export: Export) -> None:
    export.set("llx_facture.csv", "3", fk_soc="99")
    table = export.load().table("llx_facture.csv")
    assert (table.taken, table.new, table.staff_only) == (6, 6, 1)
    assert export.one(Invoice, number="FA-2").owner is export.one(Record, number="FA-2").owner is None
    assert len(export.all(Line)) == 4


def test_a_part_without_a_reference_that_it_can_do_without_is_taken_and_listed(export: Export) -> None:
    export.set("llx_paiement_facture.csv", "31", fk_paiement="20")
    export.set("llx_paiement.csv", "20", amount="a lot")
    table = export.load().table("llx_paiement_facture.csv")
    assert (table.taken, table.refused, table.staff_only) == (2, 0, 0)
    assert {x.reason for x in table.listed} == {"payment_id: there is no invoices.payment '20'"}
    assert [a.payment_id for a in export.all(Allocation)] == [None, None]


def test_accounts_that_are_each_others_parent_are_nobodys(export: Export) -> None:
    export.set("llx_societe.csv", "3", parent="1")
    export.set("llx_societe.csv", "2", parent="1")
    report = export.load()
    names = {a.id: a.name for a in export.all(Account)}
    parents = {a.name: names.get(a.parent_id) for a in export.all(Account)}
    assert parents == {"Talleres Núñez": None, "Grupo Núñez": None, "Hotel Mar": "Talleres Núñez"}
    assert sorted(x.external for x in report.listed) == ["1", "3"]
    before = export.dump()
    export.load()
    assert export.dump() == before


def test_an_account_is_not_its_own_parent(export: Export) -> None:
    export.set("llx_societe.csv", "3", parent="3")
    assert [x.external for x in export.load().listed] == ["3"]
    assert export.one(Account, name="Grupo Núñez").parent_id is None


@pytest.mark.parametrize("content", [b"<html>no PDF</html>", b""])
def test_a_file_that_is_not_what_it_says_is_listed_and_its_record_taken(export: Export, content: bytes) -> None:
    (export.folder / "documents/facture/FA-1/FA-1.pdf").write_bytes(content)
    table = export.load().table("llx_facture.csv")
    assert [(x.reason, x.taken) for x in table.listed] == [("FA-1.pdf: the file is no application/pdf", True)]
    assert (table.taken, table.files) == (6, 1)


def test_a_file_that_is_too_large_is_listed(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.imports.documents._LARGEST", 10)
    table = export.load().table("llx_facture.csv")
    assert len(table.listed) == 2
    assert table.files == 0


@pytest.mark.parametrize("number", ["../../secret", "..", "/etc/passwd", "a/b", "a\\b"])
def test_a_number_that_leads_out_of_the_folder_opens_nothing(export: Export, number: str) -> None:
    for name in ("secret.pdf", "export/documents/secret.pdf", "export/documents/facture/...pdf"):
        (export.folder.parent / name).write_bytes(b"%PDF-1.4 secret")
    export.set("llx_facture.csv", "2", facnumber=number)
    table = export.load().table("llx_facture.csv")
    assert [x.reason for x in table.listed] == [f"file: {number!r} is not the name of a file"]
    assert (table.taken, table.files) == (6, 1)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(export: Export, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"%PDF-1.4 secret")
    path = export.folder / "documents/facture/FA-1/FA-1.pdf"
    path.unlink()
    path.symlink_to(secret)
    table = export.load().table("llx_facture.csv")
    assert ["leads out of the folder" in x.reason for x in table.listed] == [True]
    assert table.files == 1
