"""Colleagues on a record: who shares its account may let one another see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select

from core.crm.models import Account, Contact, Membership, Site
from core.crm.ties import ancestors
from core.db.grant import Grant
from core.db.record import Record
from core.db.session import WalledSession, beside_as_system, keep
from core.modules.grants import give

_SHARING = keep(
    select(Record.account_id, Grant)
    .outerjoin(Grant, Grant.parent_id == Record.id)
    .where(Record.id == bindparam("record"))
    .order_by(Grant.id)
)


@dataclass(frozen=True)
class Sharing:
    """The account that a record belongs to, and who was added to it, the first first."""

    account_id: int | None = None
    people: Sequence[Grant] = ()


def sharing(session: WalledSession, record_id: int) -> Sharing:
    """Whom a record is shared with, in one statement; nobody where the session's viewer does not see it."""
    rows = session.execute(_SHARING, {"record": record_id}).all()
    return Sharing(rows[0][0], [each for _, each in rows if each is not None]) if rows else Sharing()


def add_colleague(session: WalledSession, record: Any, by: Contact, key: str | None) -> Contact | None:
    """Let the colleague with this key of an e-mail address see the record, and give them; None where there is no
    such colleague, or more than one. The session is that of `by`, a colleague themselves, and writes."""
    session.flush()
    with beside_as_system(session) as inner:
        found = inner.scalars(
            select(Contact).where(Contact.email_key == (key or ""), _at(inner, record.account_id))
        ).all()
    if len(found) != 1 or found[0].id == by.id:
        return None
    give(session, record, contact=found[0].id, of_colleague=True, by_contact_id=by.id, by_name=by.name[:250])
    return found[0]


def _at(session: WalledSession, account_id: int) -> ColumnElement[bool]:
    """Whether the contact of the statement's row is a member of the account, of a site that is still its, or of an
    account above it with subsidiaries."""
    account = session.get(Account, account_id)
    above = ancestors(session, account) if account is not None else set()
    here = (Membership.account_id == account_id) & or_(Membership.site_id.is_(None), Site.account_id == account_id)
    higher = Membership.account_id.in_(above) & Membership.with_subsidiaries & Membership.site_id.is_(None)
    ties = select(Membership.contact_id).outerjoin(Site, Site.id == Membership.site_id).where(or_(here, higher))
    return Contact.id.in_(ties)
