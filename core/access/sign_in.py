"""Signing in: who it is, whether the password is theirs, and a new session."""

from collections.abc import Sequence

from sqlalchemy import Engine

from core import audit
from core.access import limits, passwords, sessions
from core.access.people import Person, identifier_key, people_by_key
from core.access.sessions import Client
from core.crm.models import Contact, Staff, Tenant
from core.db.session import WalledSession, open_session
from core.db.viewer import Kind, system


def sign_in(engine: Engine, tenant: Tenant, identifier: str, password: str, client: Client) -> str | None:
    """Sign in by e-mail or phone and password, and give the token of the new session.

    None where it cannot be: nobody is known so, several are, the password is another, access is over,
    or it was tried too often. All these do the same work, so that neither answer nor time tells them
    apart. Opens transactions of its own; none may be open for writing."""
    key = identifier_key(identifier, tenant)
    tried = limits.count_try(engine, tenant.id, key or identifier.strip().lower(), client.address)
    with open_session(engine, system(tenant.id)) as session:
        people = people_by_key(session, tenant, key)
    person = people[0] if len(people) == 1 and tried.allowed and not passwords.has_lapsed(people[0]) else None
    if not passwords.verify(person.password_hash if person else None, password) or person is None:
        if tried.allowed:  # beyond the limit nothing is written, whoever is asked for
            _note_refused(engine, tenant, people, client)
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
        audit.note(session, actor_for(current, client), audit.SIGNED_IN)
        session.commit()
    return token


def actor_for(person: Person, client: Client) -> audit.Actor:
    """Somebody who comes in, for the audit."""
    kind = Kind.CONTACT if isinstance(person, Contact) else Kind.STAFF
    return audit.Actor(kind.value, person.id, person.shown[:250], client.address[:45])


def _note_refused(engine: Engine, tenant: Tenant, people: Sequence[Person], client: Client) -> None:
    """Note a try that failed, and whose it was where that is one person. One row, whoever was asked for."""
    whom = people[0] if len(people) == 1 else None
    kind = "" if whom is None else "contact" if isinstance(whom, Contact) else "staff"
    actor = audit.Actor(Kind.VISITOR.value, address=client.address[:45])
    audit.note_alone(engine, tenant.id, actor, audit.NOT_SIGNED_IN, kind, None if whom is None else whom.id)


def _reload(session: WalledSession, person: Person) -> Person | None:
    if isinstance(person, Contact):
        return session.get(Contact, person.id)
    return session.get(Staff, person.id)
