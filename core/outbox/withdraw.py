"""What is done to mails that have not left yet: taking them back, and sending another kind instead."""

from collections.abc import Collection

from sqlalchemy import delete, update

from core.db.model import now
from core.db.session import WalledSession
from core.outbox.enqueue import MAIL
from core.outbox.models import Job, Mail
from core.outbox.states import DROPPED, WAITING


def withdraw(session: WalledSession, kinds: Collection[str], contact_ids: Collection[int], why: str) -> None:
    """Take back the mails of these kinds to these contacts that are still waiting: each stays, as dropped, with
    `why`, and its job goes. What a worker is handing over already is none of them. The session writes, and is the
    system's or the staff's."""
    if not contact_ids:
        return
    theirs = (Mail.contact_id.in_(contact_ids), Mail.kind.in_(kinds), Mail.state == WAITING)
    dropped = update(Mail).where(*theirs).values(state=DROPPED, error=why, finished_at=now()).returning(Mail.id)
    ids = list(session.scalars(dropped))
    if ids:
        session.execute(delete(Job).where(Job.kind == MAIL, Job.subject_id.in_(ids)))


def retype(session: WalledSession, kinds: Collection[str], kind: str) -> None:
    """Let all mails of these kinds to contacts that are still waiting be of one kind. The session writes, and is the
    system's or the staff's."""
    to_contacts = (Mail.contact_id.is_not(None), Mail.kind.in_(kinds), Mail.state == WAITING)
    session.execute(update(Mail).where(*to_contacts).values(kind=kind))
