"""Doing something to a record: once, whoever tries the same at the same moment."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select, update

from core.db.session import WalledSession
from core.db.viewer import Kind
from core.records.actions import Action, condition_of, conditions, offered
from core.records.parts import hold_whole
from core.records.places import Place
from core.records.resource import Resource


def find(session: WalledSession, resource: Resource, action: Action, record_id: int) -> tuple[Any, bool] | None:
    """A record that the session's viewer sees, and whether the action is offered on it; None where they
    see no such record."""
    asked_for = select(resource.model, *conditions(resource, [action])).where(resource.model.id == record_id)
    found = session.execute(asked_for, execution_options={"populate_existing": True}).first()
    return None if found is None else (found[0], bool(offered([action], found)))


def claim(session: WalledSession, resource: Resource, action: Action, record_id: int, version: int) -> bool:
    """Take a record for oneself, if it still is as it was in that version and the action's condition holds.
    Of several who try at once, one is told yes; the others wait for that one's transaction, and are told no."""
    model = resource.model
    terms = [model.id == record_id, model.version == version]
    if (holding := condition_of(resource, action)) is not None:
        terms.append(holding)
    taking = update(model).where(*terms).values(version=model.version + 1).returning(model.id)
    return session.scalar(taking, execution_options={"synchronize_session": False}) is not None


def do(
    session: WalledSession,
    resource: Resource,
    action: Action,
    row: Any,
    values: Mapping[str, Any],
    beside: Callable[[], bool] | None = None,
) -> bool:
    """Do an action to a row that the session has loaded, with what was typed. Of several who try at once, one is
    told yes; the others are told no, and for them nothing was done. What is written `beside` it comes first, once
    the record is claimed; where that says no, so does this, and the caller undoes the claim. Parts of one record are
    written one after the other."""
    hold_whole(session, resource, row)
    if not claim(session, resource, action, row.id, row.version):
        return False
    if beside is not None and not beside():
        return False
    session.refresh(row)
    action.run(session, row, values)
    session.flush()
    return True


def begin(
    session: WalledSession,
    resource: Resource,
    action: Action,
    values: Mapping[str, Any],
    *,
    place: Place | None,
    currency: str,
    whole: int | None = None,
) -> Any:
    """Begin a record with what was typed, by an action that creates, and give its row. It belongs to `place` (a
    record that clients own), and to the contact who writes it; what is part of a record, to that one, whose id is
    `whole`. Its amounts are in `currency`, unless that was typed."""
    row = resource.model()
    if whole is not None:
        row.parent_id = whole
    if place is not None:
        row.account_id, row.site_id = place.account_id, place.site_id
        if session.sight.viewer.kind is Kind.CONTACT:
            row.contact_id = session.sight.viewer.person_id
    if hasattr(row, "currency") and "currency" not in values:
        row.currency = currency
    hold_whole(session, resource, row)
    action.run(session, row, values)
    session.add(row)
    session.flush()
    return row
