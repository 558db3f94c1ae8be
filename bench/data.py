"""The rows that everything is measured on: readers with invoices of their own, among many more of others."""

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select

from bench import bulk, cases
from bench.plans import MOST_LINES as MOST_LINES
from bench.plans import Plan, plans
from bench.plans import Size as Size
from core.access import sessions
from core.access.tokens import hash_of
from core.crm.models import Account, Contact, Membership, Tenant
from core.crm.tenants import create_tenant
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.files.models import File
from core.files.storage import Store, attach
from core.i18n import today_in
from core.modules.registry import Registry
from core.modules.switches import set_switch
from plugins.invoices.models import PAID, PENDING, Allocation, Invoice, Line

SLUG, HOST = "bench", "bench.localhost"
#: what one of the stored PDFs weighs
PDF_BYTES = 30_000
_STRANGERS = 500
SERVICES = 60


@dataclass(frozen=True)
class Reader:
    """A contact who asks for pages: their account, their newest invoice and its file, the invoice before it,
    which has no file and 20 lines, their newest case (0 where there are none), and how they are signed in, here
    (`cookie`) and at the floor (`digest`)."""

    contact_id: int
    account_id: int
    record_id: int
    file_id: int
    unprinted_id: int
    case_id: int
    cookie: str
    digest: str


def build(app: Flask, loading_url: str, size: Size) -> None:
    """Fill the empty database of `app`. `loading_url` is that database for a role that no policy holds back."""
    here = app.extensions["postigo"]
    tenant = _tenant(here.engine)
    with open_session(here.engine, system(tenant.id), writes=True) as session:
        accounts = _people(session, here.registry, tenant, size)
        sample = _sample(session)
        session.commit()
    _invoices(loading_url, accounts, sample, size)
    if size.cases:
        _cases(here, loading_url, tenant, accounts, size)
    with open_session(here.engine, system(tenant.id), writes=True) as session:
        for account_id in accounts[: size.readers]:
            _store_pdf(session, here.store, newest_of(session, account_id)[0])
        session.commit()
    bulk.settle(loading_url)


def _cases(here: Any, loading_url: str, tenant: Tenant, accounts: list[int], size: Size) -> None:
    """As many cases as there are invoices."""
    with open_session(here.engine, system(tenant.id), writes=True) as session:
        samples = cases.sample(session, here.registry, tenant.id)
        session.commit()
    rows = list(plans(accounts, bulk.highest_id(loading_url, "record") + 1, size))
    cases.write(loading_url, rows, samples, size.own - 1)


def sign_in(app: Flask) -> list[Reader]:
    """Sign every reader in, and say what each of them asks for."""
    engine: Engine = app.extensions["postigo"].engine
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    readers = []
    with open_session(engine, system(tenant_id(engine)), writes=True) as session:
        rows = session.execute(select(Contact, Membership.account_id).join(Membership).order_by(Contact.id))
        for contact, account_id in rows.all():
            token = sessions.start(session, contact, "127.0.0.1", "")
            record_id, unprinted_id = (each.id for each in newest_of(session, account_id))
            file_id = session.scalars(select(File.id).where(File.parent_id == record_id)).one()
            # As a browser's is after its first page: with the secret that forms are checked by.
            cookie = f"postigo={signer.dumps({'_user_id': token, 'csrf_token': secrets.token_hex(20)})}"
            ids = (contact.id, account_id, record_id, file_id, unprinted_id, cases.newest_of(session, account_id))
            readers.append(Reader(*ids, cookie, hash_of(token)))
        session.commit()
    return readers


def tenant_id(engine: Engine) -> int:
    """The id of the one tenant."""
    with open_session(engine, installation()) as session:
        return session.scalars(select(Tenant.id).where(Tenant.slug == SLUG)).one()


def newest_of(session: WalledSession, account_id: int) -> Sequence[Invoice]:
    """The two invoices that stand first on an account's list."""
    latest = (Invoice.issued_on.desc(), Invoice.id.desc())
    return session.scalars(select(Invoice).where(Invoice.owner == account_id).order_by(*latest).limit(2)).all()


def _tenant(engine: Engine) -> Tenant:
    with open_session(engine, installation(), writes=True) as session:
        tenant = create_tenant(session, SLUG, "Bench", [HOST], language="en")
        session.commit()
        return tenant


