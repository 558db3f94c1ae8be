"""One-time links with which somebody chooses a password: the first one, or a new one."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Engine, delete, select, update

from core import audit
from core.access import sessions
from core.access.links import public_url
from core.access.models import Activation
from core.access.passwords import hash_password
from core.access.people import Person, is_of, may_come_in, whose
from core.access.sign_in import actor_for
from core.access.tokens import hash_of, new_token
from core.crm.models import Contact, Staff, Tenant
from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import system

# Long enough for a letter or a colleague's holiday; each is good for one use.
LIFETIME = timedelta(days=7)
# Of a link that somebody asked for at the door: they are waiting for it.
RESET_LIFETIME = timedelta(minutes=30)
ACTIVATION, RESET = "activation", "reset"


def make_link(session: WalledSession, tenant: Tenant, person: Person, port: int) -> str:
    """Make a link for a contact or a staff user, and give its URL, which is kept nowhere. Links made
    before stay valid. The session writes, and is the system's or the staff's; `port` is the one that
    this machine serves on (`Settings.port`)."""
    return _make(session, tenant, person, port, ACTIVATION, LIFETIME)


def make_reset_link(session: WalledSession, tenant: Tenant, person: Person, port: int) -> str:
    """The same for somebody who asked for it at the door: for half an hour, and in place of those that they asked
    for before. The password that they have stays theirs until the link is used."""
    unused = Activation.purpose == RESET, Activation.used_at.is_(None)
    session.execute(delete(Activation).where(is_of(Activation, person), *unused))
    return _make(session, tenant, person, port, RESET, RESET_LIFETIME)


def _make(session: WalledSession, tenant: Tenant, person: Person, port: int, purpose: str, lifetime: timedelta) -> str:
    token, moment = new_token(), now()
    link = Activation(
        **whose(person),
        token_hash=hash_of(token),
        purpose=purpose,
        email_hash=_email_hash(person),
        created_at=moment,
        expires_at=moment + lifetime,
    )
    session.add(link)
    session.flush()
    return f"{public_url(tenant, port)}/activate/{token}"


def look_up(session: WalledSession, tenant: Tenant, token: str) -> Person | None:
    """Whose link this is, while it works: unused, not expired, and of somebody who may come in and whose e-mail
    address is the one that they had when it was made. Uses nothing up. The session is the system's."""
    row = session.execute(
        select(Contact, Staff, Activation.email_hash)
        .select_from(Activation)
        .outerjoin(Contact, Contact.id == Activation.contact_id)
        .outerjoin(Staff, Staff.id == Activation.staff_id)
        .where(Activation.token_hash == hash_of(token), *_usable())
    ).first()
    if row is None:
        return None
    person: Person = row[0] or row[1]
    if row.email_hash not in ("", _email_hash(person)):
        return None
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
        if isinstance(person, Contact):
            person.password_until = None
        withdraw_links(session, person)
        sessions.end_all(session, person)
        started = sessions.start_for(session, person, client)
        audit.note(session, actor_for(person, client), audit.SIGNED_IN, by="link")
        session.commit()
    return started


def withdraw_links(session: WalledSession, person: Person) -> int:
    """Delete the person's links that have not been used, and give how many there were."""
    unused = delete(Activation).where(is_of(Activation, person), Activation.used_at.is_(None))
    return len(session.scalars(unused.returning(Activation.id)).all())


def usable_by(person: Person) -> tuple[ColumnElement[bool], ...]:
    """The conditions over Activation that a link is this person's and works, as long as they have access."""
    return is_of(Activation, person), Activation.email_hash.in_(["", _email_hash(person)]), *_usable()


def _email_hash(person: Person) -> str:
    """What a link keeps of the address that its person has: never empty, for no address is one that may come."""
    return hash_of(person.email_key or "")


def _usable() -> tuple[ColumnElement[bool], ...]:
    return Activation.used_at.is_(None), Activation.expires_at > now()
