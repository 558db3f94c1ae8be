"""Putting a mail into the outbox, in the transaction of its cause."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.db.model import now
from core.db.session import WalledSession
from core.outbox.models import Job, Mail

#: the kind of the jobs that send a mail
MAIL = "mail"


def enqueue(
    session: WalledSession,
    kind: str,
    *,
    contact_id: int | None = None,
    staff_id: int | None = None,
    record_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Mail:
    """Queue one mail of a kind to one person, a contact or a staff user, and give its row. It is kept or undone
    with the session's transaction; the session is the system's or the staff's, for the tenant. `record_id` is
    the record that it tells of, `data` what else its kind needs, `due_at` when it is to leave (at once)."""
    if (contact_id is None) == (staff_id is None):
        raise ValueError("a mail goes to one person, a contact or a staff user")
    mail = Mail(
        kind=kind,
        contact_id=contact_id,
        staff_id=staff_id,
        record_id=record_id,
        data=dict(data or {}),
        message_id=secrets.token_hex(16),
        due_at=due_at or now(),
    )
    _keep(session, [mail])
    return mail


def enqueue_to_all(session: WalledSession, kind: str, due: Mapping[int, datetime | None]) -> None:
    """Queue one mail of a kind to each of these contacts, by id, with the moment when it is to leave (None: at once).
    The same, in few statements."""
    moment = now()
    mails = [
        Mail(kind=kind, contact_id=contact_id, data={}, message_id=secrets.token_hex(16), due_at=due_at or moment)
        for contact_id, due_at in due.items()
    ]
    _keep(session, mails)


def _keep(session: WalledSession, mails: Sequence[Mail]) -> None:
    tenant_id = session.sight.viewer.tenant_id
    session.add_all(mails)
    session.flush()
    session.add_all([Job(owner_tenant=tenant_id, kind=MAIL, subject_id=mail.id, due_at=mail.due_at) for mail in mails])
    session.flush()
