"""Tells the modules what has happened: within the transaction of the cause, just before it is kept, one
module and one event at a time, each in a savepoint of its own.

So what a module writes for an event is there exactly when its cause is, and a module that fails costs
neither the cause nor another module."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, event, inspect, select
from sqlalchemy.orm import SessionTransaction

from core.crm.models import Contact
from core.db.session import WalledSession, beside_as_system
from core.db.wall import Recorded
from core.modules.events import (
    REGISTRY,
    AccessChanged,
    Event,
    OfRecord,
    RecordChanged,
    RecordCreated,
    RecordRemoved,
    forget,
    listening,
    send,
    waiting,
)
from core.modules.models import Switch
from core.modules.registry import ModuleFailed, Registry

log = logging.getLogger(__name__)

HOOK = "postigo_event"
#: how often what a module writes for an event may cause others
_ROUNDS = 5
_MARKS, _AT_ONCE = "events_marks", "events_at_once"
_ACCESS = ("portal_user", "support_start", "portal_end")
# Stamped by the core at each flush; they say nothing about what was changed.
_STAMPED = frozenset({"version", "updated_at", "owner"})
#: events of a record's own row, of which one is told
_OF_ROWS = (RecordCreated, RecordChanged, RecordRemoved)


def listen(engine: Engine, registry: Registry) -> None:
    """Tell these modules what is written through `engine`, of which no session has been opened yet."""
    engine.update_execution_options(**{REGISTRY: registry})


def at_once(session: WalledSession) -> None:
    """Send no event for single rows of this session: it writes many, and tells of them with one."""
    session.info[_AT_ONCE] = True


def is_at_once(session: WalledSession) -> bool:
    """Whether a session, or the one within whose transaction it writes, writes many rows at once."""
    return bool(session.info.get(_AT_ONCE)) or (session.within is not None and is_at_once(session.within))


@event.listens_for(WalledSession, "after_flush")
def _notice(session: WalledSession, context: Any) -> None:
    if listening(session) is None or session.info.get(_AT_ONCE):
        return
    for row in session.new:
        if isinstance(row, Recorded):
            send(session, RecordCreated(*_which(row)))
        elif isinstance(row, Contact) and row.portal_user:
            send(session, AccessChanged(row.id, _ACCESS))
    for row in session.dirty:
        changed = _changed(row) if isinstance(row, Recorded | Contact) else ()
        if changed and isinstance(row, Recorded):
            send(session, RecordChanged(*_which(row), changed))
        elif changed and (access := tuple(name for name in _ACCESS if name in changed)):
            send(session, AccessChanged(row.id, access))
    for row in session.deleted:
        if isinstance(row, Recorded):
            send(session, RecordRemoved(*_which(row), row.record.number, row.record.title))


def _which(row: Recorded) -> tuple[str, str, int, bool]:
    cls: Any = type(row)
    return cls.portal_module, row.portal_resource, row.id, row.published


def _changed(row: Any) -> tuple[str, ...]:
    state = inspect(row)
    names = [attribute.key for attribute in state.mapper.column_attrs]
    return tuple(sorted(n for n in names if n not in _STAMPED and state.attrs[n].history.has_changes()))


@event.listens_for(WalledSession, "before_commit")
def _deliver(session: WalledSession) -> None:
    if session.within is not None or session.in_nested_transaction():
        return  # a part of a transaction, of which nobody knows yet whether it will be kept
    registry = listening(session)
    if registry is None:
        return
    session.flush()
    for _ in range(_ROUNDS):
        events = merged(waiting(session))
        waiting(session).clear()
        if not events:
            return
        for name in _on(session, registry):
            for each in events:
                _tell(session, registry, name, each)
    if left := waiting(session):
        log.error("modules go round in circles; nobody was told of %s", {each.name for each in left})


def merged(events: Iterable[Event]) -> list[Event]:
    """What is left to tell of a transaction: what was written of each record as one event at most, others as they
    were sent."""
    found: dict[Any, Event] = {}
    for number, each in enumerate(events):
        key = each.record_id if isinstance(each, _OF_ROWS) else (number,)
        before = found.pop(key, None)
        both = each if before is None else _both(before, each)
        if both is not None:
            found[key] = both
    return list(found.values())


def _both(before: Event, after: Event) -> Event | None:
    new = isinstance(before, RecordCreated)
    if isinstance(after, RecordRemoved):
        return None if new else after
    if isinstance(before, RecordCreated) and isinstance(after, OfRecord):
        return replace(before, published=after.published)
    if isinstance(before, RecordChanged) and isinstance(after, RecordChanged):
        return replace(after, fields=tuple(sorted({*before.fields, *after.fields})))
    return after


def _on(session: WalledSession, registry: Registry) -> list[str]:
    """The modules to tell: those that are on for the tenant, or for any of its clients."""
    on = select(Switch.module).where(Switch.on.is_(True)).distinct()
    if session.sight.viewer.tenant_id is None:
        return []
    with beside_as_system(session) as inner:
        switched = set(inner.scalars(on))
    return [name for name in registry.modules if name in switched and registry.implements(name, HOOK)]


def _tell(session: WalledSession, registry: Registry, name: str, each: Event) -> None:
    """Tell one module of one event. What it wrote before it failed is undone, the events of that too."""
    before = len(waiting(session))
    try:
        registry.call_within(session, HOOK, name, event=each)
    except ModuleFailed:
        del waiting(session)[before:]


@event.listens_for(WalledSession, "after_transaction_create")
def _mark(session: WalledSession, transaction: SessionTransaction) -> None:
    if transaction.nested and listening(session) is not None:
        session.info.setdefault(_MARKS, {})[transaction] = len(waiting(session))


@event.listens_for(WalledSession, "after_soft_rollback")
def _forget(session: WalledSession, previous: SessionTransaction) -> None:
    mark = session.info.get(_MARKS, {}).pop(previous, None)
    if mark is not None:
        del waiting(session)[mark:]


@event.listens_for(WalledSession, "after_transaction_end")
def _end(session: WalledSession, transaction: SessionTransaction) -> None:
    # Whichever way it ended: events of what was kept have been told.
    if transaction.parent is None and session.within is None:
        forget(session)
        session.info.pop(_MARKS, None)
