"""The rows of one tenant: accounts in a family, sites, people of every kind, invoices of every ownership."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine

from core.crm.models import Staff
from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.files.storage import Store, attach
from core.modules.registry import load_modules
from core.modules.switches import set_switch
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from tests.staff import rows
from tests.worlds.tenancy import Tenancy

LONG_AGO, LONG_HENCE = date(2020, 1, 1), date(2099, 1, 1)
PDF = b"%PDF-1.4\n% "
#: account -> its parent
FAMILY = {"alpha": None, "north": "alpha", "deep": "north", "beta": None, "gamma": None}
#: site -> its account
PLACES = {"a1": "alpha", "a2": "alpha", "n1": "north", "b1": "beta", "b2": "beta", "g1": "gamma"}
#: contact -> accounts and sites that they are a member of; "+" says with subsidiaries
PEOPLE: dict[str, tuple[str, ...]] = {
    "whole": ("alpha",),
    "family": ("alpha+",),
    "child": ("north",),
    "site": ("a1",),
    "two_sites": ("a2", "b1"),
    "two_accounts": ("alpha", "beta"),
    "mixed": ("beta", "a1"),
    "nobodys": (),
    "ended": ("alpha",),
    "outsider": ("beta",),
}


def seed(engine: Engine, store: Store, slug: str) -> Tenancy:
    """Make the tenant `slug` with all its rows; invoices are on."""
    tenant = rows.make_tenant(engine, slug, f"{slug}.localhost")
    made = Tenancy(slug, tenant.id)
    with open_session(engine, system(tenant.id), writes=True) as session:
        _crm(session, made)
        _invoices(session, store, made)
        set_switch(session, load_modules(), "invoices", "tenant", tenant.id, True)
        session.commit()
    return made


def _crm(session: WalledSession, made: Tenancy) -> None:
    accounts: dict[str, Any] = {}
    for name, parent in FAMILY.items():
        accounts[name] = rows.account(session, name.title(), accounts[parent] if parent else None)
    sites = {name: rows.site(session, accounts[of], name.upper()) for name, of in PLACES.items()}
    places = {**accounts, **sites}
    today = date.today()
    for kind, ties in PEOPLE.items():
        # Wide enough for every time zone; "ended" stopped a week ago, "outsider" never had access.
        end = today + timedelta(days=30 if kind != "ended" else -7)
        who = rows.contact(
            session, kind, made.slug, email=f"{kind}@example.com", portal_user=kind != "outsider",
            support_start=today - timedelta(days=30), portal_end=end,
        )  # fmt: skip
        for tie in ties:
            rows.member(session, who, places[tie.rstrip("+")], deep=tie.endswith("+"))
        made.people[kind] = who.id
    staff = Staff(name="Staff", email="staff@example.com", email_key="staff@example.com")
    session.add(staff)
    session.flush()
    made.accounts = {name: row.id for name, row in accounts.items()}
    made.sites = {name: row.id for name, row in sites.items()}
    made.staff = staff.id


def owners(made: Tenancy) -> list[tuple[str, dict[str, int]]]:
    """Every way in which a record may belong: to an account, a site, a contact, several of them, nobody."""
    people = made.people
    found: list[tuple[str, dict[str, int]]] = [("nobody", {})]
    found += [(name, {"account_id": id_}) for name, id_ in made.accounts.items()]
    for name, of in PLACES.items():
        found.append((name, {"account_id": made.accounts[of], "site_id": made.sites[name]}))
    found += [(f"only_{kind}", {"contact_id": id_}) for kind, id_ in people.items()]
    for kind, account, site in (
        ("whole", "alpha", "a1"), ("site", "alpha", "a1"), ("site", "alpha", "a2"), ("mixed", "beta", "b2"),
        ("two_sites", "beta", "b1"), ("two_accounts", "beta", None), ("outsider", "beta", None),
        ("whole", "gamma", None), ("nobodys", "gamma", "g1"), ("family", "deep", None), ("child", "north", "n1"),
    ):  # fmt: skip
        owner = {"account_id": made.accounts[account], "contact_id": people[kind]}
        found.append((f"{kind}_at_{site or account}", {**owner, **({"site_id": made.sites[site]} if site else {})}))
    return found


def _invoices(session: WalledSession, store: Store, made: Tenancy) -> None:
    payment = Payment(number="P-1", paid_on=LONG_AGO, currency="EUR", amount=5000)
    session.add(payment)
    session.flush()
    made.payments["P-1"] = payment.id
    numbers = count(1)
    states = ("pending", "paid", "pending", "cancelled")
    for n, (name, owner) in enumerate(owners(made)):
        _invoice(session, store, made, f"{name}", next(numbers), states[n % 4], owner)
        if n % 2:
            _invoice(session, store, made, f"{name}_draft", next(numbers), "draft", owner)
        if n % 3 == 0:
            _invoice(session, store, made, f"{name}_hidden", next(numbers), "pending", {**owner, "published": False})


def _invoice(
    session: WalledSession, store: Store, made: Tenancy, name: str, n: int, status: str, more: dict[str, Any]
) -> None:
    """One invoice; of each two one is due, of each three one has a file, of each five one is in dollars."""
    currency = "EUR" if n % 5 else "USD"
    invoice = Invoice(
        number=f"F-{n:03}", status=status, issued_on=LONG_AGO + timedelta(days=n % 7), currency=currency,
        due_on=(LONG_AGO, LONG_HENCE, None)[n % 3], total=1000 + n, net=1000 + n,
        reference=f"{made.slug} {name}", **more,
    )  # fmt: skip
    session.add(invoice)
    session.flush()
    session.add(Line(parent_id=invoice.id, description=f"line of {made.slug} {name}", currency=currency, net=1000 + n))
    if n % 2:
        paid = Allocation(parent_id=invoice.id, paid_on=LONG_AGO, currency=currency, amount=n)
        session.add(paid)
    if n % 3 == 0:
        file = attach(
            session, store, invoice.id, f"F-{n:03}.pdf", PDF + f"{made.slug} {name}".encode(), "application/pdf"
        )
        made.files[file.id] = invoice.id
    made.invoices[name] = invoice.id
