"""The mail with which a contact first comes in: queued by itself where access begins, planned anew where the day
moves, and taken back where access goes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select

from core.access.mails import FIRST, first_kind
from core.access.passwords import is_inside
from core.crm.models import Contact, Tenant
from core.crm.rules import access
from core.db.model import now
from core.db.session import WalledSession
from core.i18n import lazy_gettext, today_in
from core.modules.entry import is_member, portal_by_default, portal_is_on
from core.outbox.enqueue import enqueue
from core.outbox.models import Mail
from core.outbox.states import HELD, KEPT, SENDING, SENT, WAITING
from core.outbox.withdraw import withdraw

_REPLACED = lazy_gettext("Replaced: access begins on another day.")
_TAKEN_AWAY = lazy_gettext("Withdrawn: access was taken away.")
_MOMENT = timedelta(minutes=5)


class Sent(StrEnum):
    """What became of the mail that lets a contact in."""

    NOW = "now"
    LATER = "later"
    #: one was on its way already
    WAITING = "waiting"
    #: they have chosen a password
    INSIDE = "inside"
    NO_EMAIL = "no_email"
    #: they have no access, nor will it begin
    SHUT_OUT = "shut_out"
    #: nothing begins, so nothing is sent
    NOTHING = "nothing"


@dataclass(frozen=True)
class Standing:
    """A contact as they were when this was read: the day on which their access begins (today, where they have it),
    None where it does not."""

    contact: Contact
    member: bool
    portal: bool
    portal_user: bool
    support_start: date | None
    begins: date | None


def standings(
    session: WalledSession,
    tenant: Tenant,
    *conditions: ColumnElement[bool],
    lock: bool = False,
    most: int | None = None,
) -> list[Standing]:
    """The contacts for whom the conditions hold, by id, in two statements; so many at most. With `lock` nobody else
    changes them until the transaction ends. The session is the system's or the staff's."""
    portal = portal_is_on(by_default=portal_by_default(session))
    wanted = select(Contact, is_member(), portal).where(*conditions).order_by(Contact.id).limit(most)
    rows = session.execute(wanted.with_for_update(of=Contact) if lock else wanted)
    return [_standing(tenant, contact, member, bool(on)) for contact, member, on in rows]


def standing(session: WalledSession, tenant: Tenant, contact: Contact) -> Standing:
    """The same of one contact."""
    (found,) = standings(session, tenant, Contact.id == contact.id)
    return found


def _standing(tenant: Tenant, contact: Contact, member: bool, portal: bool) -> Standing:
    begins = _begins(tenant, contact, member, portal)
    return Standing(contact, member, portal, contact.portal_user, contact.support_start, begins)


def _begins(tenant: Tenant, contact: Contact, member: bool, portal: bool) -> date | None:
    """Today where they have access; the day on which support starts where that alone is missing."""
    today = today_in(tenant.time_zone)
    verdict = access(contact, tenant, today, is_member=member)
    if verdict.granted:
        return today if portal else None
    start, end = contact.support_start, contact.portal_end
    return start if verdict.why == "not_started" and start and end and start <= end else None


def plan(session: WalledSession, tenant: Tenant, before: Standing) -> Sent:
    """After a contact's fields were saved, do what follows for the mail: queue it where access begins, now or on a
    later day, plan it anew where that day has moved, take it back where access has gone. Another end alone sends
    none. `before` is the contact as they stood. The session writes, in the transaction of the change, and is the
    system's or the staff's."""
    contact = before.contact
    begins = _begins(tenant, contact, before.member, before.portal)
    if begins == before.begins:
        return Sent.NOTHING
    withdraw(session, FIRST, contact.id, str(_REPLACED if begins else _TAKEN_AWAY))
    as_before = (contact.portal_user, contact.support_start) == (before.portal_user, before.support_start)
    return Sent.NOTHING if begins is None or as_before else _queue(session, tenant, contact, begins)


def send(session: WalledSession, tenant: Tenant, before: Standing, waiting: Collection[int]) -> Sent:
    """The same where staff ask for it in so many words: it is sent to those also who had access before and have
    chosen no password yet. `waiting` are the ids of contacts whom a mail is on its way to."""
    sent = plan(session, tenant, before)
    if sent is not Sent.NOTHING:
        return sent
    begins = _begins(tenant, before.contact, before.member, before.portal)
    if begins is None:
        return Sent.SHUT_OUT
    if before.contact.id in waiting and not is_inside(before.contact):
        return Sent.WAITING
    return _queue(session, tenant, before.contact, begins)


def send_to(session: WalledSession, tenant: Tenant, contact: Contact) -> Sent:
    """`send` to one contact, whose fields stay as they are."""
    found = standing(session, tenant, contact)
    return send(session, tenant, found, on_their_way(session, [contact.id]))


def on_their_way(session: WalledSession, contact_ids: Collection[int]) -> set[int]:
    """Which of these contacts such a mail is on its way to: it waits, or has left a moment ago. Who presses twice
    sends one."""
    if not contact_ids:
        return set()
    fresh = and_(Mail.state.in_((SENT, KEPT, HELD)), Mail.created_at > now() - _MOMENT)
    wanted = select(Mail.contact_id).where(
        Mail.contact_id.in_(contact_ids), Mail.kind.in_(FIRST), or_(Mail.state.in_((WAITING, SENDING)), fresh)
    )
    return {contact_id for contact_id in session.scalars(wanted) if contact_id is not None}


def _queue(session: WalledSession, tenant: Tenant, contact: Contact, begins: date) -> Sent:
    if is_inside(contact):
        return Sent.INSIDE
    if contact.email_key is None:
        return Sent.NO_EMAIL
    due = midnight(begins, tenant.time_zone)
    later = due > now()
    enqueue(session, first_kind(tenant), contact_id=contact.id, due_at=due if later else None)
    return Sent.LATER if later else Sent.NOW


def midnight(day: date, zone: str) -> datetime:
    """The moment at which a day begins in a time zone."""
    return datetime.combine(day, time.min, ZoneInfo(zone))
