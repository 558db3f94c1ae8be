"""Whom a record concerns: the contacts who may come in today and see it there."""

from collections.abc import Iterator

from sqlalchemy import Select, select, union

from core.crm.models import Account, Contact, Membership, Tenant
from core.crm.ties import ancestors
from core.db.grant import Grant
from core.db.record import Record
from core.db.session import WalledSession, beside
from core.i18n import today_in
from core.installation import installation
from core.modules.entry import entry, is_member
from core.modules.reach import sight_of


def who_sees(session: WalledSession, record_id: int) -> list[int]:
    """The ids of the contacts who see a record on their pages today, in order: for mails that tell of it. Each is
    asked under their own rights, so it is for what happens now and then, not for pages. The session is the system's,
    and writes."""
    session.flush()
    record = session.get(Record, record_id)
    tenant = session.scalars(select(Tenant)).one()
    return [] if record is None else list(_who(session, record, tenant))


def _who(session: WalledSession, record: Record, tenant: Tenant) -> Iterator[int]:
    today, registry = today_in(tenant.time_zone), installation().registry
    asked = select(Contact, is_member()).where(Contact.id.in_(_tied(session, record))).order_by(Contact.id)
    for contact, member in session.execute(asked).all():
        sight, _ = sight_of(session, registry, contact.id)
        if not entry(contact, tenant, today, is_member=bool(member), portal=sight.portal).granted:
            continue
        with beside(session, sight) as theirs:
            seen = theirs.scalar(select(Record.id).where(Record.id == record.id))
        if seen is not None:
            yield contact.id


def _tied(session: WalledSession, record: Record) -> Select[int]:
    """Everybody who may have to do with it: whom it names, members of its account, of a site of it and of accounts
    above, and whom it was granted."""
    given = select(Grant.account_id).where(Grant.parent_id == record.id)
    accounts = {each for each in (record.account_id, *session.scalars(given)) if each is not None}
    for account in session.scalars(select(Account).where(Account.id.in_(sorted(accounts)))).all():
        accounts |= ancestors(session, account)
    named = select(Record.contact_id.label("who")).where(Record.id == record.id, Record.contact_id.is_not(None))
    granted = select(Grant.contact_id).where(Grant.parent_id == record.id, Grant.contact_id.is_not(None))
    members = select(Membership.contact_id).where(Membership.account_id.in_(sorted(accounts)))
    people = union(named, granted, members).subquery()
    return select(people.c.who)
