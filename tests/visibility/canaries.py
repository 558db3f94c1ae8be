"""A client whose records say something of their own in every field, and how exits say it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.crm.models import Account, Contact, Staff
from core.db.session import WalledSession
from core.files.storage import attach
from core.modules.switches import set_switch
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from tests.staff import rows
from tests.worlds.seed import LONG_AGO, PDF
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World


def amount(minor: int) -> tuple[str, ...]:
    """How exits say an amount: with a separator of thousands, and without."""
    return f"{minor // 100:,}.{minor % 100:02}", f"{minor // 100}.{minor % 100:02}"


def day(value: date) -> tuple[str, ...]:
    """How exits say a day."""
    return f"{value:%-d %b %Y}", value.isoformat()


# Of late, so that what is told of the last months tells of it.
ISSUED, DUE, PAID = (date.today() - timedelta(days=days) for days in (40, 20, 41))
AMOUNTS = {"total": 910001, "net": 920002, "tax": 930003, "local_tax_1": 940004, "local_tax_2": 950005, "stamp": 960006}
PARTS = (60003, 40004)
CREDIT = 970008
#: of moments of a case, in which month they were
MONTHS = {"opened_at": 3, "active_at": 5, "closed_at": 7}
NUMBERS = {"quantity": "111.2223", "unit_price": "222.3331", "discount": "33.4443", "tax_rate": "44.5551"}
LINE = {"net": 980001, "total": 990002}

#: resource -> field ("lines.net" for a column of a child table) -> the texts of which one is there where it is shown
CANARIES: dict[str, dict[str, tuple[str, ...]]] = {
    "invoices.invoice": {
        **{name: (f"canary of {name}",) for name in ("number", "reference", "note", "reason", "corrects")},
        "account_id": ("Canary Account",),
        "site_id": ("Canary Site",),
        "contact_id": ("Reader of Canaries",),
        "kind": ("Deposit",),
        "status": ("Overdue",),
        "issued_on": day(ISSUED),
        "due_on": day(DUE),
        **{name: amount(minor) for name, minor in AMOUNTS.items()},
        "paid": amount(sum(PARTS)),
        "due": amount(AMOUNTS["total"] - sum(PARTS)),
        "credit": amount(CREDIT),
        "lines.description": ("canary of description",),
        **{f"lines.{name}": (text,) for name, text in NUMBERS.items()},
        **{f"lines.{name}": amount(minor) for name, minor in LINE.items()},
        "payments.paid_on": day(PAID),
        "payments.method": ("canary of method",),
        "payments.amount": amount(PARTS[0]),
    },
    "cases.case": {
        **{name: (f"canary of {name}",) for name in ("number", "subject", "description")},
        "state": ("Waiting for reply",),
        "urgency": ("Urgent",),
        "kind": ("Complaint",),
        "account_id": ("Canary Account",),
        "site_id": ("Canary Site",),
        "contact_id": ("Reader of Canaries",),
        **{name: day(date(2019, month, 5)) for name, month in MONTHS.items()},
        "assignee_id": ("Keeper of Canaries",),
    },
    "invoices.payment": {
        **{name: (f"payment's {name}",) for name in ("number", "method", "note")},
        "paid_on": day(date(2018, 5, 6)),
        "amount": amount(810001),
        "allocated": amount(820002),
    },
}


@dataclass
class Birds:
    """The rows that carry the canaries: `record` all but the credit; `credit` that, and a file."""

    world: World
    account: int
    record: int
    credit: int
    file: int


def release(world: World) -> Birds:
    """Make a tenant with these rows, and "reader", who is a member of the client's account and of another."""
    tenant = rows.make_tenant(world.engine, "one", "one.localhost")
    made = world.tenancies["one"] = Tenancy("one", tenant.id)
    with world.writing() as session:
        account, other = rows.account(session, "Canary Account"), rows.account(session, "Other")
        reader = _reader(session, account, other)
        made.people["reader"], made.staff = reader.id, _staff(session)
        corrected = _invoice(session, other.id, number="canary of corrects", total=820002)
        site = rows.site(session, account, "Canary Site")
        record = _invoice(
            session, account.id, number="canary of number", reference="canary of reference", note="canary of note",
            reason="canary of reason", kind="deposit", issued_on=ISSUED, due_on=DUE, site_id=site.id,
            contact_id=reader.id, corrects_id=corrected.id, **AMOUNTS,
        )  # fmt: skip
        credit = _invoice(session, account.id, number="plain", total=1)
        _lines_and_parts(session, record.id, credit.id, corrected.id)
        file = attach(session, world.store, credit.id, "plain.pdf", PDF, "application/pdf")
        set_switch(session, world.registry, "invoices", "tenant", tenant.id, True)
        return Birds(world, account.id, record.id, credit.id, file.id)


def _reader(session: WalledSession, *accounts: Account) -> Contact:
    start, end = (date.today() + timedelta(days=days) for days in (-30, 30))
    return rows.contact(
        session, "Reader", "of Canaries", *accounts, email="reader@example.com", portal_user=True, support_start=start,
        portal_end=end,
    )  # fmt: skip


def _staff(session: WalledSession) -> int:
    staff = Staff(name="Staff", email="staff@example.com", email_key="staff@example.com")
    session.add(staff)
    session.flush()
    return staff.id


def _invoice(session: WalledSession, account_id: int, **more: Any) -> Invoice:
    columns = {"status": "pending", "issued_on": LONG_AGO, "currency": "EUR", "account_id": account_id, **more}
    invoice = Invoice(**columns)
    session.add(invoice)
    session.flush()
    return invoice


def _lines_and_parts(session: WalledSession, record: int, credit: int, corrected: int) -> None:
    numbers = {name: Decimal(text) for name, text in NUMBERS.items()}
    session.add(Line(parent_id=record, description="canary of description", currency="EUR", **numbers, **LINE))
    for part in PARTS:
        session.add(_part(record, part, paid_on=PAID, method="canary of method"))
    session.add(_part(credit, CREDIT + 1))
    texts = {name: f"payment's {name}" for name in ("number", "method", "note")}
    payment = Payment(paid_on=date(2018, 5, 6), currency="EUR", amount=810001, **texts)
    session.add(payment)
    session.flush()
    session.add(_part(corrected, 820002, payment_id=payment.id))


def _part(invoice: int, minor: int, **more: Any) -> Allocation:
    return Allocation(**{"parent_id": invoice, "paid_on": LONG_AGO, "currency": "EUR", "amount": minor, **more})
