"""A tenant with two accounts, a client of the first, and invoices to try."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from core.crm.models import Account, Contact, Membership, Site, Tenant
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.modules.reach import sight_of
from core.modules.registry import Registry, load_modules
from core.modules.switches import set_switch
from plugins.invoices.models import Allocation, Invoice

TODAY = date(2026, 3, 15)


@dataclass(frozen=True)
class Firm:
    """A tenant with its rows, and sessions in it for whoever looks."""

    engine: Engine
    registry: Registry
    tenant_id: int
    account_id: int
    other_account_id: int
    site_id: int
    contact_id: int

    @contextmanager
    def system(self) -> Iterator[WalledSession]:
        """A writing session of the system."""
        with open_session(self.engine, system(self.tenant_id), writes=True) as session:
            yield session

    @contextmanager
    def client(self, *, writes: bool = False) -> Iterator[WalledSession]:
        """A session of the contact, who is a member of the first account."""
        with open_session(self.engine, system(self.tenant_id)) as session:
            sight, _ = sight_of(session, self.registry, self.contact_id)
        with open_session(self.engine, sight, writes=writes) as session:
            yield session

    def add(self, *allocated: int, **values: Any) -> int:
        """Write an invoice of the first account with allocations of these amounts; give its id."""
        values = {"account_id": self.account_id, "number": "F-1", "issued_on": TODAY, "currency": "EUR", **values}
        with self.system() as session:
            invoice = Invoice(**values)
            session.add(invoice)
            session.flush()
            for amount in allocated:
                session.add(Allocation(parent_id=invoice.id, paid_on=TODAY, amount=amount, currency=invoice.currency))
            session.commit()
            return invoice.id


@pytest.fixture
def firm(engine: Engine) -> Firm:
    """A tenant where invoices are on."""
    return make_firm(engine)


def make_firm(engine: Engine) -> Firm:
    """Write the rows of a `Firm` into an empty database."""
    registry = load_modules()
    with open_session(engine, installation(), writes=True) as session:
        tenant = Tenant(slug="firm", name="Firm")
        session.add(tenant)
        session.commit()
    with open_session(engine, system(tenant.id), writes=True) as session:
        account, other = Account(name="Ours"), Account(name="Theirs")
        contact = Contact(first_name="Ana", email="ana@example.com")
        session.add_all([account, other, contact])
        session.flush()
        site = Site(account_id=account.id, name="Here")
        session.add_all([site, Membership(contact_id=contact.id, account_id=account.id)])
        set_switch(session, registry, "invoices", "tenant", tenant.id, True)
        session.commit()
    return Firm(engine, registry, tenant.id, account.id, other.id, site.id, contact.id)
