"""What was said and done on a record, as whoever looks reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, select

from core.conversations.history import AFTER, BEFORE, FIELD
from core.conversations.models import DONE, Message
from core.db.session import WalledSession, keep
from core.db.viewer import Kind
from core.records.fields import effective
from core.records.resource import Field, Resource

#: messages that a page shows
SIZE = 50

_RECORD, _BEFORE = bindparam("record", type_=BigInteger()), bindparam("before", type_=BigInteger())
_COLUMNS = (
    Message.id,
    Message.kind,
    Message.body,
    Message.data,
    Message.published,
    Message.contact_id,
    Message.staff_id,
    Message.author_name,
    Message.created_at,
)
_NEWEST = select(*_COLUMNS).where(Message.parent_id == _RECORD).order_by(Message.id.desc())
_LATEST = keep(_NEWEST.limit(SIZE + 1))
_EARLIER = keep(_NEWEST.where(Message.id < _BEFORE).limit(SIZE + 1))


@dataclass(frozen=True)
class Change:
    """What was done: a field's label, and the values before and after, as the reader's language says them; "" where
    there is none, or the reader does not see it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Said:
    """One message. `change` is set where it tells of something that was done; `mine` says whether the reader wrote
    it, and `by` whether that was a "contact", "staff" or the "system"."""

    id: int
    body: str
    at: datetime
    author: str
    by: str
    mine: bool
    published: bool
    change: Change | None = None


@dataclass(frozen=True)
class Thread:
    """Messages in their order, the newest last. `earlier` says whether there are some before, `newest` is the
    id of the last one (0 where there is none)."""

    said: Sequence[Said]
    earlier: bool
    newest: int


def read_thread(session: WalledSession, resource: Resource, record_id: int, before: int | None = None) -> Thread:
    """The latest messages of a record, or the latest `before` one of them, in one statement; those that tell of
    fields which the reader does not see are left out. The session is the reader's own, who sees the record."""
    known = {"record": record_id}
    found = (
        session.execute(_LATEST, known) if before is None else session.execute(_EARLIER, {**known, "before": before})
    ).all()
    fields = {field.name: field for field in effective(resource, session.sight)}
    shown = [said for row in found[:SIZE] if (said := _said(session, fields, row)) is not None]
    return Thread(shown[::-1], len(found) > SIZE, found[0].id if found else 0)


def _said(session: WalledSession, fields: dict[str, Field], row: Any) -> Said | None:
    viewer = session.sight.viewer
    change = None
    if row.kind == DONE:
        change = _change(fields, row.data, narrowed=viewer.kind is Kind.CONTACT)
        if change is None:
            return None
    own = row.contact_id if viewer.kind is Kind.CONTACT else row.staff_id
    by = "contact" if row.contact_id is not None else "staff" if row.staff_id is not None else "system"
    mine = own is not None and own == viewer.person_id
    return Said(row.id, row.body, row.created_at, row.author_name, by, mine, row.published, change)


def _change(fields: dict[str, Field], data: dict[str, Any], *, narrowed: bool) -> Change | None:
    """What was done to a field; None where the reader sees neither it nor what it became."""
    field = fields.get(str(data.get(FIELD)))
    if field is None:
        return None
    before, after = (_text(field, data.get(name), narrowed=narrowed) for name in (BEFORE, AFTER))
    return Change(str(field.label), before, after) if before or after else None


def _text(field: Field, value: Any, *, narrowed: bool) -> str:
    if value is None or value == "":
        return ""
    if not field.choices:
        return str(value)
    choice = field.choices.get(str(value))
    if choice is None:  # one that clients do not meet is not among theirs
        return "" if narrowed else str(value)
    return str(choice.label)
