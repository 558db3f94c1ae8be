"""The owner that parts repeat of the record which they belong to, so that one index leads to all parts of a client's:
written with the part, and with the record."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from core.db.chunks import in_chunks
from core.db.model import Model
from core.db.walk import Refused
from core.db.wall import Owned, OwnedPart

if TYPE_CHECKING:
    from core.db.session import WalledSession


def owners_of(session: "WalledSession", model: type[OwnedPart], parent_ids: Iterable[int]) -> dict[int, int | None]:
    """The owners of those of these parents of `model` that the viewer of `session` sees, by their ids."""
    parent, wanted = model.part_of, sorted(set(parent_ids))
    found: dict[int, int | None] = {}
    for chunk in in_chunks(wanted):
        rows = select(parent.id, parent.owner).where(parent.id.in_(chunk))
        found.update((row.id, row.owner) for row in session.execute(rows))
    return found


def stamp_owner(session: "WalledSession", instance: OwnedPart) -> None:
    """Give a part the owner of its parent, before it is written. One whose parent is not known yet is looked at
    afterwards."""
    parent_id = instance.parent_id
    instance.owner = None if parent_id is None else owners_of(session, type(instance), [parent_id]).get(parent_id)


def keep_parts_in_step(session: "WalledSession", written: Iterable[Any]) -> None:
    """After a flush: give the owner of records that went to another to their parts. Raises Refused for a part that
    was written with another owner than its parent's."""
    parts: dict[type[OwnedPart], list[int]] = defaultdict(list)
    for instance in written:
        if isinstance(instance, OwnedPart):
            parts[type(instance)].append(inspect(instance).mapper.primary_key_from_instance(instance)[0])
        elif isinstance(instance, Owned) and instance not in session.new:
            _give(session, instance)
    for model, ids in parts.items():
        _refuse_stale(session, model, ids)


def _give(session: "WalledSession", record: Owned) -> None:
    """Write a record's owner onto its parts, if it has changed."""
    if not inspect(record).attrs.owner.history.has_changes():
        return
    for mapper in Model.registry.mappers:
        model = mapper.class_
        if issubclass(model, OwnedPart) and isinstance(record, model.part_of):
            table: Any = mapper.local_table
            moved = update(table).where(table.c.parent_id == record.id).values(owner=record.owner)
            Session.connection(session).execute(moved, execution_options=session._checked())


def _refuse_stale(session: "WalledSession", model: Any, ids: list[int]) -> None:
    key, parent = inspect(model).primary_key[0], model.part_of
    for chunk in in_chunks(ids):
        stale = select(parent.id).join(model, model.parent_id == parent.id)
        stale = stale.where(key.in_(chunk), model.owner.is_distinct_from(parent.owner))
        if session.scalar(stale.limit(1)) is not None:
            raise Refused(f"{model.__name__}: set parent_id itself, not through a relationship")
