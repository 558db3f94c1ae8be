"""What was done to records that can be talked about, as lines among their messages: a new state by itself, in the
flush that writes it; anything else where `note` is called."""

from typing import Any

from sqlalchemy import event, inspect

from core.conversations.mailing import to_tell
from core.conversations.models import DONE, Message
from core.conversations.write import author_of, write_message
from core.db.session import WalledSession, beside_as_system
from core.db.viewer import Kind
from core.db.wall import Owned
from core.modules.delivery import is_at_once

FIELD, BEFORE, AFTER = "field", "from", "to"


def note(
    session: WalledSession, record_id: int, field: str, before: Any, after: Any, *, published: bool = False
) -> Message:
    """Write that whoever looks has changed a field of a record from one value to another, as a line of its history;
    one that is not `published` is for staff alone. Values of a field that has choices are shown by their labels,
    others as they are (of a person: the name). The session is the writer's own. A new state needs no note."""
    session.flush()
    return _write(session, record_id, field, before, after, published=published)


def _write(session: WalledSession, record_id: int, field: str, before: Any, after: Any, *, published: bool) -> Message:
    viewer = session.sight.viewer
    data = {FIELD: field, BEFORE: before, AFTER: after}
    with beside_as_system(session) as inner:
        return write_message(inner, record_id, author_of(inner, viewer), kind=DONE, data=data, published=published)


@event.listens_for(WalledSession, "after_flush")
def _notice(session: WalledSession, context: Any) -> None:
    """Imports write none: what a CRM's export says is not what somebody did here."""
    if is_at_once(session):
        return
    for row in session.dirty:
        if isinstance(row, Owned) and row.portal_talks and (change := _new_state(row)):
            message = _write(session, row.id, row.portal_state, *change, published=True)
            if session.sight.viewer.kind is Kind.STAFF:
                to_tell(session, message)


def _new_state(row: Owned) -> tuple[Any, Any] | None:
    state = inspect(row)
    if row.portal_state not in state.mapper.column_attrs:
        return None
    history = state.attrs[row.portal_state].history
    if not history.added:
        return None
    return next(iter(history.deleted or ()), None), history.added[0]
