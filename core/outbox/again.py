"""What people decide of a mail: that it is sent again, or that it has arrived."""

from sqlalchemy import select

from core.db.model import now
from core.db.session import WalledSession
from core.outbox.enqueue import MAIL
from core.outbox.models import Job, Mail
from core.outbox.states import DROPPED, FAILED, HELD, KEPT, SENT, WAITING

#: the states in which a mail rests, and may be sent again
AT_REST = frozenset({HELD, FAILED, DROPPED, KEPT, SENT})


def send_again(session: WalledSession, mail_id: int) -> bool:
    """Queue a mail anew that has come to its end: it is made again, of what is so by then, and keeps its Message-ID.
    False where it is under way (again). The session writes, and is the system's or the staff's."""
    mail = _at(session, mail_id, AT_REST)
    if mail is None:
        return False
    mail.state, mail.error, mail.finished_at, mail.due_at = WAITING, "", None, now()
    session.add(Job(owner_tenant=mail.tenant_id, kind=MAIL, subject_id=mail.id))
    session.flush()
    return True


def arrived(session: WalledSession, mail_id: int) -> bool:
    """Note that a mail has arrived of which that was not known. False where it is not held (any more)."""
    mail = _at(session, mail_id, frozenset({HELD}))
    if mail is None:
        return False
    mail.state, mail.error = SENT, ""
    session.flush()
    return True


def _at(session: WalledSession, mail_id: int, states: frozenset[str]) -> Mail | None:
    """The mail, where it is in one of these states, locked until the transaction ends."""
    wanted = select(Mail).where(Mail.id == mail_id, Mail.state.in_(sorted(states)))
    return session.scalar(wanted.with_for_update())
