"""The dashboard's box: each currency apart, open invoices alone, what the client reaches alone."""

from datetime import timedelta

from sqlalchemy import event, select

from plugins.invoices.models import Invoice
from plugins.invoices.widget import Balance, balances
from tests.plugins.invoices.conftest import TODAY, Firm

YESTERDAY, TOMORROW, LATER = TODAY - timedelta(1), TODAY + timedelta(1), TODAY + timedelta(9)


def found(firm: Firm) -> list[Balance]:
    """The balances that the client sees."""
    with firm.client() as session:
        return balances(session, TODAY)


def test_due_overdue_and_credit_stand_beside_each_other(firm: Firm) -> None:
    firm.add(status="pending", total=1000, due_on=YESTERDAY)
    firm.add(400, status="pending", total=1000, due_on=LATER)
    firm.add(status="pending", total=50, due_on=TOMORROW)
    firm.add(status="pending", kind="credit_note", total=-300, due_on=YESTERDAY)
    assert found(firm) == [Balance("EUR", 1650, 1000, 300, 3, 1, TOMORROW)]


def test_two_currencies_are_never_added(firm: Firm) -> None:
    firm.add(status="pending", total=1000)
    firm.add(status="pending", total=70, currency="USD", due_on=YESTERDAY)
    assert found(firm) == [
        Balance("EUR", 1000, 0, 0, 1, 0, None),
        Balance("USD", 70, 70, 0, 1, 1, None),
    ]


def test_nothing_is_counted_that_is_settled_draft_or_of_others(firm: Firm) -> None:
    for status in ("paid", "cancelled", "draft"):
        firm.add(status=status, total=1000, due_on=YESTERDAY)
    firm.add(status="pending", total=1000, account_id=firm.other_account_id)
    firm.add(1000, status="pending", total=1000, due_on=YESTERDAY)
    assert found(firm) == []


def test_one_statement_whatever_there_is(firm: Firm) -> None:
    for number in range(4):
        firm.add(status="pending", total=1000, number=f"F-{number}", currency="EUR" if number % 2 else "USD")
    sent: list[str] = []
    with firm.client() as session:
        session.scalars(select(Invoice.id)).all()  # the transaction's own beginning is not counted
        event.listen(firm.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        assert len(balances(session, TODAY)) == 2
    assert len(sent) == 1
