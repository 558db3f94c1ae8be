"""Changes of a world, each as staff, an import or another module would make it: in the tenant's own session."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from core.crm.models import Account, Contact, Membership, Site, Tenant
from core.crm.ties import TieError, add_membership, set_parent
from core.db.grant import Grant
from core.db.session import WalledSession
from core.db.viewer import Scope
from core.files.storage import attach
from core.modules.registry import Registry
from core.modules.switches import set_scope, set_switch
from plugins.invoices.models import Invoice, Line
from tests.worlds.seed import LONG_AGO, PDF
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World

STATES = ("draft", "pending", "paid", "cancelled")


def owner(made: Tenancy, account: str | None, site: str | None, contact: str | None) -> dict[str, int | None]:
    """The owner columns for these names."""
    return {
        "account_id": made.accounts[account] if account else None,
        "site_id": made.sites[site] if site else None,
        "contact_id": made.people[contact] if contact else None,
    }


def add_invoice(world: World, made: Tenancy, status: str, columns: Mapping[str, Any]) -> None:
    """A new invoice with a line and a file."""
    with world.writing(made.slug) as session:
        invoice = Invoice(
            number="F-012", status=status, issued_on=LONG_AGO, due_on=LONG_AGO, currency="EUR", total=77, **columns
        )
        session.add(invoice)
        session.flush()
        session.add(Line(parent_id=invoice.id, currency="EUR"))
        attach(session, world.store, invoice.id, "new.pdf", PDF, "application/pdf")


def change_invoice(world: World, made: Tenancy, which: int, columns: Mapping[str, Any]) -> None:
    """Set columns of an invoice of the tenant's: owner, status or published."""
    with world.writing(made.slug) as session:
        ids = session.scalars(select(Invoice.id).order_by(Invoice.id)).all()
        invoice = session.get(Invoice, ids[which % len(ids)])
        for name, value in columns.items():
            setattr(invoice, name, value)


def switch(world: World, made: Tenancy, module: str, level: str, target: int, on: bool | None) -> None:
    """Set a switch at one level, or take it away."""
    with world.writing(made.slug) as session:
        set_switch(session, Registry() if module == "portal" else world.registry, module, level, target, on)


def scope_of(world: World, made: Tenancy, module: str, value: str) -> None:
    """Set how much of an account a module shows."""
    with world.writing(made.slug) as session:
        set_scope(session, module, Scope(value))


def grant_row(world: World, made: Tenancy, record_id: int, contact_id: int) -> None:
    """Write the row of a grant, whatever its record is."""
    with world.writing(made.slug) as session:
        session.add(Grant(parent_id=record_id, contact_id=contact_id))


def tie(world: World, made: Tenancy, person: str, account: str, site: str | None, deep: bool) -> None:
    """Make somebody a member; where that cannot be, nothing changes."""
    with world.writing(made.slug) as session:
        place = _row(session, Site, made.sites[site]) if site else None
        whole = _row(session, Account, made.accounts[account])
        try:
            add_membership(session, _row(session, Contact, made.people[person]), whole, place, with_subsidiaries=deep)
        except TieError:
            session.rollback()


def untie(world: World, made: Tenancy, person: str) -> None:
    """End somebody's first membership."""
    with world.writing(made.slug) as session:
        mine = select(Membership).where(Membership.contact_id == made.people[person]).order_by(Membership.id)
        found = session.scalars(mine).first()
        if found is not None:
            session.delete(found)


def window(world: World, made: Tenancy, person: str, user: bool, days: tuple[int | None, int | None]) -> None:
    """Set the three portal fields, as days from today."""
    with world.writing(made.slug) as session:
        who = _row(session, Contact, made.people[person])
        start, end = (None if n is None else date.today() + timedelta(days=n) for n in days)
        who.portal_user, who.support_start, who.portal_end = user, start, end


def access_mode(world: World, made: Tenancy, mode: str) -> None:
    """Let in whom the fields name, or every member with an e-mail."""
    with world.writing(made.slug) as session:
        _row(session, Tenant, made.id).access_mode = mode


def move_account(world: World, made: Tenancy, account: str, parent: str | None) -> None:
    """Put an account under another; where that would close a circle, nothing changes."""
    with world.writing(made.slug) as session:
        upper = _row(session, Account, made.accounts[parent]) if parent else None
        try:
            set_parent(session, _row(session, Account, made.accounts[account]), upper)
        except TieError:
            session.rollback()


def move_site(world: World, made: Tenancy, site: str, account: str) -> None:
    """Give a site to another account; what is there of it stays as it is."""
    with world.writing(made.slug) as session:
        _row(session, Site, made.sites[site]).account_id = made.accounts[account]


def _row(session: WalledSession, cls: type[Any], row_id: int) -> Any:
    found = session.get(cls, row_id)
    assert found is not None
    return found
