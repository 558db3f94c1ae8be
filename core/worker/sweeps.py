"""Clearing away what nobody needs any more, each time a part of it in short transactions."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update

from core.access.given import GivenAnswer
from core.access.sweep import sweep as sweep_door
from core.crm.models import Tenant
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import installation as as_installation
from core.db.viewer import system
from core.files.models import File
from core.installation import Installation
from core.outbox.models import Mail, PeriodicSlot
from core.records.models import Agreement

# Bytes are kept before the transaction that names them is; none lasts nearly as long.
_ORPHANED = timedelta(hours=1)
_OLD_ANSWER = timedelta(days=2)
_OLD_MAIL = timedelta(days=90)
_OLD_SLOT = timedelta(days=7)
_AT_ONCE = 500


def tenants(here: Installation) -> list[int]:
    """The ids of all tenants."""
    with open_session(here.engine, as_installation()) as session:
        return list(session.scalars(select(Tenant.id).order_by(Tenant.id)))


def door(here: Installation) -> None:
    """What sign-in has left: old tries, sessions and links that are over."""
    for tenant_id in tenants(here):
        sweep_door(here.engine, tenant_id)


def files(here: Installation, older_than: timedelta = _ORPHANED) -> None:
    """Stored bytes that no row names: of requests, imports and transactions that were cut off."""
    moment = now() - older_than
    keys = here.store.keys_older_than(moment)
    while some := list(islice(keys, _AT_ONCE)):
        for key in set(some) - _named(here, some):
            here.store.delete(key)
    here.store.delete_unfinished(moment)


def _named(here: Installation, keys: list[str]) -> set[str]:
    """Those of the keys that a row of any tenant names."""
    found: set[str] = set()
    for tenant_id in tenants(here):
        with open_session(here.engine, system(tenant_id)) as session:
            for column in (File.key, Agreement.paper_key, Agreement.signature_key):
                found.update(session.scalars(select(column).where(column.in_(keys))))
    return found


def answers(here: Installation) -> None:
    """Answers that were kept for who asks the same again."""
    old = GivenAnswer.created_at <= now() - _OLD_ANSWER
    for tenant_id in tenants(here):
        for ids in _chunks(here, tenant_id, GivenAnswer, old):
            with open_session(here.engine, system(tenant_id), writes=True) as session:
                session.execute(delete(GivenAnswer).where(GivenAnswer.id.in_(ids)))
                session.commit()


def outbox(here: Installation) -> None:
    """The text of mails that came to their end long ago, and slots that are over."""
    old = (Mail.finished_at <= now() - _OLD_MAIL) & (Mail.body != "")
    for tenant_id in tenants(here):
        for ids in _chunks(here, tenant_id, Mail, old):
            with open_session(here.engine, system(tenant_id), writes=True) as session:
                session.execute(update(Mail).where(Mail.id.in_(ids)).values(body=""))
                session.commit()
    with open_session(here.engine, as_installation(), writes=True) as session:
        session.execute(delete(PeriodicSlot).where(PeriodicSlot.slot <= now() - _OLD_SLOT))
        session.commit()


def _chunks(here: Installation, tenant_id: int, model: Any, old: ColumnElement[bool]) -> Iterator[list[int]]:
    """The ids of a tenant's rows that are old, some hundreds at a time, as long as there are any."""
    wanted: Select[Any] = select(model.id).where(old).order_by(model.id).limit(_AT_ONCE)
    while True:
        with open_session(here.engine, system(tenant_id)) as session:
            ids = list(session.scalars(wanted))
        if not ids:
            return
        yield ids
