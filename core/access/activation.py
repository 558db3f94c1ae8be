"""One-time links with which somebody chooses a password: the first one, or a new one."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Engine, delete, select, update

from core.access import sessions
from core.access.links import public_url
from core.access.models import Activation
from core.access.passwords import hash_password
from core.access.people import Person, may_come_in
from core.access.tokens import hash_of, new_token
from core.crm.models import Contact, Staff, Tenant
from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import system

# Long enough for a letter or a colleague's holiday; each is good for one use.
LIFETIME = timedelta(days=7)


def make_link(session: WalledSession, tenant: Tenant, person: Person, port: int) -> str:
    """Make a link for a contact or a staff user, and give its URL, which is kept nowhere. Links made
    before stay valid. The session writes, and is the system's or the staff's; `port` is the one that
    this machine serves on (`Settings.port`)."""
    token, moment = new_token(), now()
    link = Activation(token_hash=hash_of(token), created_at=moment, expires_at=moment + LIFETIME)
    if isinstance(person, Contact):
        link.contact_id = person.id
    else:
        link.staff_id = person.id
    session.add(link)
    session.flush()
    return f"{public_url(tenant, port)}/activate/{token}"


def look_up(session: WalledSession, tenant: Tenant, token: str) -> Person | None:
    """Whose link this is, while it works: unused, not expired, and of somebody who may come in. Uses
    nothing up. The session is the system's."""
    row = session.execute(
        select(Contact, Staff)
        .select_from(Activation)
        .outerjoin(Contact, Contact.id == Activation.contact_id)
        .outerjoin(Staff, Staff.id == Activation.staff_id)
        .where(Activation.token_hash == hash_of(token), *_usable())
    ).first()
    if row is None:
        return None
    person: Person = row[0] or row[1]
    return person if may_come_in(session, tenant, person) else None


def use(engine: Engine, tenant: Tenant, token: str, password: str, client: sessions.Client) -> str | None:
    """Use a link up: set the password, end all the person's sessions and other links, and sign them in.
    Gives the token of the new session; None for a link that does not work, of two at the same moment
    for one. The password has been checked (`core.access.passwords.problem`)."""
    hashed = hash_password(password)  # before the transaction: it takes its time
    with open_session(engine, system(tenant.id), writes=True) as session:
        person = look_up(session, tenant, token)
        taken = update(Activation).where(Activation.token_hash == hash_of(token), *_usable())
        if person is None or session.scalar(taken.values(used_at=now()).returning(Activation.id)) is None:
            return None
        person.password_hash = hashed
        withdraw_links(session, person)
        sessions.end_all(session, person)
        started = sessions.start_for(session, person, client)
        session.commit()
    return started


def withdraw_links(session: WalledSession, person: Person) -> None:
    """Delete the person's links that have not been used."""
    column = Activation.contact_id if isinstance(person, Contact) else Activation.staff_id
    session.execute(delete(Activation).where(column == person.id, Activation.used_at.is_(None)))


def _usable() -> tuple[ColumnElement[bool], ...]:
    return Activation.used_at.is_(None), Activation.expires_at > now()
