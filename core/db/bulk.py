"""Many rows at once, for the core's importer alone: what a flush checks one by one is checked here
once per chunk."""

from typing import Any

from sqlalchemy import insert, inspect

from core.db.model import Model
from core.db.session import Refused, WalledSession
from core.db.viewer import Kind


def bulk_insert(session: WalledSession, model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Insert `rows` (column name -> value) of `model` for the session's tenant.

    Only the system may: references must have been looked up through the same session before. Raises
    Refused for any other viewer, or for a row of another tenant."""
    _check(session, rows)
    if rows:
        session.execute(insert(model), rows, execution_options=session._checked())


def bulk_insert_ids(session: WalledSession, model: type[Model], rows: list[dict[str, Any]]) -> list[int]:
    """As `bulk_insert`, and give the ids that the database gave out, in the order of `rows`."""
    _check(session, rows)
    if not rows:
        return []
    primary_key = inspect(model).primary_key[0]
    statement = insert(model).returning(primary_key, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows, execution_options=session._checked()))


def _check(session: WalledSession, rows: list[dict[str, Any]]) -> None:
    viewer = session.sight.viewer
    if viewer.kind is not Kind.SYSTEM or not session.writes:
        raise Refused("only an import of the system writes in bulk")
    if any(row.setdefault("tenant_id", viewer.tenant_id) != viewer.tenant_id for row in rows):
        raise Refused("a row cannot be written for another tenant than the viewer's")
