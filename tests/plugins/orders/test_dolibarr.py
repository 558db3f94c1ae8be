"""A real CRM's orders, and which quotes and invoices they have to do with: every figure, and what clients see of it."""

import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Contact
from core.db.record import Record
from core.db.session import open_session
from core.files.models import File
from core.files.storage import Store
from core.modules.reach import sight_of
from core.modules.registry import Registry
from core.modules.switches import set_switch
from core.records.models import RecordLink
from plugins.orders.models import Line, Order
from tests.imports.conftest import registry, store
from tests.imports.exports import Export
from tests.strict import shared_data

__all__ = ["registry", "store"]
MODULES = ("quotes", "orders", "invoices")


@pytest.fixture
def real(engine: Engine, registry: Registry, store: Store, tmp_path: Path) -> Export:
    """A copy of the real export's tables, and of the papers of orders."""
    source, part = shared_data("dolibarr-demo-9"), tmp_path / "part"
    papers = "documents_demo/commande"
    part.mkdir()
    for path in source.glob("*.csv"):
        shutil.copy(path, part / path.name)
    shutil.copytree(source / papers, part / papers)
    return Export(part, tmp_path / "real", engine, registry, store)


def test_every_order_is_taken_and_comes_to_what_its_lines_do(real: Export) -> None:
    report = real.load()
    told = {t.kind: (t.rows, t.taken, t.refused, t.staff_only) for t in report.tables}
    assert (told["orders.order"], told["orders.line"]) == ((31, 31, 0, 0), (97, 97, 0, 0))
    orders, lines = real.all(Order), real.all(Line)
    assert Counter(o.status for o in orders) == {
        "confirmed": 24, "draft": 4, "in_delivery": 1, "invoiced": 1, "cancelled": 1,
    }  # fmt: skip
    for order in orders:
        assert order.total == sum(line.total for line in lines if line.parent_id == order.id)
        assert order.net + order.tax + order.local_tax_1 == order.total
        assert order.published is (order.status != "draft")
    with real.session() as session:
        names = set(session.scalars(select(File.name)))
    assert {"CO1107-0002.pdf", "(PROV6).pdf"} <= names
    before = real.dump()
    again = real.load()
    assert all((t.taken, t.unchanged) == (0, t.rows - t.refused) for t in again.tables)
    assert real.dump() == before


def test_of_the_links_among_quotes_orders_and_invoices_clients_see_exactly_one(real: Export) -> None:
    real.load()
    with real.session() as session:
        module = dict(session.execute(select(Record.id, Record.module)).all())
        among = [x for x in session.scalars(select(RecordLink)) if {module[x.from_id], module[x.to_id]} <= set(MODULES)]
    assert len(among) == 5
    assert seen(real) == {("PR1007-0002", "CO1107-0002")}


def seen(export: Export) -> set[tuple[str, str]]:
    """The numbers of what is linked for some contact or other, where all three modules are on and all may come in."""
    with export.session(writes=True) as session:
        for name in MODULES:
            set_switch(session, export.registry, name, "tenant", export.tenant.id, True)
        for contact in session.scalars(select(Contact)):
            contact.portal_user, contact.support_start = True, date.today() - timedelta(days=9)
            contact.portal_end = date.today() + timedelta(days=300)
        session.commit()
    found = set()
    for contact in export.all(Contact):
        with export.session() as session:
            sight, _ = sight_of(session, export.registry, contact.id)
        with open_session(export.engine, sight) as session:
            number: dict[int, str] = dict(session.execute(select(Record.id, Record.number)).all())
            found |= {(number[x.from_id], number[x.to_id]) for x in session.scalars(select(RecordLink))}
    return found
