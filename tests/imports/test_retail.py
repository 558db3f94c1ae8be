"""A year of a real shop's sales in one flat file: every figure, and what single customers see of it."""

import csv
import gzip
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from core.crm.models import Account, Contact, ExternalId, Membership
from core.db.engine import make_engine
from core.db.session import open_session
from core.files.storage import Store
from core.imports import Report
from core.modules.reach import sight_of
from core.modules.registry import Registry
from core.modules.switches import set_switch
from plugins.invoices import domain
from plugins.invoices.models import Invoice, Line
from tests.databases import SqliteDatabases
from tests.imports.exports import Export, Rows
from tests.strict import shared_data

NAME = "online-retail-to-2011-08.csv.gz"


@dataclass
class Told:
    """What the file itself says, read without a line of ours."""

    rows: int = 0
    totals: Counter[str] = field(default_factory=Counter)
    customers: dict[str, str] = field(default_factory=dict)
    lines: Counter[tuple[str, str, Decimal, Decimal]] = field(default_factory=Counter)

    @classmethod
    def of(cls, rows: Rows) -> "Told":
        """Add up the rows of a file."""
        told = cls()
        for row in rows:
            number, quantity, price = row["InvoiceNo"], Decimal(row["Quantity"]), Decimal(row["UnitPrice"])
            told.rows += 1
            told.totals[number] += int((quantity * price * 100).to_integral_value(ROUND_HALF_UP))
            told.customers[number] = row["CustomerID"].removesuffix(".0")
            text = row["Description"].strip() or row["StockCode"]
            told.lines[number, text, quantity, price] += 1
        return told


def read(path: Path) -> Rows:
    """The rows of a compressed file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Rows) -> None:
    """Write a compressed file, with the columns of the first row."""
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def whole(
    sqlite_databases: SqliteDatabases, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Export, Report, Told]]:
    """The whole file, imported once."""
    source, folder = shared_data("online-retail"), tmp_path_factory.mktemp("whole")
    with sqlite_databases.fresh() as database:
        engine = make_engine(database.url)
        export = Export(source, folder / "export", engine, registry, Store(folder / "store"))
        yield export, export.load("online-retail"), Told.of(read(source / NAME))
        engine.dispose()


def test_every_row_is_taken(whole: tuple[Export, Report, Told]) -> None:
    _, report, told = whole
    assert {t.kind: (t.read, t.rows, t.taken, t.staff_only) for t in report.tables} == {
        "core.account": (320_705, 3_360, 3_360, 0),
        "invoices.invoice": (320_705, 16_459, 16_459, 2_617),
        "invoices.line": (320_705, 320_705, 320_705, 0),
    }
    assert report.listed == report.gone == []
    assert told.rows == 320_705


def test_every_total_is_what_the_file_adds_up_to(whole: tuple[Export, Report, Told]) -> None:
    export, _, told = whole
    with export.session() as session:
        invoices = session.execute(select(Invoice.number, Invoice.net, Invoice.total)).all()
        by_lines = select(Invoice.number, func.sum(Line.total)).join(Line, Line.parent_id == Invoice.id)
        summed = dict(session.execute(by_lines.group_by(Invoice.number)).all())
    assert {number: total for number, _, total in invoices} == summed == dict(told.totals)
    assert all(net == total for _, net, total in invoices)


def test_what_nobody_is_named_for_is_for_staff_alone(whole: tuple[Export, Report, Told]) -> None:
    export, _, told = whole
    with export.session() as session:
        unowned = set(session.scalars(select(Invoice.number).where(Invoice.owner.is_(None))))
        lines = session.scalar(
            select(func.count())
            .select_from(Line)
            .join(Invoice, Invoice.id == Line.parent_id)
            .where(Invoice.owner.is_(None))
        )
    assert unowned == {number for number, customer in told.customers.items() if not customer}
    assert (len(unowned), lines) == (2_617, 88_652)


def test_nothing_is_due_or_overdue_and_all_is_in_pounds(whole: tuple[Export, Report, Told]) -> None:
    export, _, _ = whole
    asked = (Invoice.currency, Invoice.status, Invoice.due_on, domain.due(Invoice), domain.credit(Invoice))
    late = (domain.overdue(Invoice, date.today()), domain.state(Invoice, date.today()))
    with export.session() as session:
        assert session.execute(select(*asked, *late).distinct()).all() == [
            ("GBP", "issued", None, None, None, 0, "issued")
        ]
        kinds = dict(session.execute(select(Invoice.kind, func.count()).group_by(Invoice.kind)).all())
    assert kinds == {"standard": 13_905, "credit_note": 2_554}


@pytest.mark.parametrize("customer", ["17841", "14911", "12431"])
def test_a_client_sees_their_invoices_and_no_other(whole: tuple[Export, Report, Told], customer: str) -> None:
    export, _, told = whole
    theirs = {number for number, each in told.customers.items() if each == customer}
    with open_session(export.engine, _client(export, customer)) as session:
        assert set(session.scalars(select(Invoice.number))) == theirs
        lines = session.execute(
            select(Invoice.number, Line.description, Line.quantity, Line.unit_price).join(
                Invoice, Invoice.id == Line.parent_id
            )
        )
        assert Counter(tuple(row) for row in lines) == Counter({k: n for k, n in told.lines.items() if k[0] in theirs})
    assert len(theirs) > 3


def _client(export: Export, customer: str) -> Any:
    with export.session(writes=True) as session:
        set_switch(session, export.registry, "invoices", "tenant", export.tenant.id, True)
        account = session.scalars(select(Account).where(Account.name == customer)).one()
        contact = Contact(first_name=customer, email=f"{customer}@example.com", portal_user=True)
        contact.support_start, contact.portal_end = date(2020, 1, 1), date.today() + timedelta(days=300)
        session.add(contact)
        session.flush()
        session.add(Membership(contact_id=contact.id, account_id=account.id))
        session.commit()
        sight, _ = sight_of(session, export.registry, contact.id)
        return sight


@pytest.fixture
def cut(engine: Engine, registry: Registry, store: Store, tmp_path: Path) -> Export:
    """The first rows of the file, on either database."""
    part = tmp_path / "part"
    part.mkdir()
    write(part / NAME, read(shared_data("online-retail") / NAME)[:6_000])
    return Export(part, tmp_path / "cut", engine, registry, store)


def test_a_shuffled_copy_of_rows_and_columns_changes_nothing(cut: Export) -> None:
    first = cut.load("online-retail")
    before = cut.dump()
    rows = read(cut.folder / NAME)
    columns = list(reversed(rows[0]))
    write(cut.folder / NAME, [{c: row[c] for c in columns} for row in random.Random(7).sample(rows, len(rows))])
    again = cut.load("online-retail")
    assert cut.dump() == before
    assert [(t.taken, t.unchanged, t.removed) for t in again.tables] == [(0, t.taken, 0) for t in first.tables]
    assert again.listed == again.gone == []


def test_a_month_more_is_that_and_nothing_else(cut: Export) -> None:
    rows = read(cut.folder / NAME)
    write(cut.folder / NAME, rows[:5_000])
    cut.load("online-retail")
    before = {each.local_id for each in cut.all(ExternalId) if each.kind == "invoices.line"}
    write(cut.folder / NAME, rows)
    report = cut.load("online-retail")
    assert report.table(NAME, "invoices.line").taken == 1_000
    assert before < {each.local_id for each in cut.all(ExternalId) if each.kind == "invoices.line"}
    told = Told.of(rows)
    assert {i.number: i.total for i in cut.all(Invoice)} == dict(told.totals)
