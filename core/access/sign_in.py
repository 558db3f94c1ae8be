"""Signing in: who it is, whether the password is theirs, and a new session."""

from sqlalchemy import Engine

from core.access import limits, passwords, sessions
from core.access.people import Person, identifier_key, people_by_key
from core.access.sessions import Client
from core.crm.models import Contact, Staff, Tenant
from core.db.session import WalledSession, open_session
from core.db.viewer import system


def sign_in(engine: Engine, tenant: Tenant, identifier: str, password: str, client: Client) -> str | None:
    """Sign in by e-mail or phone and password, and give the token of the new session.

    None where it cannot be: nobody is known so, several are, the password is another, access is over,
    or it was tried too often. All these do the same work, so that neither answer nor time tells them
    apart. Opens transactions of its own; none may be open for writing."""
    key = identifier_key(identifier, tenant)
    tried = limits.count_try(engine, tenant.id, key or identifier.strip().lower(), client.address)
    with open_session(engine, system(tenant.id)) as session:
        people = people_by_key(session, tenant, key)
    person = people[0] if len(people) == 1 and tried.allowed else None
    if not passwords.verify(person.password_hash if person else None, password) or person is None:
        return None
    kept = person.password_hash or ""
    renewed = passwords.hash_password(password) if passwords.is_outdated(kept) else kept
    with open_session(engine, system(tenant.id), writes=True) as session:
        current = _reload(session, person)
        if current is None or current.password_hash != kept:
            return None  # it was changed meanwhile
        current.password_hash = renewed
        limits.forget(session, tried)
        token = sessions.start_for(session, current, client)
        session.commit()
    return token


def _reload(session: WalledSession, person: Person) -> Person | None:
    if isinstance(person, Contact):
        return session.get(Contact, person.id)
    return session.get(Staff, person.id)
