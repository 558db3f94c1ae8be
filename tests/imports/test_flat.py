"""One flat table that feeds accounts, invoices and lines: rows that become one, amounts that are computed,
rows without an id."""

import csv
import gzip
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from core.crm.models import Account, ExternalId
from core.db.record import Record
from core.files.storage import Store
from core.imports import ImportFailed, Report
from core.imports.report import TableReport
from core.modules.registry import Registry
from plugins.invoices.models import Invoice, Line
from tests.imports.exports import Export, Rows

RETAIL = Path(__file__).parents[1] / "data" / "retail-small"
FILE = "online-retail-small.csv"
LANTERN = "WHITE LANTERN"


class Flat(Export):
    """A copy of the small flat export, compressed at each change."""

    def rows(self) -> Rows:
        """The rows of the table."""
        with gzip.open(self.folder / f"{FILE}.gz", "rt", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, rows: Rows) -> None:
        """Write the table, with the columns of its first row."""
        with gzip.open(self.folder / f"{FILE}.gz", "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def edit(self, change: Callable[[Rows], None]) -> None:
        """Change the rows in place."""
        rows = self.rows()
        change(rows)
        self.write(rows)

    def append(self, text: str) -> None:
        """Write a row below the others, as it stands."""
        path = self.folder / f"{FILE}.gz"
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + text.encode()))

    def load(self, profile: str = "online-retail", **more: Any) -> Report:
        """Import the folder."""
        return super().load(profile, **more)

    def lines(self, number: str) -> list[tuple[str, Decimal, int]]:
        """Description, quantity and net amount of the lines of an invoice."""
        invoice = self.one(Invoice, number=number)
        return sorted((x.description, x.quantity, x.net) for x in self.all(Line) if x.parent_id == invoice.id)


