"""Sign-in sessions: rows, so that ending one ends it at once in every process."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, bindparam, delete, select, update

from core.access.models import LoginSession
from core.access.people import Person, is_of, whose
from core.access.tokens import hash_of, new_token
from core.crm.models import Contact, Staff, Tenant, TenantHost
from core.db.detached import Detached
from core.db.model import now
from core.db.session import WalledSession, keep, open_session
from core.db.viewer import system
from core.modules.entry import is_member

# Long enough to read an invoice, ask a colleague and come back; short enough for a shared computer.
IDLE = timedelta(hours=2)
# A working day and its night: whoever holds a stolen cookie has a day at most, however busy.
ABSOLUTE = timedelta(hours=24)
# How fresh `last_seen_at` is kept: writing it with each request would make every page a write.
TOUCH = timedelta(minutes=5)


_TENANT_VERSION = (
    select(Tenant.version)
    .join(TenantHost, TenantHost.owner_tenant == Tenant.id)
    .where(TenantHost.host == bindparam("host"))
    .scalar_subquery()
)
_LOGIN, _CONTACT, _STAFF = Detached(LoginSession), Detached(Contact), Detached(Staff)
_OF_TOKEN = keep(
    select(*_LOGIN.columns, *_CONTACT.columns, *_STAFF.columns, is_member(), _TENANT_VERSION)
    .outerjoin(Contact, Contact.id == LoginSession.contact_id)
    .outerjoin(Staff, Staff.id == LoginSession.staff_id)
    .where(
        LoginSession.token_hash == bindparam("token"),
        LoginSession.expires_at > bindparam("moment"),
        LoginSession.last_seen_at > bindparam("idle_since"),
    )
)


@dataclass(frozen=True)
class Client:
    """From where somebody signs in: their address, their device, and the token that this browser held
    until now, whose session ends."""

    address: str
    device: str
    replaces: str | None = None


@dataclass(frozen=True)
class Found:
    """A session that is alive, its person, whether that contact has a membership, and the version of the tenant
    whom the host leads to, where it is this one."""

    login: LoginSession
    person: Person
    is_member: bool
    tenant_version: int | None


def start(session: WalledSession, person: Person, address: str, device: str) -> str:
    """Sign somebody in and give the new token, which is kept nowhere else. The session is the system's
    and writes."""
    token, moment = new_token(), now()
    login = LoginSession(
        **whose(person),
        token_hash=hash_of(token),
        address=address[:45],
        device=device,
        created_at=moment,
        last_seen_at=moment,
        expires_at=moment + ABSOLUTE,
    )
    session.add(login)
    session.flush()
    return token


def load(session: WalledSession, token: str, host: str = "") -> Found | None:
    """The session of a token, if it is alive, with its person, in one statement. The session is the
    system's. Whether the person still has access, and `host` still leads to their tenant, is the caller's
    to ask."""
    moment = now()
    known = {"token": hash_of(token), "moment": moment, "idle_since": moment - IDLE, "host": host}
    row = session.execute(_OF_TOKEN, known).first()
    login = None if row is None else _LOGIN.made(row)
    if row is None or login is None:
        return None
    contact = _CONTACT.made(row, len(_LOGIN.columns))
    person = contact or _STAFF.made(row, len(_LOGIN.columns) + len(_CONTACT.columns))
    return None if person is None else Found(login, person, *row[-2:])


def ends_at(login: LoginSession) -> datetime:
    """When the session ends if nothing more is asked: for the warning before it."""
    seen = max(login.last_seen_at, now() - TOUCH)
    return min(login.expires_at, seen + IDLE)


def wants_touch(login: LoginSession) -> bool:
    """Whether it is time to write that the session is in use."""
    return login.last_seen_at <= now() - TOUCH


def touch(engine: Engine, tenant_id: int, login_id: int) -> None:
    """Write that the session is in use, in a transaction of its own."""
    moment = now()
    with open_session(engine, system(tenant_id), writes=True) as session:
        stale = (LoginSession.id == login_id, LoginSession.last_seen_at <= moment - TOUCH)
        session.execute(update(LoginSession).where(*stale).values(last_seen_at=moment))
        session.commit()


def start_for(session: WalledSession, person: Person, client: Client) -> str:
    """The same for a browser, whose session until now ends."""
    if client.replaces:
        end_token(session, client.replaces)
    return start(session, person, client.address, client.device)


def end_by_id(engine: Engine, tenant_id: int, login_id: int) -> None:
    """End a session whose person has lost access, in a transaction of its own."""
    with open_session(engine, system(tenant_id), writes=True) as session:
        session.execute(delete(LoginSession).where(LoginSession.id == login_id))
        session.commit()


def end_token(session: WalledSession, token: str) -> None:
    """End the session of a token, if there is one."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_of(token)))


def list_of(session: WalledSession, person: Person) -> list[LoginSession]:
    """The sessions of a person that are alive, the one in use last first."""
    moment = now()
    alive = (LoginSession.expires_at > moment, LoginSession.last_seen_at > moment - IDLE)
    latest = (LoginSession.last_seen_at.desc(), LoginSession.id.desc())
    return list(session.scalars(select(LoginSession).where(is_of(LoginSession, person), *alive).order_by(*latest)))


def end_one(session: WalledSession, person: Person, login_id: int) -> bool:
    """End one of the person's own sessions; False where they have none of that id."""
    ended = delete(LoginSession).where(is_of(LoginSession, person), LoginSession.id == login_id)
    return session.scalar(ended.returning(LoginSession.id)) is not None


def end_others(session: WalledSession, person: Person, login_id: int) -> None:
    """End all sessions of the person but one."""
    session.execute(delete(LoginSession).where(is_of(LoginSession, person), LoginSession.id != login_id))


def end_all(session: WalledSession, person: Person) -> None:
    """End every session of the person: after a new password, or when access is taken away."""
    session.execute(delete(LoginSession).where(is_of(LoginSession, person)))


def end_all_of(session: WalledSession, contact_ids: Collection[int]) -> None:
    """The same of several contacts."""
    session.execute(delete(LoginSession).where(LoginSession.contact_id.in_(contact_ids)))
