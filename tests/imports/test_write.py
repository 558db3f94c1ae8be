"""What an import writes is, row by row, what a flush would have written."""

from typing import Any

import pytest
from sqlalchemy import inspect, select

from core.crm.models import Account, Contact, Membership, Site
from core.db.bulk import bulk_insert_ids
from core.db.flush import owner_of
from core.db.record import Record
from core.db.session import Refused, open_session
from core.db.viewer import staff, system
from core.files.models import File
from core.files.storage import attach
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from tests.imports.exports import Export

CLASSES: tuple[type[Any], ...] = (Account, Site, Contact, Membership, Record, Invoice, Line, Payment, Allocation, File)
#: what differs between two databases, or two moments, and says nothing
PASSING = {"id", "tenant_id", "updated_at", "created_at", "key"}


def test_an_import_writes_what_a_flush_writes(export: Export) -> None:
    export.set("llx_facture.csv", "3", fk_soc="99")  # one for staff alone among them
    export.load()
    twin = export.twin()
    _by_hand(export, twin)
    assert _told(twin) == _told(export)


def _by_hand(export: Export, twin: Export) -> None:
    """Write the same world through the session, instance by instance (an import writes parents first)."""
    new: dict[tuple[str, int], int] = {}
    with twin.session(writes=True) as session:
        for cls in (Account, Contact, Membership, Invoice, Payment, Line, Allocation):
            for instance in export.all(cls):
                copy = cls()
                for name, column in cls.__mapper__.columns.items():
                    if name in PASSING | {"owner", "version"}:
                        continue
                    value = getattr(instance, name)
                    for key in column.foreign_keys:
                        value = new[key.column.table.name, value] if value is not None else None
                    setattr(copy, name, value)
                session.add(copy)
                session.flush()
                new[cls.__tablename__, instance.id] = copy.id
        for file in export.all(File):
            record_id = new["invoices_invoice", file.parent_id]
            attach(session, export.store, record_id, file.name, export.store.get(file.key), file.media_type)
        session.commit()


def _told(export: Export) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every class, with what it refers to told by name instead of id."""
    names = {cls.__tablename__: {r.id: _name(r) for r in export.all(cls)} for cls in CLASSES}
    found = {}
    for cls in CLASSES:
        rows = [tuple(_value(row, column, names) for column in inspect(cls).columns) for row in export.all(cls)]
        found[cls.__tablename__] = sorted(rows, key=repr)
    return found


def _name(row: Any) -> str:
    return str(getattr(row, "number", "") or getattr(row, "name", "") or "")


def _value(row: Any, column: Any, names: dict[str, dict[int, str]]) -> Any:
    value = getattr(row, column.key)
    if column.key in PASSING:
        return None
    if column.key == "owner":
        own = owner_of(row.account_id, row.contact_id) if hasattr(row, "account_id") else value
        return value == own, names["account"].get(value, value is not None)
    for key in column.foreign_keys:
        return names.get(key.column.table.name, {}).get(value)
    return value


def test_a_records_row_says_what_its_record_says(export: Export) -> None:
    export.load()
    with export.session() as session:
        pairs = session.execute(select(Invoice, Record).join(Record, Record.id == Invoice.id)).all()
        assert len(pairs) == 6
        for invoice, record in pairs:
            assert (record.module, record.resource) == ("invoices", "invoice")
            assert (record.number, record.title) == (invoice.number, invoice.reference)
            for name in ("account_id", "site_id", "contact_id", "owner", "published"):
                assert getattr(record, name) == getattr(invoice, name)


def test_ids_are_given_out_in_the_order_of_the_rows(export: Export) -> None:
    with export.session(writes=True) as session:
        ids = bulk_insert_ids(session, Account, [{"name": f"a{n}"} for n in range(3000)])
        names = dict(session.execute(select(Account.id, Account.name)).all())
        assert [names[i] for i in ids] == [f"a{n}" for n in range(3000)]


def test_nobody_but_the_system_writes_in_bulk_and_for_its_tenant_alone(export: Export) -> None:
    tenant = export.tenant.id
    rows = [{"name": "a"}]
    for sight, writes in ((staff(tenant, 1), True), (system(tenant), False)):
        with open_session(export.engine, sight, writes=writes) as session, pytest.raises(Refused):
            bulk_insert_ids(session, Account, [dict(row) for row in rows])
    with export.session(writes=True) as session, pytest.raises(Refused):
        bulk_insert_ids(session, Account, [{"name": "a", "tenant_id": tenant + 1}])
    assert export.all(Account) == []
