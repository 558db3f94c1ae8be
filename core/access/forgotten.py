"""Asking for a new password at the door, or for the first one.

Whoever asks, and for whomever: what is typed is written down and answered in the same words, and nobody is looked up.
A worker does that later, and queues a mail to the address that is stored, where one person is known so."""

from datetime import timedelta

from sqlalchemy import Engine, func, select

from core.access import limits
from core.access.activation import RESET_LIFETIME
from core.access.mails import NEW_PASSWORD
from core.access.models import Asked
from core.access.people import Person, identifier_key, is_of, people_by_key, whose
from core.crm.models import Tenant
from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.outbox.enqueue import enqueue
from core.outbox.models import Job, Mail

#: the kind of the jobs that look who asked
JOB = "core.asked"
# So many mails within the life of a link, the last of which is always good: whoever asks for somebody else a hundred
# times neither fills their mailbox nor keeps them out.
MOST_MAILS = 5
# What was asked longer ago than this, by a worker that stood still, nobody waits for.
_TOO_OLD = timedelta(hours=1)


def ask(engine: Engine, tenant: Tenant, identifier: str, address: str) -> None:
    """Write down that somebody at `address` asks for a way in as `identifier`, within the limits of sign-in. Does the
    same whoever that is. Opens transactions of its own; none may be open for writing."""
    key = identifier_key(identifier, tenant)
    # Counted apart from sign-in: this is what one does after ten wrong passwords.
    if not limits.count_try(engine, tenant.id, f"forgotten {key or identifier.strip().lower()}", address).allowed:
        return
    with open_session(engine, system(tenant.id), writes=True) as session:
        asked = Asked(key=key or "")
        session.add(asked)
        session.flush()
        session.add(Job(owner_tenant=tenant.id, kind=JOB, subject_id=asked.id))
        session.commit()


def look(session: WalledSession, asked_id: int) -> None:
    """Look who asked, and queue the mail where there is one person with access and an address; forget what was
    typed. The session is the system's and writes; the caller commits."""
    asked = session.get(Asked, asked_id)
    if asked is None:
        return  # another worker has looked
    session.delete(asked)
    tenant = session.scalars(select(Tenant)).one()
    people = people_by_key(session, tenant, asked.key) if asked.created_at > now() - _TOO_OLD else []
    if len(people) != 1 or people[0].email_key is None or _has_enough(session, people[0]):
        return
    enqueue(session, NEW_PASSWORD.name, **whose(people[0]))


def _has_enough(session: WalledSession, person: Person) -> bool:
    lately = (Mail.kind == NEW_PASSWORD.name, Mail.created_at > now() - RESET_LIFETIME)
    return (session.scalar(select(func.count(Mail.id)).where(is_of(Mail, person), *lately)) or 0) >= MOST_MAILS
