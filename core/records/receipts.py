"""When each contact first saw a record that waits for their answer. Staff read it; no client does, not even of
themselves."""

from datetime import datetime

from sqlalchemy import BigInteger, Engine, bindparam, select
from sqlalchemy.exc import IntegrityError

from core.crm.models import Contact, whole_name
from core.db.session import WalledSession, keep, open_session
from core.db.viewer import system
from core.records.models import Receipt

_SEEN = keep(
    select(whole_name(), Receipt.seen_at)
    .join(Contact, Contact.id == Receipt.contact_id)
    .where(Receipt.record_id == bindparam("record", type_=BigInteger()))
    .order_by(Receipt.seen_at, Receipt.id)
)


def first_seen(session: WalledSession, record_id: int) -> list[tuple[str, datetime]]:
    """Who has seen a record and since when, for a session of the staff's; the first comes first."""
    return [(name, moment) for name, moment in session.execute(_SEEN, {"record": record_id})]


def note_seen(engine: Engine, tenant_id: int, record_id: int, contact_id: int) -> None:
    """Write down that a contact has seen a record, once; in a transaction of its own, after the answer."""
    seen = select(Receipt.id).where(Receipt.record_id == record_id, Receipt.contact_id == contact_id)
    with open_session(engine, system(tenant_id)) as session:
        if session.scalar(seen) is not None:
            return
    with open_session(engine, system(tenant_id), writes=True) as session:
        session.add(Receipt(record_id=record_id, contact_id=contact_id))
        try:
            session.commit()
        except IntegrityError:
            session.rollback()  # seen twice at the same moment
