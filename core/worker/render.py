"""Making a mail what it says, at the moment at which it is sent: under the rights of whoever gets it, in their
language. What they may not see any more they are not told; the mail's row says why it was not sent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import Flask, g
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from core.access.links import public_url
from core.access.people import Person
from core.crm.models import Contact, Staff, Tenant
from core.db.record import Record
from core.db.session import WalledSession, go_on_as, keep, open_session
from core.db.viewer import Sight, system
from core.i18n import language, lazy_gettext, today_in
from core.installation import Installation
from core.modules.entry import entry, is_member
from core.modules.reach import sight_of, sight_of_staff
from core.outbox.kinds import MailKind, Withheld
from core.outbox.models import Mail
from core.outbox.texts import Text, masked, replace, replace_subject, text_of
from core.worker.kinds import CORE, kinds, module_of
from core.worker.letter import Letter, mail_address

_MAIL = keep(
    select(Mail, Contact, Staff, is_member())
    .outerjoin(Contact, Contact.id == Mail.contact_id)
    .outerjoin(Staff, Staff.id == Mail.staff_id)
    .where(Mail.id == bindparam("mail"))
)
_TENANT = keep(select(Tenant).options(joinedload(Tenant.hosts)))
_SEEN = keep(select(Record.id).where(Record.id == bindparam("record")))


class UnknownKind(Exception):
    """The module that this mail is of is not here; it may be again."""


def render(app: Flask, tenant_id: int, mail_id: int, *, for_good: bool) -> tuple[Letter, Tenant]:
    """What a mail says now, and the tenant whom it comes from. `for_good` keeps what its kind writes to make its
    secrets work; where the mail is not going to be sent, they are made and forgotten.

    Raises Withheld, with why, where nothing is to be sent, and UnknownKind."""
    here: Installation = app.extensions["postigo"]
    with open_session(here.engine, system(tenant_id)) as session:
        mail, contact, staff, member = session.execute(_MAIL, {"mail": mail_id}).one()
        tenant = session.scalars(_TENANT).unique().one()
        kind = kinds(here.registry).get(mail.kind)
        if kind is None:
            raise UnknownKind(mail.kind)
        person: Person = contact or staff
        address = _address(person)
        sight = system(tenant_id) if kind.of_the_door else _sight(session, here, tenant, person, kind, member)
        with context(app, here, tenant, person, sight):
            text = text_of(session, kind, language())
            if kind.of_the_door:
                session.close()
                values, address = _of_the_door(here, tenant_id, mail_id, kind, for_good=for_good)
            else:
                go_on_as(session, sight)
                values = _values(session, mail, kind)
            return _letter(mail, kind, text, values, address), tenant


@contextmanager
def context(app: Flask, here: Installation, tenant: Tenant, person: Person | None, sight: Sight) -> Iterator[None]:
    """What a page would stand in, if the recipient asked for one: language, time zone, addresses. Of nobody, it is
    the tenant's."""
    # An address for which the door looks nobody up; a context of its own, for another may be around it.
    address = public_url(tenant, here.settings.port)
    with app.app_context(), app.test_request_context("/static/", base_url=address):
        g.tenant, g.person, g.sight, g.viewer = tenant, person, sight, sight.viewer
        yield


def _address(person: Person) -> str:
    if not person.email:
        raise Withheld(lazy_gettext("There is no e-mail address."))
    address = mail_address(person.email)
    if address is None:
        raise Withheld(lazy_gettext("What stands as e-mail address is none that mail can be sent to."))
    return address


def _sight(
    session: WalledSession, here: Installation, tenant: Tenant, person: Person, kind: MailKind, member: bool
) -> Sight:
    """The recipient's own sight. Raises Withheld for those who may not come in, or for whom the module is off."""
    if isinstance(person, Staff):
        if not person.active:
            raise Withheld(lazy_gettext("This staff user has been deactivated."))
        return sight_of_staff(session, here.registry, person.id)
    sight, _ = sight_of(session, here.registry, person.id)
    today = today_in(tenant.time_zone)
    if not entry(person, tenant, today, is_member=bool(member), portal=sight.portal).granted:
        raise Withheld(lazy_gettext("The recipient has no access to the portal."))
    if kind not in CORE and not sight.reach(module_of(kind)).open:
        raise Withheld(lazy_gettext("The module is off for the recipient."))
    return sight


def _values(session: WalledSession, mail: Mail, kind: MailKind) -> dict[str, str]:
    """The codes' values, asked in the recipient's own session."""
    if mail.record_id is not None and session.scalar(_SEEN, {"record": mail.record_id}) is None:
        raise Withheld(lazy_gettext("The recipient may not see the record any more."))
    g._session = session  # where what the kind calls asks for the request's
    return _texts(kind.fill(session, mail))


def _of_the_door(
    here: Installation, tenant_id: int, mail_id: int, kind: MailKind, *, for_good: bool
) -> tuple[dict[str, str], str]:
    """The values of a mail that helps its recipient in, and the address that they are for: what makes its secrets
    work is written with them, and goes to nobody's former address."""
    with open_session(here.engine, system(tenant_id), writes=True) as session:
        mail, contact, staff, _ = session.execute(_MAIL, {"mail": mail_id}).one()
        values, address = _texts(kind.fill(session, mail)), _address(contact or staff)
        if for_good:
            session.commit()
    return values, address


def _texts(values: Mapping[str, str]) -> dict[str, str]:
    return {code: str(value) for code, value in values.items()}


def _letter(mail: Mail, kind: MailKind, text: Text, values: dict[str, str], address: str) -> Letter:
    kept = masked(values, kind.secret)
    return Letter(
        mail.message_id,
        address,
        language(),
        replace_subject(text.subject, values),
        replace(text.body, values),
        replace_subject(text.subject, kept),
        replace(text.body, kept),
    )
