"""Many rows at once, for the core's importer alone: what a flush checks one by one is checked here
once per chunk."""

from typing import Any

from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.orm import Session

from core.db.model import Model
from core.db.parts import owners_of
from core.db.session import Refused, WalledSession
from core.db.viewer import Kind
from core.db.wall import OwnedPart

# On PostgreSQL the sequence gives them out; on SQLite, nobody else can while we are the one who writes.
_IDS_POSTGRESQL = "SELECT nextval(pg_get_serial_sequence(:name, :key)) FROM generate_series(1, :count)"
_LAST_ID_SQLITE = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = :name), 0)"


def bulk_insert(session: WalledSession, model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Insert `rows` (attribute -> value) of `model` for the session's tenant.

    Only the system may: references must have been looked up through the same session before. Raises
    Refused for any other viewer, or for a row of another tenant."""
    _check(session, rows)
    if issubclass(model, OwnedPart):
        owners = owners_of(session, model, (row["parent_id"] for row in rows))
        for row in rows:
            row["owner"] = owners.get(row["parent_id"])
    mapper = inspect(model)
    table: Any = mapper.local_table
    names = {key: column.key for key, column in mapper.columns.items()}
    if any(key != name for key, name in names.items()):
        rows = [{names[key]: value for key, value in row.items()} for row in rows]
    # Past the session's own insert, which would prepare each row once more.
    connection = Session.connection(session)
    together: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        together.setdefault(tuple(row), []).append(row)
    for each in together.values():
        connection.execute(insert(table), each, execution_options=session._checked())


def bulk_insert_ids(session: WalledSession, model: type[Model], rows: list[dict[str, Any]]) -> list[int]:
    """As `bulk_insert`, and give the ids that the rows got, in their order; `rows` hold them too."""
    _check(session, rows)
    if not rows:
        return []
    mapper = inspect(model)
    key = mapper.primary_key[0]
    name = mapper.get_property_by_column(key).key
    ids = _next_ids(session, mapper.local_table, key, len(rows))
    for row, new in zip(rows, ids, strict=True):
        row[name] = new
    bulk_insert(session, model, rows)
    return ids


def _next_ids(session: WalledSession, table: Any, key: Any, count: int) -> list[int]:
    """The next `count` ids of a table, which nobody else gets. None was ever given to another row."""
    connection = Session.connection(session)
    checked = session._checked()
    if connection.dialect.name == "postgresql":
        name = connection.dialect.identifier_preparer.format_table(table)
        values = {"name": name, "key": key.name, "count": count}
        return list(connection.scalars(text(_IDS_POSTGRESQL), values, execution_options=checked))
    given = connection.scalar(text(_LAST_ID_SQLITE), {"name": table.name}, execution_options=checked)
    there = connection.scalar(select(func.coalesce(func.max(key), 0)), execution_options=checked)
    first = max(given, there) + 1
    return list(range(first, first + count))


def _check(session: WalledSession, rows: list[dict[str, Any]]) -> None:
    viewer = session.sight.viewer
    if viewer.kind is not Kind.SYSTEM or not session.writes:
        raise Refused("only an import of the system writes in bulk")
    if any(row.setdefault("tenant_id", viewer.tenant_id) != viewer.tenant_id for row in rows):
        raise Refused("a row cannot be written for another tenant than the viewer's")
