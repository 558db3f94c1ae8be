"""Rows of the CRM for worlds that are looked at: tenants, accounts, sites, contacts, memberships; made through
the product's own sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine

from core.crm.identifiers import keys_of_contact
from core.crm.models import Account, Contact, Membership, Site, Tenant, TenantHost
from core.crm.segments import Segment, SegmentAccount
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system


def make_tenant(engine: Engine, slug: str = "one", host: str = "localhost", **more: Any) -> Tenant:
    """A tenant with one host."""
    with open_session(engine, installation(), writes=True) as session:
        tenant = Tenant(slug=slug, name=f"Company {slug}", language="en", **more)
        tenant.hosts.append(TenantHost(host=host))
        session.add(tenant)
        session.commit()
        return tenant


@contextmanager
def writing(engine: Engine, tenant: Tenant) -> Iterator[WalledSession]:
    """A session of the tenant's system, committed at the end."""
    with open_session(engine, system(tenant.id), writes=True) as session:
        yield session
        session.commit()


def account(session: WalledSession, name: str, parent: Account | None = None, **more: Any) -> Account:
    """An account, flushed."""
    made = Account(name=name, parent_id=parent.id if parent else None, **more)
    session.add(made)
    session.flush()
    return made


def site(session: WalledSession, of: Account, name: str) -> Site:
    """A site of an account, flushed."""
    made = Site(account_id=of.id, name=name)
    session.add(made)
    session.flush()
    return made


def contact(session: WalledSession, first: str = "", last: str = "", *of: Account | Site, **more: Any) -> Contact:
    """A contact with its keys, a member of the accounts and sites given, flushed."""
    keys = keys_of_contact(more.get("email", ""), more.get("phone", ""), more.get("mobile", ""), "ES")
    made = Contact(first_name=first, last_name=last, **more, **keys)
    session.add(made)
    session.flush()
    for place in of:
        member(session, made, place)
    return made


def segment(session: WalledSession, name: str, *of: Account) -> Segment:
    """A segment with these accounts in it, flushed."""
    made = Segment(name=name)
    session.add(made)
    session.flush()
    session.add_all(SegmentAccount(segment_id=made.id, account_id=each.id) for each in of)
    session.flush()
    return made


def member(session: WalledSession, who: Contact, place: Account | Site, deep: bool = False) -> Membership:
    """A membership of an account or a site, flushed."""
    account_id, site_id = (place.account_id, place.id) if isinstance(place, Site) else (place.id, None)
    made = Membership(contact_id=who.id, account_id=account_id, site_id=site_id, with_subsidiaries=deep)
    session.add(made)
    session.flush()
    return made
