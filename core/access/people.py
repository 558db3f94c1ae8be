"""People who may come in: found by what they type, and told apart from those who may not (any more)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, or_, select, union

from core.crm.identifiers import email_key, phone_key
from core.crm.models import Contact, Staff, Tenant
from core.db.session import WalledSession
from core.i18n import today_in
from core.modules.entry import may_enter, portal_by_default, portal_is_on

Person = Contact | Staff
P = TypeVar("P", Contact, Staff)

# So many shared identifiers are told to staff at once; the rest follow when these are put right.
_TOLD = 50
_CONTACT_KEYS = (Contact.email_key, Contact.phone_key, Contact.mobile_key)
_STAFF_KEYS = (Staff.email_key, Staff.phone_key)


def identifier_key(text: str, tenant: Tenant) -> str | None:
    """The key of what somebody typed to sign in: of an e-mail address where there is an @, else of a
    phone number as one writes it in the tenant's country. None where it is neither."""
    return email_key(text) if "@" in text else phone_key(text, tenant.country)


def people_by_key(session: WalledSession, tenant: Tenant, key: str | None) -> list[Person]:
    """All who may come in and have this key, whether e-mail or phone. The session is the system's.

    Runs the same statements whoever is found, so that the time it takes tells nothing."""
    wanted = key or ""  # which is nobody's; None would be everybody's who has no phone
    active = _active_contact(session, tenant)
    contacts = session.scalars(select(Contact).where(or_(*(c == wanted for c in _CONTACT_KEYS)), active)).all()
    staff = session.scalars(select(Staff).where(or_(*(c == wanted for c in _STAFF_KEYS)), Staff.active.is_(True)))
    return [*contacts, *staff]


def whose(person: Person) -> dict[str, Any]:
    """The column that names a person in rows which are a contact's or a staff user's, and their id."""
    return {"contact_id" if isinstance(person, Contact) else "staff_id": person.id}


def is_of(model: Any, person: Person) -> ColumnElement[bool]:
    """Whether a row of such a class is this person's."""
    ((name, id_),) = whose(person).items()
    return getattr(model, name) == id_  # type: ignore[no-any-return]


def may_come_in(session: WalledSession, tenant: Tenant, person: Person) -> bool:
    """Whether this person may sign in today. The session is the system's or the staff's."""
    if isinstance(person, Staff):
        return person.active
    found = select(Contact.id).where(Contact.id == person.id, _active_contact(session, tenant))
    return session.scalar(found) is not None


def _active_contact(session: WalledSession, tenant: Tenant) -> ColumnElement[bool]:
    """The condition over `Contact` that they may come in today."""
    portal = portal_is_on(by_default=portal_by_default(session))
    return may_enter(tenant.access_mode, today_in(tenant.time_zone), portal)


@dataclass(frozen=True)
class Shared:
    """An e-mail address or phone number that signs nobody in, because several active people have it."""

    identifier: str
    contacts: tuple[Contact, ...]
    staff: tuple[Staff, ...]


def shared_identifiers(session: WalledSession) -> list[Shared]:
    """The identifiers that several active people share, in order, fifty at most. The session is the
    staff's or the system's. Takes at most five statements."""
    tenant = session.scalars(select(Tenant)).one()
    active = _active_contact(session, tenant)
    keys = _keys_of_several(session, active)
    if not keys:
        return []
    found = session.scalars(select(Contact).where(or_(*(c.in_(keys) for c in _CONTACT_KEYS)), active))
    contacts = _by_key(found.all())
    of_staff = select(Staff).where(or_(*(c.in_(keys) for c in _STAFF_KEYS)), Staff.active.is_(True))
    staff = _by_key(session.scalars(of_staff).all())
    return [Shared(key, tuple(contacts[key]), tuple(staff[key])) for key in keys]


def _by_key(people: Sequence[P]) -> dict[str, list[P]]:
    holders: dict[str, list[P]] = defaultdict(list)
    for person in people:
        for key in keys_of(person):
            holders[key].append(person)
    return holders


def keys_of(person: Person) -> set[str]:
    """The keys by which somebody may sign in."""
    mobile = person.mobile_key if isinstance(person, Contact) else None
    return {key for key in (person.email_key, person.phone_key, mobile) if key}


def _keys_of_several(session: WalledSession, active: ColumnElement[bool]) -> Sequence[str]:
    """Keys that more than one active person has; staff count as negative ids."""
    parts = [
        select(column.label("key"), Contact.id.label("person")).where(column.is_not(None), active)
        for column in _CONTACT_KEYS
    ]
    parts += [
        select(column.label("key"), (-Staff.id).label("person")).where(column.is_not(None), Staff.active.is_(True))
        for column in _STAFF_KEYS
    ]
    held = union(*parts).subquery()
    several = select(held.c.key).group_by(held.c.key).having(func.count() > 1)
    return session.scalars(several.order_by(held.c.key).limit(_TOLD)).all()
