"""The dashboard's chart: each month and currency apart, what counts alone, what the client sees alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from core.app import create_app
from core.config import Settings
from core.db.flags import FieldFlags, Flags
from core.i18n import today_in
from core.modules.flags import save_flags
from plugins.invoices.models import Allocation, Invoice
from plugins.invoices.months import Months, chart, months, per_month
from tests.access.browser import Browser
from tests.plugins.invoices.conftest import CLIENT, TODAY, Firm

MARCH, FEBRUARY, OLDEST = date(2026, 3, 1), date(2026, 2, 1), date(2025, 4, 1)


def found(firm: Firm) -> dict[str, dict[date, tuple[int, int]]]:
    """What the client is shown, less the months in which nothing was: currency -> month -> amounts."""
    with firm.client() as session:
        said = per_month(session, TODAY)
    return {each.currency: {day: (i, p) for day, i, p in each.amounts if i or p} for each in said}


def pay(firm: Firm, invoice_id: int, day: date, amount: int, currency: str = "EUR") -> None:
    """Set an amount against an invoice."""
    with firm.system() as session:
        session.add(Allocation(parent_id=invoice_id, paid_on=day, amount=amount, currency=currency))
        session.commit()


def test_twelve_months_end_with_this_one() -> None:
    assert months(date(2026, 3, 31))[0] == OLDEST
    assert months(date(2026, 3, 31))[-1] == MARCH
    assert months(date(2026, 1, 1))[-2:] == [date(2025, 12, 1), date(2026, 1, 1)]
    assert len(set(months(date(2024, 2, 29)))) == 12


def test_each_month_has_its_own(firm: Firm) -> None:
    first = firm.add(status="paid", total=1000, issued_on=date(2026, 2, 28))
    firm.add(status="pending", total=500, issued_on=MARCH)
    firm.add(status="pending", kind="credit_note", total=-200, issued_on=date(2026, 3, 2))
    pay(firm, first, date(2026, 2, 28), 400)
    pay(firm, first, date(2026, 3, 14), 600)
    assert found(firm) == {"EUR": {FEBRUARY: (1000, 400), MARCH: (300, 600)}}


def test_a_payment_goes_along_with_an_invoice_that_was_somebody_elses(firm: Firm) -> None:
    invoice_id = firm.add(status="paid", total=1000, issued_on=MARCH, account_id=firm.other_account_id)
    pay(firm, invoice_id, MARCH, 600)
    assert found(firm) == {}
    for account_id, seen in ((firm.account_id, {"EUR": {MARCH: (1000, 600)}}), (firm.other_account_id, {})):
        with firm.system() as session:
            session.get_one(Invoice, invoice_id).account_id = account_id
            session.commit()
        assert found(firm) == seen


def test_what_counts_for_nothing_is_left_out(firm: Firm) -> None:
    for status in ("draft", "cancelled"):
        pay(firm, firm.add(status=status, total=1000), TODAY, 10)
    theirs = firm.add(status="paid", total=1000, account_id=firm.other_account_id)
    hidden = firm.add(status="paid", total=1000, published=False)
    for invoice_id in (theirs, hidden):
        pay(firm, invoice_id, TODAY, 10)
    assert found(firm) == {}


def test_the_year_has_its_ends(firm: Firm) -> None:
    before, first = OLDEST - timedelta(1), OLDEST
    old = firm.add(status="paid", total=1000, issued_on=before)
    firm.add(status="paid", total=10, issued_on=first)
    firm.add(status="pending", total=5000, issued_on=TODAY + timedelta(1))
    pay(firm, old, before, 400)
    pay(firm, old, first, 600)
    assert found(firm) == {"EUR": {OLDEST: (10, 600)}}


def test_two_currencies_are_never_added(firm: Firm) -> None:
    euros = firm.add(status="paid", total=1000, issued_on=MARCH)
    firm.add(status="paid", total=70, issued_on=MARCH, currency="USD")
    pay(firm, euros, MARCH, 5, "USD")
    assert found(firm) == {"EUR": {MARCH: (1000, 0)}, "USD": {MARCH: (70, 5)}}


def test_one_statement_whatever_there_is(firm: Firm) -> None:
    for number in range(4):
        invoice_id = firm.add(status="paid", total=1000, number=f"F-{number}", currency="EUR" if number % 2 else "USD")
        pay(firm, invoice_id, TODAY, 10)
    sent: list[str] = []
    with firm.client() as session:
        session.scalars(select(Invoice.id)).all()  # the transaction's own beginning is not counted
        event.listen(firm.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        assert len(per_month(session, TODAY)) == 2
    assert len(sent) == 1


def test_a_chart_says_how_its_numbers_are_read() -> None:
    amounts = [(day, 1000 * n, -500) for n, day in enumerate(months(TODAY))]
    drawn = chart(Months("EUR", amounts))
    assert [group.numbers for group in drawn.groups] == [[i, p] for _, i, p in amounts]
    assert [text for *_, text in drawn.lines()] == ["€110.00", "-€5.00"]


@pytest.fixture
def client(firm: Firm, settings: Settings) -> Browser:
    """A browser in which the contact is signed in, with something to see."""
    today = today_in("Europe/Madrid")
    pay(firm, firm.add(status="paid", total=123456, issued_on=today), today, 123456)
    browser = Browser(create_app(settings, firm.registry).test_client())
    assert browser.sign_in(CLIENT).status_code == 303
    return browser


def test_it_stands_on_the_dashboard_with_its_table(client: Browser) -> None:
    page = client.get("/portal/").text
    assert "Invoiced and paid per month" in page
    assert page.count("<td>€1,234.56</td>") == 2
    assert 'role="img" aria-labelledby="months-EUR-title months-EUR-desc"' in page
    assert "style=" not in page


HIDING = ("total", "issued_on", "status", "paid", "payments", "payments.paid_on", "payments.amount")


@pytest.mark.parametrize("name", HIDING)
def test_it_tells_nothing_that_the_company_does_not_show(client: Browser, firm: Firm, name: str) -> None:
    with firm.system() as session:
        save_flags(session, "invoices", "invoice", FieldFlags(((name, Flags(seen=False)),)))
        session.commit()
    assert "Invoiced and paid per month" not in client.get("/portal/").text