def _people(session: WalledSession, registry: Registry, tenant: Tenant, size: Size) -> list[int]:
    """Accounts, the first of them with a reader each, and the switch that opens invoices; ids of accounts."""
    set_switch(session, registry, "invoices", "tenant", tenant.id, True)
    accounts = [Account(name=f"Client {n:04}", code=f"C{n:04}") for n in range(size.readers + _STRANGERS)]
    session.add_all(accounts)
    session.flush()
    today = today_in(tenant.time_zone)
    for n, account in enumerate(accounts[: size.readers]):
        email = f"reader{n}@example.com"
        reader = Contact(
            first_name="Reader", last_name=f"{n:03}", email=email, email_key=email, portal_user=True,
            support_start=today - timedelta(days=365), portal_end=today + timedelta(days=365),
        )  # fmt: skip
        session.add(reader)
        session.flush()
        session.add(Membership(contact_id=reader.id, account_id=account.id))
    session.flush()
    return [account.id for account in accounts]


def _sample(session: WalledSession) -> dict[str, int]:
    """An invoice, a line and an allocation as the product writes them, which all others are copies of, and
    which belong to nobody; their ids by table."""
    first = Invoice(number="F-0", status=PAID, issued_on=date(2015, 1, 1), currency="EUR", published=False)
    session.add(first)
    session.flush()
    line = Line(parent_id=first.id, description="Quarterly inspection of extinguishers and hose reels", currency="EUR")
    paid = Allocation(parent_id=first.id, paid_on=first.issued_on, method="Bank transfer", currency="EUR")
    session.add_all([line, paid])
    session.flush()
    return {"invoices_invoice": first.id, "record": first.id, "invoices_line": line.id, "invoices_allocation": paid.id}


def _invoices(url: str, accounts: list[int], sample: dict[str, int], size: Size) -> None:
    """Write invoices with their entries, lines and allocations, in the order in which they were issued."""
    rows = list(plans(accounts, bulk.highest_id(url, "record") + 1, size))
    copies = {table: bulk.read_row(url, table, row_id) for table, row_id in sample.items()}
    for table, make in (
        ("record", _records),
        ("invoices_invoice", _heads),
        ("invoices_line", _lines),
        ("invoices_allocation", _allocations),
    ):
        like = copies[table]
        if table not in ("record", "invoices_invoice"):
            like.pop("id")
        made = ({**like, **changes} for changes in make(rows))
        bulk.fill(url, table, list(like), (tuple(each.values()) for each in made))


def _records(rows: list[Plan]) -> Iterator[dict[str, Any]]:
    for row in rows:
        owner = {"account_id": row.account_id, "owner": row.account_id}
        yield {"id": row.id, **owner, "number": f"F-{row.id}", "title": "", "published": True}


def _heads(rows: list[Plan]) -> Iterator[dict[str, Any]]:
    for row in rows:
        tax = row.net * 21 // 100
        yield {
            "id": row.id, "account_id": row.account_id, "owner": row.account_id, "number": f"F-{row.id}",
            "status": PENDING if row.is_open else PAID, "issued_on": row.issued_on.isoformat(), "published": True,
            "due_on": (row.issued_on + timedelta(days=30)).isoformat(), "net": row.net, "tax": tax,
            "total": row.net + tax, "reference": f"Order {row.id % 9973}",
        }  # fmt: skip


def _lines(rows: list[Plan]) -> Iterator[dict[str, Any]]:
    """Lines out of one price list, as a firm bills its services: what makes PDFs remembers words that it has set."""
    for row in rows:
        for position in range(row.lines):
            service, quantity = (row.id * 31 + position * 17) % SERVICES, 1 + (row.id + position * 7) % 19
            net = (1_250 + service * 137) * quantity
            money = {"unit_price": 12.5 + service * 1.37, "net": net, "tax": net * 21 // 100, "tax_rate": 21}
            said = {"description": f"Quarterly inspection of service {service}", "quantity": quantity}
            yield {"parent_id": row.id, "position": position, **said, **money, "total": net + money["tax"]}


def _allocations(rows: list[Plan]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if not row.is_open or row.place % 3 == 0:
            share = row.net + row.net * 21 // 100 if not row.is_open else row.net // 2
            whose = {"parent_id": row.id, "owner": row.account_id}
            yield {**whose, "paid_on": row.issued_on.isoformat(), "amount": share}


def _store_pdf(session: WalledSession, store: Store, invoice: Invoice) -> None:
    """Hang a file on an invoice; its bytes are of no PDF, which nobody who sends them looks at."""
    noise = random.Random(invoice.id).randbytes(PDF_BYTES)  # noqa: S311 - nothing secret is drawn from it
    attach(session, store, invoice.id, f"{invoice.number}.pdf", b"%PDF-1.7\n" + noise, "application/pdf")
