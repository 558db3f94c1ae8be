"""The mails of the door: the first way in, by a link or by a temporary password, and a new password."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from core.access import activation, temporary
from core.access.links import public_url
from core.access.passwords import is_inside
from core.access.people import Person, may_come_in
from core.crm.models import Contact, Staff, Tenant
from core.db.model import now
from core.db.session import WalledSession
from core.formats import format_datetime
from core.i18n import lazy_gettext
from core.installation import installation
from core.outbox.kinds import MailKind, Withheld
from core.outbox.models import Mail

#: how a contact first comes in: the values of `tenant.first_entry`
BY_LINK, BY_PASSWORD = "link", "password"

_COMMON = {
    "tenant": lazy_gettext("Your company's name."),
    "name": lazy_gettext("The recipient's first name, or their whole name where there is none."),
    "user": lazy_gettext("The e-mail address with which the recipient signs in."),
    "until": lazy_gettext("The day and the hour until which it works."),
    "phone": lazy_gettext("Your company's phone number."),
    "email": lazy_gettext("Your company's e-mail address."),
}


def _activation(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    tenant, person = _newcomer(session, mail)
    link = activation.make_link(session, tenant, person, installation().settings.port)
    return _values(tenant, person, now() + activation.LIFETIME, link=link)


def _password(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    tenant, person = _newcomer(session, mail)
    if isinstance(person, Staff):
        raise Withheld(lazy_gettext("Staff first come in by a link."))
    password = temporary.give(session, person)
    link = f"{public_url(tenant, installation().settings.port)}/login"
    return _values(tenant, person, now() + temporary.LIFETIME, link=link, password=password)


def _reset(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    tenant, person = _recipient(session, mail)
    link = activation.make_reset_link(session, tenant, person, installation().settings.port)
    return _values(tenant, person, now() + activation.RESET_LIFETIME, link=link)


def opens(session: WalledSession, mail: Mail) -> bool:
    """Whether there is still a use for what a mail of the door carries. The session is the system's or the staff's."""
    try:
        check_use(session, mail)
    except Withheld:
        return False
    return True


def check_use(session: WalledSession, mail: Mail) -> None:
    """Raise Withheld where there is no use any more for what a mail of the door carries: who has chosen a password
    needs no first way in, nor does anybody who may not come in; and who asked for a new password waits no longer than
    the link in their mail is good."""
    (_newcomer if mail.kind in FIRST else _recipient)(session, mail)
    made = mail.finished_at or mail.created_at
    if mail.kind == NEW_PASSWORD.name and made + activation.RESET_LIFETIME <= now():
        raise Withheld(lazy_gettext("The link in this mail has lapsed. Whoever still needs one asks for it once more."))


def _newcomer(session: WalledSession, mail: Mail) -> tuple[Tenant, Person]:
    tenant, person = _recipient(session, mail)
    if is_inside(person):
        raise Withheld(lazy_gettext("The recipient has chosen a password already."))
    return tenant, person


def _recipient(session: WalledSession, mail: Mail) -> tuple[Tenant, Person]:
    """Whom the mail is to, as long as they may come in at this moment."""
    tenant = session.scalars(select(Tenant)).one()
    person: Person | None = None
    if mail.contact_id is not None:
        person = session.get(Contact, mail.contact_id)
    elif mail.staff_id is not None:
        person = session.get(Staff, mail.staff_id)
    if person is None or not may_come_in(session, tenant, person):
        raise Withheld(lazy_gettext("The recipient has no access."))
    return tenant, person


def _values(tenant: Tenant, person: Person, until: datetime, **more: str) -> dict[str, str]:
    return {
        "tenant": tenant.name,
        "name": person.called,
        "user": person.email,
        "until": format_datetime(until),
        "phone": tenant.phone,
        "email": tenant.email,
        **more,
    }


LINK = MailKind(
    name="core.activation",
    title=lazy_gettext("First way in, by a link"),
    subject=lazy_gettext("{name}, your way into the portal of {tenant}"),
    body=lazy_gettext(
        "Hello, {name}:\n\n"
        "{tenant} has opened its portal to you. In it you find what you have with us, at any hour.\n\n"
        "Choose your password here and come in:\n{link}\n\n"
        "The link works once, until {until}. After that you sign in with {user} and your password.\n\n"
        "If something does not go as it should, tell us. We are glad to help.\n\n"
        "{tenant}\n{phone}\n{email}"
    ),
    codes={**_COMMON, "link": lazy_gettext("The link with which the recipient chooses a password. It works once.")},
    fill=_activation,
    secret=frozenset({"link"}),
    of_the_door=True,
)

PASSWORD = MailKind(
    name="core.password",
    title=lazy_gettext("First way in, by a temporary password"),
    subject=lazy_gettext("{name}, your way into the portal of {tenant}"),
    body=lazy_gettext(
        "Hello, {name}:\n\n"
        "{tenant} has opened its portal to you. In it you find what you have with us, at any hour.\n\n"
        "Sign in here:\n{link}\n\n"
        "Your user name: {user}\n"
        "Your temporary password: {password}\n\n"
        "It is good until {until}. When you sign in with it, you choose a password of your own.\n\n"
        "If something does not go as it should, tell us. We are glad to help.\n\n"
        "{tenant}\n{phone}\n{email}"
    ),
    codes={
        **_COMMON,
        "link": lazy_gettext("The address of the page to sign in on."),
        "password": lazy_gettext("The temporary password, which the recipient changes when they first sign in."),
    },
    fill=_password,
    secret=frozenset({"password"}),
    of_the_door=True,
)

NEW_PASSWORD = MailKind(
    name="core.reset",
    title=lazy_gettext("Forgotten password"),
    subject=lazy_gettext("Your new password for the portal of {tenant}"),
    body=lazy_gettext(
        "Hello, {name}:\n\n"
        "Somebody, we think you, has asked for a new password for the portal of {tenant}. Choose it here:\n{link}\n\n"
        "The link works once, until {until}. Your user name is {user}.\n\n"
        "If you have not asked for it, you need do nothing: your password stays as it is.\n\n"
        "{tenant}\n{phone}\n{email}"
    ),
    codes={**_COMMON, "link": lazy_gettext("The link with which the recipient chooses a password. It works once.")},
    fill=_reset,
    secret=frozenset({"link"}),
    of_the_door=True,
)

#: the kinds with which a contact first comes in
FIRST = (LINK.name, PASSWORD.name)


def first_kind(tenant: Tenant) -> str:
    """The name of the kind of mail with which this tenant's contacts first come in."""
    return PASSWORD.name if tenant.first_entry == BY_PASSWORD else LINK.name


#: all kinds of mail of the door
MAILS = (LINK, PASSWORD, NEW_PASSWORD)
