"""Temporary passwords: they are made when the mail that tells them is sent, open the page that changes them and
nothing else, and lapse."""

import secrets
from datetime import timedelta

from sqlalchemy import Engine, select

from core import audit
from core.access import passwords, sessions
from core.access.activation import withdraw_links
from core.access.sessions import Client
from core.access.sign_in import actor_for
from core.crm.models import Contact, Tenant
from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import system

LIFETIME = timedelta(days=7)
# Neither 0 and o nor 1, i and l: they are read off a screen and typed. 60 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def give(session: WalledSession, contact: Contact) -> str:
    """Give a contact a new temporary password in place of one that they may have had, and tell it: its hash alone is
    kept. The session is the system's and writes."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    contact.password_hash = passwords.hash_password(password)
    contact.password_until = now() + LIFETIME
    sessions.end_all(session, contact)
    session.flush()
    return password


def change(engine: Engine, tenant: Tenant, contact: Contact, password: str, client: Client) -> str | None:
    """Put a password that the contact has chosen in place of the temporary one, end all their sessions and links,
    and sign them in: gives the new session's token, None where the temporary password has lapsed or was changed
    meanwhile. The password has been checked (`core.access.passwords.problem`)."""
    hashed = passwords.hash_password(password)  # before the transaction: it takes its time
    with open_session(engine, system(tenant.id), writes=True) as session:
        current = session.scalar(select(Contact).where(Contact.id == contact.id).with_for_update())
        if current is None or current.password_hash != contact.password_hash or passwords.has_lapsed(current):
            return None
        current.password_hash, current.password_until = hashed, None
        withdraw_links(session, current)
        sessions.end_all(session, current)
        started = sessions.start_for(session, current, client)
        audit.note(session, actor_for(current, client), audit.SIGNED_IN, by="password")
        session.commit()
    return started
