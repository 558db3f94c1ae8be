"""What is due, in credit and overdue: by example, and in SQL as in Python."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.db.engine import make_engine
from plugins.invoices import domain
from plugins.invoices.models import Allocation, Invoice, Payment
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.plugins.invoices import plain
from tests.plugins.invoices.conftest import TODAY, Firm, make_firm

YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


@pytest.mark.parametrize(
    ("what", "status", "total", "paid", "due", "credit"),
    [
        ("nothing paid", "pending", 1000, 0, 1000, 0),
        ("paid in part", "pending", 1000, 400, 600, 0),
        ("paid, and the CRM does not say so yet", "pending", 1000, 1000, 0, 0),
        ("a deposit that was overpaid", "pending", 1196, 1296, 0, 100),
        ("an open credit note", "pending", -1163, 0, 0, 1163),
        ("a credit note that was paid back", "pending", -1163, -1163, 0, 0),
        ("the CRM says paid, whatever was allocated", "paid", 1000, 0, 0, 0),
        ("the CRM says paid, and more was", "paid", 1000, 1500, 0, 0),
        ("a credit note that was used up", "paid", -500, 0, 0, 0),
        ("abandoned", "cancelled", 272, 0, 0, 0),
        ("nothing to pay", "pending", 0, 0, 0, 0),
        ("the CRM does not say whether it was paid", "issued", 1000, 0, None, None),
        ("a credit note, and the CRM does not say", "issued", -1000, 0, None, None),
    ],
)
def test_due_and_credit(
    firm: Firm, what: str, status: str, total: int, paid: int, due: int | None, credit: int | None
) -> None:
    assert plain.amount_due(status, total, paid) == due, what
    assert plain.amount_credit(status, total, paid) == credit, what
    invoice_id = firm.add(paid, status=status, total=total)
    assert in_sql(firm, invoice_id)[1:3] == (due, credit), what


@pytest.mark.parametrize(
    ("status", "paid", "due_on", "overdue", "state"),
    [
        ("pending", 0, YESTERDAY, 1000, "overdue"),
        ("pending", 400, YESTERDAY, 600, "overdue"),
        ("pending", 1000, YESTERDAY, 0, "paid"),
        ("pending", 1200, YESTERDAY, 0, "in_credit"),
        ("pending", 0, TODAY, 0, "pending"),
        ("pending", 0, TOMORROW, 0, "pending"),
        ("pending", 0, None, 0, "pending"),
        ("paid", 0, YESTERDAY, 0, "paid"),
        ("cancelled", 0, YESTERDAY, 0, "cancelled"),
        ("draft", 0, YESTERDAY, 0, "draft"),
        ("issued", 0, YESTERDAY, 0, "issued"),
    ],
)
def test_overdue_from_the_day_after(
    firm: Firm, status: str, paid: int, due_on: date | None, overdue: int, state: str
) -> None:
    assert plain.amount_overdue(status, 1000, paid, due_on, TODAY) == overdue
    assert plain.state_of(status, 1000, paid, due_on, TODAY) == state
    invoice_id = firm.add(paid, status=status, total=1000, due_on=due_on)
    assert in_sql(firm, invoice_id)[3:] == (overdue, state)


def test_what_was_paid_in_another_currency_is_not_taken_off(firm: Firm) -> None:
    invoice_id = firm.add(300, status="pending", total=1000)
    with firm.system() as session:
        session.add(Allocation(parent_id=invoice_id, paid_on=TODAY, amount=700, currency="USD"))
        session.commit()
    assert plain.sum_allocated("EUR", [(300, "EUR"), (700, "USD")]) == 300
    assert in_sql(firm, invoice_id)[:2] == (300, 700)


def test_what_of_a_payment_was_allocated(firm: Firm) -> None:
    invoice_id = firm.add(status="pending", total=1000)
    with firm.system() as session:
        spent, free = (Payment(paid_on=TODAY, amount=1000, currency="EUR") for _ in range(2))
        session.add_all([spent, free])
        session.flush()
        session.add_all(
            Allocation(parent_id=invoice_id, payment_id=spent.id, paid_on=TODAY, amount=a, currency=c)
            for a, c in ((100, "EUR"), (250, "EUR"), (40, "USD"))
        )
        session.flush()
        found = session.execute(select(Payment.id, domain.spent(Payment)).order_by(Payment.id)).all()
    assert found == [(spent.id, 350), (free.id, 0)]


AMOUNTS = st.integers(-10_000_00, 10_000_00)
INVOICES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["draft", "pending", "paid", "cancelled", "issued"]),
        "total": AMOUNTS,
        "due_on": st.none() | st.dates(TODAY - timedelta(3), TODAY + timedelta(3)),
        "currency": st.sampled_from(["EUR", "USD"]),
    }
)


def test_sql_and_python_agree(databases: SqliteDatabases | PostgresDatabases) -> None:
    """One database for all examples: each adds an invoice of its own."""
    with databases.fresh() as database:
        engine = make_engine(database.url)
        firm = make_firm(engine)

        @settings(max_examples=80, deadline=None)
        @given(INVOICES, st.lists(st.tuples(AMOUNTS, st.sampled_from(["EUR", "USD"])), max_size=3))
        def agree(values: dict[str, Any], allocations: list[tuple[int, str]]) -> None:
            invoice_id = firm.add(**values)
            with firm.system() as session:
                session.add_all(
                    Allocation(parent_id=invoice_id, paid_on=TODAY, amount=amount, currency=currency)
                    for amount, currency in allocations
                )
                session.commit()
            paid = plain.sum_allocated(values["currency"], allocations)
            status, total, due_on = values["status"], values["total"], values["due_on"]
            assert in_sql(firm, invoice_id) == (
                paid,
                plain.amount_due(status, total, paid),
                plain.amount_credit(status, total, paid),
                plain.amount_overdue(status, total, paid, due_on, TODAY),
                plain.state_of(status, total, paid, due_on, TODAY),
            )

        agree()
        engine.dispose()


def in_sql(firm: Firm, invoice_id: int) -> tuple[Any, ...]:
    """What SQL says of an invoice: allocated, due, credit, overdue, state; all amounts whole numbers."""
    with firm.system() as session:
        row = session.execute(
            select(
                domain.allocated(Invoice),
                domain.due(Invoice),
                domain.credit(Invoice),
                domain.overdue(Invoice, TODAY),
                domain.state(Invoice, TODAY),
            ).where(Invoice.id == invoice_id)
        ).one()
    assert all(type(amount) is int for amount in row[:4] if amount is not None)
    return tuple(row)
