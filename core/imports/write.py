"""Writes drafts: new rows in bulk with their record rows, changed rows one by one through the flush."""

from typing import Any

from sqlalchemy import select

from core.db.bulk import bulk_insert, bulk_insert_ids
from core.db.chunks import in_chunks
from core.db.entry import entry_of, is_searched, write_entries
from core.db.flush import owner_of, record_values
from core.db.record import Record
from core.db.session import WalledSession
from core.db.wall import Owned, Recorded
from core.imports.draft import Draft


def insert_new(session: WalledSession, model: type[Any], drafts: list[Draft]) -> list[int]:
    """Insert what was not there before; give the ids, in the order of `drafts`."""
    rows = [dict(draft.values) for draft in drafts]
    is_record = issubclass(model, Recorded)
    if not is_record:
        return bulk_insert_ids(session, model, rows)
    ids = bulk_insert_ids(session, Record, [_record(model, row) for row in rows])
    for row, record_id in zip(rows, ids, strict=True):
        row["id"] = record_id
    bulk_insert(session, model, rows)
    if is_searched(model):
        write_entries(session, [entry_of(model, row) for row in rows])
    return ids


def _record(model: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    """The record row that a flush would write for this row; what it says of owner and publication is
    what the row itself gets."""
    if issubclass(model, Owned):
        row["owner"] = owner_of(row.get("account_id"), row.get("contact_id"))
    record = record_values(model(**row))
    row["published"] = record["published"]
    return {"module": model.portal_module, "resource": model.portal_resource, **record}


def update_changed(session: WalledSession, model: type[Any], drafts: dict[int, Draft]) -> set[int]:
    """Write changed rows over those with the given ids; give the ids that are there.

    What a draft does not speak of stays as it is, and a row that says the same keeps its version."""
    found: set[int] = set()
    for chunk in in_chunks(list(drafts)):
        for instance in session.scalars(select(model).where(model.id.in_(chunk))):
            found.add(instance.id)
            for name, value in drafts[instance.id].values.items():
                if getattr(instance, name) != value:
                    setattr(instance, name, value)
        session.flush()
        session.expunge_all()
    return found