@pytest.fixture
def flat(engine: Engine, registry: Registry, store: Store, tmp_path: Path) -> Flat:
    """The small flat export, compressed, and a tenant to import it for."""
    made = Flat(RETAIL, tmp_path / "flat", engine, registry, store)
    plain = made.folder / FILE
    (made.folder / f"{FILE}.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    return made


def table(report: Report, kind: str) -> TableReport:
    """The count of one kind."""
    return report.table(f"{FILE}.gz", kind)


def counts(report: Report) -> dict[str, tuple[int, int, int, int]]:
    """Rows, taken, unchanged, not taken, by kind."""
    return {t.kind: (t.rows, t.taken, t.unchanged, t.refused) for t in report.tables}


def test_one_file_feeds_accounts_invoices_and_lines(flat: Flat) -> None:
    report = flat.load()
    assert counts(report) == {
        "core.account": (3, 3, 0, 0),
        "invoices.invoice": (8, 8, 0, 0),
        "invoices.line": (12, 12, 0, 0),
    }
    assert report.listed == report.gone == []
    accounts = table(report, "core.account")
    assert (accounts.read, accounts.nameless) == (12, 2)
    assert {(a.name, a.code, a.country) for a in flat.all(Account)} == {
        ("501", "501", "GB"),
        ("502", "502", "ES"),  # as most of its rows say
        ("503", "503", "IE"),
    }


def test_an_invoice_is_what_its_rows_say_and_add_up_to(flat: Flat) -> None:
    flat.load()
    names = {a.id: a.name for a in flat.all(Account)}
    told = {i.number: (names.get(i.account_id), i.kind, i.issued_on, i.net, i.total) for i in flat.all(Invoice)}
    assert told == {
        "1001": ("501", "standard", date(2011, 3, 1), 2208, 2208),
        "1002": ("502", "standard", date(2011, 3, 2), 4350, 4350),
        "C1003": ("501", "credit_note", date(2011, 3, 3), -255, -255),
        "1004": (None, "standard", date(2011, 3, 3), 0, 0),
        "1005": ("502", "standard", date(2011, 3, 4), 101, 101),
        "C1006": ("503", "credit_note", date(2011, 3, 5), -101, -101),
        "A1007": (None, "standard", date(2011, 3, 6), -1106206, -1106206),
        "1008": ("502", "standard", date(2011, 3, 7), 1275, 1275),
    }
    by_invoice: dict[int, int] = {}
    for line in flat.all(Line):
        by_invoice[line.parent_id] = by_invoice.get(line.parent_id, 0) + line.total
    assert by_invoice == {i.id: i.total for i in flat.all(Invoice)}


def test_amounts_are_pounds_and_nothing_is_claimed_of_what_was_paid(flat: Flat) -> None:
    flat.load()
    assert {(i.currency, i.due_on, i.status) for i in flat.all(Invoice)} == {("GBP", None, "issued")}
    assert {line.currency for line in flat.all(Line)} == {"GBP"}


def test_equal_rows_are_as_many_lines(flat: Flat) -> None:
    flat.load()
    assert flat.lines("1001") == [("TEA TOWEL", 1, 339), ("TEA TOWEL", 1, 339), (LANTERN, 6, 1530)]
    assert flat.lines("1005") == [("JUMBO BAG", 3, 101), ("PADS", 1, 0)]
    assert flat.lines("1002") == [("CAKE STAND, 3 TIER", 2, 2550), ("POST", 1, 1800)]


def test_rows_without_a_customer_are_for_staff_alone_by_the_exports_own_word(flat: Flat) -> None:
    invoices = table(flat.load(), "invoices.invoice")
    assert (invoices.staff_only, invoices.listed) == (2, [])
    assert {i.number for i in flat.all(Invoice) if i.owner is None} == {"1004", "A1007"}
    assert {r.number for r in flat.all(Record) if r.owner is None} == {"1004", "A1007"}


def _shuffled(rows: Rows, seed: int) -> Rows:
    chance = random.Random(seed)
    columns = list(rows[0])
    chance.shuffle(columns)
    return [{c: row[c] for c in columns} for row in chance.sample(rows, len(rows))]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shuffled_copy_changes_nothing(flat: Flat, seed: int) -> None:
    flat.load()
    before = flat.dump()
    flat.write(_shuffled(flat.rows(), seed))
    report = flat.load()
    assert flat.dump() == before
    assert {(t.taken, t.refused, t.removed) for t in report.tables} == {(0, 0, 0)}
    assert report.gone == report.listed == []


def test_another_way_to_write_the_same_changes_nothing(flat: Flat) -> None:
    flat.load()
    before = flat.dump()

    def change(rows: Rows) -> None:
        for row in rows:
            row.update(UnitPrice=f"{row['UnitPrice']}00", Description=f" {row['Description']} ", Other="x")

    flat.edit(change)
    flat.load()
    assert flat.dump() == before


def test_the_table_may_come_plain_and_under_a_longer_name(flat: Flat) -> None:
    flat.load()
    before = flat.dump()
    (flat.folder / f"{FILE}.gz").rename(flat.folder / "online-retail-2026-03.csv.gz")
    assert {t.file for t in flat.load().tables} == {"online-retail-2026-03.csv.gz"}
    (flat.folder / "online-retail-2026-03.csv.gz").unlink()
    (flat.folder / "online-retail.csv").write_bytes((RETAIL / FILE).read_bytes())
    flat.load()
    assert flat.dump() == before


def _line(**values: str) -> dict[str, str]:
    found = dict.fromkeys(("InvoiceNo", "StockCode", "Description", "Quantity"), "")
    return {**found, "InvoiceDate": "2011-03-01 08:26:00", "UnitPrice": "1.0", "Country": "United Kingdom", **values}


def test_a_row_more_is_a_line_more(flat: Flat) -> None:
    flat.load()
    before = {line.id for line in flat.all(Line)}
    towel = _line(InvoiceNo="1001", Description="TEA TOWEL", Quantity="1", UnitPrice="3.39", CustomerID="501.0")
    flat.edit(lambda rows: rows.insert(0, towel))
    report = flat.load()
    assert counts(report)["invoices.line"] == (13, 1, 12, 0)
    assert counts(report)["invoices.invoice"] == (8, 1, 7, 0)
    assert before < {line.id for line in flat.all(Line)}
    assert [net for _, _, net in flat.lines("1001")] == [339, 339, 339, 1530]
    assert flat.one(Invoice, number="1001").total == 2547


def test_a_row_less_is_a_line_less(flat: Flat) -> None:
    flat.load()
    before = {line.id for line in flat.all(Line)}
    flat.edit(lambda rows: rows.remove(rows[1]))
    report = flat.load()
    assert counts(report)["invoices.line"] == (11, 0, 11, 0)
    assert (table(report, "invoices.line").removed, report.gone) == (1, [])
    assert len(before - {line.id for line in flat.all(Line)}) == 1
    assert flat.lines("1001") == [("TEA TOWEL", 1, 339), (LANTERN, 6, 1530)]
    assert flat.one(Invoice, number="1001").total == 1869
    assert len([x for x in flat.all(ExternalId) if x.kind == "invoices.line"]) == 11


def test_a_row_that_changed_stands_in_the_place_of_the_old_one(flat: Flat) -> None:
    flat.load()
    flat.edit(lambda rows: rows[0].update(Quantity="7"))
    report = flat.load()
    assert counts(report)["invoices.line"] == (12, 1, 11, 0)
    assert table(report, "invoices.line").removed == 1
    assert flat.lines("1001") == [("TEA TOWEL", 1, 339), ("TEA TOWEL", 1, 339), (LANTERN, 7, 1785)]
    before = flat.dump()
    flat.load()
    assert flat.dump() == before


def test_an_invoice_that_is_gone_stays_with_its_lines(flat: Flat) -> None:
    flat.load()
    lines = flat.lines("1002")
    flat.edit(lambda rows: [rows.remove(row) for row in list(rows) if row["InvoiceNo"] == "1002"] and None)
    report = flat.load()
    assert flat.lines("1002") == lines
    assert table(report, "invoices.line").removed == 0
    assert [(g.kind, g.now) for g in report.gone] == [("invoices.invoice", True), *[("invoices.line", True)] * 2]


BROKEN = {
    "a bad number": ({"Quantity": "six"}, "quantity: is no number", "net: Quantity is no number"),
    "no number at all": ({"UnitPrice": ""}, "net: UnitPrice is no number", "net: UnitPrice is no number"),
    "a price that no line can hold": ({"UnitPrice": "2.5500001"}, "unit_price: has more than 6 decimals", None),
    "an amount out of all bounds": ({"UnitPrice": "9" * 18}, "unit_price: is too large", "net: is too large"),
    "a bad date": ({"InvoiceDate": "01/03/2011"}, None, "issued_on: is no date"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_row_that_cannot_be_read_keeps_its_invoice_from_clients(flat: Flat, case: str) -> None:
    values, of_line, of_invoice = BROKEN[case]
    flat.edit(lambda rows: rows[0].update(values))
    report = flat.load()
    lines, invoices = table(report, "invoices.line"), table(report, "invoices.invoice")
    assert [(x.line, x.taken, x.reason.startswith(of_line or "-")) for x in lines.listed] == (
        [(2, False, True)] if of_line else []
    )
    assert (lines.rows, lines.refused) == (12, int(of_line is not None))
    assert [(x.line, x.external, x.taken) for x in invoices.listed] == ([(2, "1001", True)] if of_invoice else [])
    assert all(x.reason.startswith(of_invoice or "-") for x in invoices.listed)
    assert (invoices.taken, invoices.refused) == (8, 0)
    assert (flat.one(Invoice, number="1001").owner is None) == (of_invoice is not None)
    flat.edit(lambda rows: rows[0].update(Quantity="6", UnitPrice="2.55", InvoiceDate="2011-03-01 08:26:00"))
    assert flat.load().listed == []
    assert flat.one(Invoice, number="1001").owner is not None
    assert len(flat.lines("1001")) == 3


def test_a_row_without_a_number_is_listed_once_and_belongs_to_no_invoice(flat: Flat) -> None:
    flat.edit(lambda rows: rows[1].update(InvoiceNo=" "))
    report = flat.load()
    assert [(x.file, x.line, x.reason) for x in report.listed] == [(f"{FILE}.gz", 3, "parent_id: is missing")]
    assert table(report, "invoices.invoice").nameless == 1
    assert flat.one(Invoice, number="1001").total == 1869


def test_rows_that_name_several_customers_are_for_staff_alone(flat: Flat) -> None:
    flat.edit(lambda rows: rows[2].update(CustomerID="502.0"))
    invoices = table(flat.load(), "invoices.invoice")
    assert [(x.external, x.taken, x.reason) for x in invoices.listed] == [
        ("1001", True, "account_id: its rows do not name the same")
    ]
    assert flat.one(Invoice, number="1001").owner is None
    flat.edit(lambda rows: rows[2].update(CustomerID=""))
    flat.load()
    assert flat.one(Invoice, number="1001").owner is None


def test_a_row_with_too_few_columns_puts_in_doubt_the_invoice_that_it_names(flat: Flat) -> None:
    flat.append('1008,X,Y\n"1002\n')
    report = flat.load()
    assert {t.kind: (t.rows, t.taken, t.refused) for t in report.tables} == {
        "core.account": (5, 3, 2),
        "invoices.invoice": (9, 8, 1),
        "invoices.line": (14, 12, 2),
    }
    assert flat.one(Invoice, number="1008").owner is None
    assert flat.one(Invoice, number="1002").owner is not None


def test_while_rows_cannot_be_read_their_invoice_keeps_its_lines(flat: Flat) -> None:
    flat.load()
    flat.edit(lambda rows: (rows[0].update(Quantity="six"), rows.pop(4))[0])  # 1001 broken, 1002 a line less
    report = flat.load()
    assert table(report, "invoices.line").removed == 1
    assert (len(flat.lines("1001")), len(flat.lines("1002"))) == (3, 1)
    assert [g.kind for g in report.gone] == ["invoices.line"]
    flat.edit(lambda rows: rows[0].update(Quantity="6"))
    assert flat.load().gone == []


def test_while_it_is_not_known_whose_row_one_is_nothing_is_removed(flat: Flat) -> None:
    flat.load()
    flat.edit(lambda rows: (rows[0].update(InvoiceNo=""), rows.pop(4))[0])
    assert table(flat.load(), "invoices.line").removed == 0
    assert len(flat.lines("1002")) == 2


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), "cannot be read"),
        (lambda path: path.write_bytes(b"InvoiceNo,StockCode\n"), "cannot be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:40] + b"x" * 40), "cannot be read"),
        (lambda path: path.with_name("online-retail-2.csv").write_text(""), "are both in the folder"),
        (lambda path: path.write_bytes(gzip.compress(b"InvoiceNo\n1\n")), "has no column 'Country'"),
    ],
    ids=["cut off", "not compressed", "damaged", "two of them", "no column"],
)
def test_a_table_that_cannot_be_read_changes_nothing(flat: Flat, break_it: Any, message: str) -> None:
    break_it(flat.folder / f"{FILE}.gz")
    with pytest.raises(ImportFailed, match=message):
        flat.load()
    assert flat.all(Account) == flat.all(Line) == flat.all(ExternalId) == []


def test_rows_in_several_currencies_are_no_sum(flat: Flat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = tmp_path / "m" / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "own.toml").write_text(
        '[[table]]\nfile = "bills.csv"\ninto = "invoices.invoice"\nid = "no"\ngroup = true\n[table.fields]\n'
        'number = "no"\nstatus = { value = "paid" }\nissued_on = "day"\ncurrency = "money"\n'
        'total = { column = "sum", sum = true }\n'
    )
    monkeypatch.setattr("core.imports.language.folders", lambda registry: [profiles])
    (flat.folder / "bills.csv").write_text(
        "no,day,money,sum\n1,2026-01-01,EUR,1.50\n1,2026-01-01,GBP,1\n2,2026-01-02,EUR,1.50\n2,2026-01-02,EUR,\n"
        "2,2026-01-01,EUR,2.25\n"
    )
    report = flat.load("own")
    assert [(x.external, x.reason) for x in report.listed] == [("1", "its rows are in several currencies: EUR, GBP")]
    assert (flat.one(Invoice).total, flat.one(Invoice).issued_on) == (375, date(2026, 1, 2))
