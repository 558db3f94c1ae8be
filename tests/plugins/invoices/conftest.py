"""A tenant with two accounts, a client of the first, and invoices to try."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Account, Contact, Site, Tenant
from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.modules.reach import sight_of
from core.modules.registry import Registry, load_modules
from core.modules.switches import set_switch
from plugins.invoices.models import Allocation, Invoice
from tests.access.world import add_contact, make_tenant

TODAY = date(2026, 3, 15)
CLIENT = "ana@example.com"


@dataclass(frozen=True)
class Firm:
    """A tenant with its rows, and sessions in it for whoever looks."""

    engine: Engine
    registry: Registry
    tenant: Tenant
    contact: Contact
    account_id: int
    other_account_id: int
    site_id: int

    @contextmanager
    def system(self) -> Iterator[WalledSession]:
        """A writing session of the system."""
        with open_session(self.engine, system(self.tenant.id), writes=True) as session:
            yield session

    @contextmanager
    def client(self, *, writes: bool = False) -> Iterator[WalledSession]:
        """A session of the contact, who is a member of the first account."""
        with open_session(self.engine, system(self.tenant.id)) as session:
            sight, _ = sight_of(session, self.registry, self.contact.id)
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
    tenant = make_tenant(engine, language="en")
    contact = add_contact(engine, tenant, CLIENT)
    with open_session(engine, system(tenant.id), writes=True) as session:
        account, other = session.scalars(select(Account)).one(), Account(name="Theirs")
        session.add(other)
        session.flush()
        site = Site(account_id=account.id, name="Here")
        session.add(site)
        set_switch(session, registry, "invoices", "tenant", tenant.id, True)
        session.commit()
    return Firm(engine, registry, tenant, contact, account.id, other.id, site.id)
