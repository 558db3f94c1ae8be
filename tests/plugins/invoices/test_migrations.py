"""What was there before a release is as if it had been written by it."""

from sqlalchemy import select, text

from core.db.engine import make_engine
from core.db.migrations import upgrade
from plugins.invoices.models import Allocation, Invoice
from tests.databases import Database
from tests.plugins.invoices.conftest import Firm

#: the schema as it was before allocations carried an owner
BEFORE = (
    "DROP INDEX ix_invoices_allocation_mine",
    "DROP INDEX ix_invoices_allocation_paid",
    "DROP INDEX ix_invoices_allocation_sums",
    "ALTER TABLE invoices_allocation DROP COLUMN owner",
    "CREATE INDEX ix_invoices_allocation_sums ON invoices_allocation (parent_id, currency, amount)",
    "UPDATE alembic_version_invoices SET version_num = '0003_sums_out_of_the_indexes'",
)


def test_allocations_get_the_owners_of_their_invoices(firm: Firm, database: Database) -> None:
    ours = firm.add(100, 200, total=300, status="paid")
    theirs = firm.add(100, total=300, status="paid", account_id=firm.other_account_id)
    persons = firm.add(50, total=50, status="paid", account_id=None, contact_id=firm.contact.id)
    nobodys = firm.add(50, total=50, status="paid", account_id=None)
    firm.engine.dispose()
    owning = make_engine(database.owner_url, guarded=False)
    with owning.begin() as connection:
        for statement in BEFORE:
            connection.execute(text(statement))
    assert upgrade(owning, firm.registry) == []
    owning.dispose()
    with firm.system() as session:
        rows = session.execute(select(Allocation.parent_id, Allocation.owner, Invoice.owner).join(Invoice)).all()
    owners = {ours: firm.account_id, theirs: firm.other_account_id, persons: -firm.contact.id, nobodys: None}
    assert len(rows) == 5
    assert all(mine == its == owners[parent_id] for parent_id, mine, its in rows)
