"""Resources whose rows are parts of a record (tasks of a project, lines of a quote): how staff write what clients have
as a table of that record's page."""

from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select

from core.db.kept import kept
from core.db.session import WalledSession
from core.db.wall import Part, Recorded
from core.records.actions import Action
from core.records.errors import NotHere
from core.records.fields import referred, sql_of
from core.records.resource import Resource

_RECORD = bindparam("record", type_=BigInteger())


def part_of(resource: Resource) -> type[Recorded] | None:
    """The class of records that the resource's rows are part of; None where they are no parts of any."""
    of = resource.model.part_of if issubclass(resource.model, Part) else None
    return of if of is not None and issubclass(of, Recorded) else None


def takes(session: WalledSession, resource: Resource, action: Action, record_id: int) -> bool:
    """Whether a record takes what this action begins as part of it or below it; asks nothing where that hangs on
    nothing."""
    of: Any = _below(resource, action) or part_of(resource)
    if action.when is None or of is None:
        return True
    when = action.when

    def build() -> Select[Any]:
        return select(of.id).where(of.id == _RECORD, sql_of(when, of))

    return session.scalar(kept(("takes", action), build), {"record": record_id}) is not None


def _below(resource: Resource, action: Action) -> Any:
    """The class of the records that the action begins others under; None for an action that does not."""
    field = resource.field(action.under) if action.under else None
    return None if field is None else referred(resource.model, field)


def hold_whole(session: WalledSession, resource: Resource, row: Any) -> None:
    """Let nobody else write the record that a row is part of, nor its parts, until this transaction ends; the session
    has that record as it is now. Raises NotHere where it is gone. Of a row that is no part, nothing is held."""
    of: Any = part_of(resource)
    if of is None:
        return
    found = select(of).where(of.id == row.parent_id).with_for_update(key_share=True)
    if session.scalars(found, execution_options={"populate_existing": True}).one_or_none() is None:
        raise NotHere
