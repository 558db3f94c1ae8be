"""Queues the mails of conversations, when what was said or done is about to be kept: whoever did several things to a
record at once sends its people one mail."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, event, select, union
from sqlalchemy.orm import SessionTransaction

from core.access.limits import is_within_here
from core.conversations.models import DONE, SAID, Message
from core.crm.models import Staff
from core.db.grant import Grant
from core.db.model import Model
from core.db.record import Record
from core.db.session import WalledSession, beside_as_system
from core.db.viewer import Kind, Viewer
from core.db.wall import Owned
from core.modules.delivery import is_at_once
from core.outbox.enqueue import enqueue

#: kinds of mail, see `core.conversations.mails`
OPENED, WROTE, REPLY, STATE = "core.record_opened", "core.client_wrote", "core.reply", "core.state"
#: what stands in a mail's data
MESSAGE = "message_id"
#: so often within a quarter of an hour staff get mails of what one client writes; what comes after stands in the portal
MOST_TOLD = 30
_TO_TELL, _BEGUN = "talk_to_tell", "talk_begun"


def to_tell(session: WalledSession, message: Message) -> None:
    """Have people told of this message by mail, if the session's transaction is kept."""
    _outermost(session).info.setdefault(_TO_TELL, set()).add(message.id)


def _outermost(session: WalledSession) -> WalledSession:
    return session if session.within is None else _outermost(session.within)


@event.listens_for(WalledSession, "after_flush")
def _notice(session: WalledSession, context: Any) -> None:
    """What clients begin, staff are told of."""
    if session.sight.viewer.kind is not Kind.CONTACT or is_at_once(session):
        return
    begun = {row.id for row in session.new if isinstance(row, Owned) and row.portal_talks}
    if begun:
        session.info.setdefault(_BEGUN, set()).update(begun)


@event.listens_for(WalledSession, "before_commit")
def _queue(session: WalledSession) -> None:
    if session.within is not None or session.in_nested_transaction():
        return
    ids, begun = session.info.pop(_TO_TELL, set()), session.info.pop(_BEGUN, set())
    if ids or begun:
        session.flush()
        with beside_as_system(session) as inner:
            _tell(inner, ids, begun, session.sight.viewer)


@event.listens_for(WalledSession, "after_transaction_end")
def _forget(session: WalledSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_TO_TELL, None)
        session.info.pop(_BEGUN, None)


def _tell(session: WalledSession, ids: Iterable[int], begun: Iterable[int], by: Viewer) -> None:
    """Queue the mails; what was undone meanwhile is not there. The session is the system's, `by` who did it."""
    by_record: dict[int, list[Message]] = {}
    for message in session.scalars(select(Message).where(Message.id.in_(sorted(ids))).order_by(Message.id)):
        by_record.setdefault(message.parent_id, []).append(message)
    of_begun = select(Record).where(Record.id.in_(sorted({*by_record, *begun}))).order_by(Record.id)
    for record in session.scalars(of_begun).all():
        messages = by_record.get(record.id, [])
        _tell_staff(session, record, messages, by, is_new=record.id in begun)
        _tell_clients(session, record, messages)


def _tell_staff(
    session: WalledSession, record: Record, messages: Sequence[Message], by: Viewer, *, is_new: bool
) -> None:
    wrote = [m for m in messages if m.kind == SAID and m.contact_id is not None]
    if not (is_new or wrote) or not _may_tell(session, by):
        return
    data = {MESSAGE: wrote[-1].id} if wrote else {}
    for staff_id in staff_concerned(session, record):
        enqueue(session, OPENED if is_new else WROTE, staff_id=staff_id, record_id=record.id, data=data)


def _may_tell(session: WalledSession, by: Viewer) -> bool:
    """Whether what this client wrote is told by mail: whoever has stolen one's session fills nobody's mailbox."""
    if by.kind is not Kind.CONTACT or by.person_id is None:
        return True
    return is_within_here(session, "told", by.person_id, MOST_TOLD)


def _tell_clients(session: WalledSession, record: Record, messages: Sequence[Message]) -> None:
    ours = [m for m in messages if m.published and m.contact_id is None]
    replies = [m for m in ours if m.kind == SAID]
    states = [m for m in ours if m.kind == DONE]
    if replies or states:
        kind, latest = (REPLY, replies[-1]) if replies else (STATE, states[-1])
        for contact_id in session.scalars(_clients(record)).all():
            enqueue(session, kind, contact_id=contact_id, record_id=record.id, data={MESSAGE: latest.id})


def staff_concerned(session: WalledSession, record: Record) -> Sequence[int]:
    """Whoever looks after the record, while they are active; else everybody who is."""
    active = select(Staff.id).where(Staff.active.is_(True)).order_by(Staff.id)
    model = _model_of(record)
    if hasattr(model, "assignee_id"):
        assignee = session.scalar(select(model.assignee_id).where(model.id == record.id))
        if assignee is not None and (found := session.scalars(active.where(Staff.id == assignee)).all()):
            return found
    return session.scalars(active).all()


def _model_of(record: Record) -> Any:
    owned: Iterator[Any] = (m.class_ for m in Model.registry.mappers if issubclass(m.class_, Owned))
    which = record.module, record.resource
    return next((cls for cls in owned if (cls.portal_module, cls.portal_resource) == which), None)


def _clients(record: Record) -> Select[Any]:
    """Who of the clients has to do with a record: whom it names, who was added to it, who wrote there."""
    named = select(Record.contact_id.label("who")).where(Record.id == record.id, Record.contact_id.is_not(None))
    added = select(Grant.contact_id).where(Grant.parent_id == record.id, Grant.contact_id.is_not(None))
    wrote = select(Message.contact_id).where(Message.parent_id == record.id, Message.contact_id.is_not(None))
    people = union(named, added, wrote).subquery()
    return select(people.c.who).order_by(people.c.who)
