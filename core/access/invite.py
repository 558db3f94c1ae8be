"""The mail with which a contact first comes in: queued by itself where access begins, planned anew where the day
moves, and taken back where access goes."""

from collections.abc import Collection, Sequence
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
from core.outbox.enqueue import enqueue_to_all
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


_LEAVE = (Sent.NOW, Sent.LATER)


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
    return plan_all(session, tenant, [before])[0]


def plan_all(session: WalledSession, tenant: Tenant, before: Sequence[Standing], *, asked: bool = False) -> list[Sent]:
    """The same for several contacts, in few statements. Where it is `asked` for in so many words, it is sent to those
    also who had access before and have chosen no password yet."""
    waiting = on_their_way(session, [each.contact.id for each in before]) if asked else set()
    sent = [_decide(tenant, each, asked, each.contact.id in waiting) for each in before]
    moved = [(each.contact.id, begins) for each in before if (begins := _begins_now(tenant, each)) != each.begins]
    withdraw(session, FIRST, [contact_id for contact_id, begins in moved if begins], str(_REPLACED))
    withdraw(session, FIRST, [contact_id for contact_id, begins in moved if not begins], str(_TAKEN_AWAY))
    due = {each.contact.id: _due(tenant, each) for each, what in zip(before, sent, strict=True) if what in _LEAVE}
    if due:
        enqueue_to_all(session, first_kind(tenant), due)
    return sent


def _decide(tenant: Tenant, before: Standing, asked: bool, on_its_way: bool) -> Sent:
    """What becomes of the mail to one contact, whose fields are those that were saved."""
    contact, begins = before.contact, _begins_now(tenant, before)
    as_before = (contact.portal_user, contact.support_start) == (before.portal_user, before.support_start)
    starts = begins is not None and begins != before.begins and not as_before
    if begins is None and (asked or contact.portal_user):
        return Sent.SHUT_OUT
    if not starts and not asked:
        return Sent.NOTHING
    if is_inside(contact):
        return Sent.INSIDE
    if on_its_way and not starts:
        return Sent.WAITING
    if contact.email_key is None:
        return Sent.NO_EMAIL
    return Sent.NOW if _due(tenant, before) is None else Sent.LATER


def _begins_now(tenant: Tenant, before: Standing) -> date | None:
    return _begins(tenant, before.contact, before.member, before.portal)


def _due(tenant: Tenant, before: Standing) -> datetime | None:
    """When the mail is to leave: as the day begins, or at once where it has begun."""
    begins = _begins_now(tenant, before)
    due = None if begins is None else midnight(begins, tenant.time_zone)
    return due if due is not None and due > now() else None


def send_to(session: WalledSession, tenant: Tenant, contact: Contact) -> Sent:
    """Send it to one contact because staff ask for it; their fields stay as they are."""
    return plan_all(session, tenant, [standing(session, tenant, contact)], asked=True)[0]


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


def midnight(day: date, zone: str) -> datetime:
    """The moment at which a day begins in a time zone."""
    return datetime.combine(day, time.min, ZoneInfo(zone))
