"""Removing what the door no longer needs: old tries, what was asked, sign-in sessions and links that are over."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, select

from core.access.models import Activation, Asked, Attempt, LoginSession
from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import system

# Longer than the window of the limits, which alone reads them.
_OLD_TRY = timedelta(hours=1)
# Staff can see for a month that a link was used or had expired.
_OLD_LINK = timedelta(days=30)
_AT_ONCE = 500


def sweep(engine: Engine, tenant_id: int) -> None:
    """Delete one tenant's old rows, some hundreds of each kind, in a transaction of its own."""
    moment = now()
    with open_session(engine, system(tenant_id), writes=True) as session:
        _delete(session, Asked, Asked.created_at <= moment - _OLD_TRY)
        _delete(session, Attempt, Attempt.started_at <= moment - _OLD_TRY)
        _delete(session, LoginSession, LoginSession.expires_at <= moment)
        _delete(session, Activation, Activation.expires_at <= moment - _OLD_LINK)
        session.commit()


def _delete(session: WalledSession, model: Any, old: ColumnElement[bool]) -> None:
    """Delete rows that nobody else is about to change: waiting for them could wait in a circle."""
    found = select(model.id).where(old).limit(_AT_ONCE).with_for_update(skip_locked=True)
    ids = session.scalars(found).all()
    if ids:
        session.execute(delete(model).where(model.id.in_(ids)))
