"""Invoices as a client meets them: told apart in the list, whole on their page, and never as a draft."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.app import create_app
from core.config import Settings
from core.i18n import today_in
from plugins.invoices.models import Line
from tests.access.browser import Browser
from tests.access.world import add_staff, change
from tests.plugins.invoices.conftest import CLIENT, Firm

NOW = today_in("Europe/Madrid")
PAST, AHEAD = NOW - timedelta(20), NOW + timedelta(20)


@pytest.fixture
def visitor(firm: Firm, settings: Settings) -> Iterator[Browser]:
    """A browser at the firm's door."""
    app = create_app(settings, firm.registry)
    yield Browser(app.test_client())
    app.extensions["postigo"].engine.dispose()


@pytest.fixture
def client(visitor: Browser) -> Browser:
    """A browser in which the contact is signed in."""
    assert visitor.sign_in(CLIENT).status_code == 303
    return visitor


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "pending", "due_on": AHEAD}, ["Pending", "€10.00"]),
        ({"status": "pending", "due_on": PAST}, ["Overdue", "€10.00"]),
        ({"status": "paid", "due_on": PAST}, ["Paid", "€0.00"]),
        ({"status": "cancelled", "due_on": PAST}, ["Cancelled", "€0.00"]),
        ({"status": "pending", "kind": "deposit"}, ["Pending", "Deposit"]),
        ({"status": "pending", "kind": "credit_note", "total": -1000}, ["In your favour", "Credit note"]),
    ],
)
def test_what_is_what_is_said_in_words(
    client: Browser, firm: Firm, values: dict[str, object], words: list[str]
) -> None:
    invoice_id = firm.add(**{"total": 1000, **values})
    for page in ("/portal/invoices/", f"/portal/invoices/{invoice_id}"):
        answer = client.get(page)
        assert answer.status_code == 200
        main = main_of(answer.text)
        assert all(f">{word}<" in main for word in words), page


def test_where_the_crm_does_not_say_what_was_paid_no_page_does(client: Browser, firm: Firm) -> None:
    invoice_id = firm.add(status="issued", total=1000)
    page = main_of(client.get(f"/portal/invoices/{invoice_id}").text)
    assert ">Issued<" in page
    assert "€10.00" in page
    assert not any(word in page for word in ("Amount paid", ">Due<", "Credit in your favour", "Overdue"))
    board = main_of(client.get("/portal/").text)
    assert not any(word in board for word in ("to be paid", "To pay", "Credit in your favour"))


def test_the_page_of_an_invoice_says_all_of_it(client: Browser, firm: Firm) -> None:
    corrected = firm.add(number="F-OLD", status="paid", total=100)
    invoice_id = firm.add(
        4000,
        number="F-77",
        status="pending",
        due_on=AHEAD,
        net=10000,
        tax=2100,
        local_tax_1=520,
        stamp=30,
        total=12650,
        site_id=firm.site_id,
        reference="ORDER-5",
        note="Thank you.",
        reason="staff alone know why",
        corrects_id=corrected,
    )
    with firm.system() as session:
        session.add(Line(parent_id=invoice_id, description="Hydrant", unit_price="4.6", currency="EUR", total=12650))
        session.commit()
    page = client.get(f"/portal/invoices/{invoice_id}").text
    for text in ("F-77", "€100.00", "€21.00", "€5.20", "€0.30", "€126.50", "€40.00", "€86.50", "Here", "ORDER-5"):
        assert f">{text}<" in page, text
    for text in ("F-OLD", "Hydrant", "4.60", "Thank you."):
        assert f">{text}<" in page, text
    assert "staff alone" not in page


def test_the_number_of_an_invoice_that_is_not_theirs_is_not_told(client: Browser, firm: Firm) -> None:
    draft = firm.add(number="DRAFT-1", status="draft")
    theirs = firm.add(number="THEIRS-1", status="paid", account_id=firm.other_account_id)
    for hidden in (draft, theirs):
        shown = firm.add(number="R-1", status="pending", kind="credit_note", corrects_id=hidden)
        page = client.get(f"/portal/invoices/{shown}").text
        assert "R-1" in page
        assert "DRAFT-1" not in page
        assert "THEIRS-1" not in page


def main_of(page: str) -> str:
    """A page without its frame, whose form tokens are new each time."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_draft_leaves_by_no_page(client: Browser, firm: Firm) -> None:
    firm.add(number="F-1", status="pending", total=1000, due_on=PAST)
    before = {url: main_of(client.get(url).text) for url in _PAGES}
    draft = firm.add(300, number="DRAFT-9", reference="DRAFT-9", status="draft", total=900, due_on=PAST)
    assert {url: main_of(client.get(url).text) for url in _PAGES} == before
    assert client.get("/portal/invoices/?status=draft").status_code == 400
    nonsense = client.get("/portal/invoices/987654321")
    answer = client.get(f"/portal/invoices/{draft}")
    assert (answer.status_code, answer.data) == (404, nonsense.data)


_PAGES = (
    "/portal/",
    "/portal/invoices/",
    "/portal/invoices/?q=DRAFT",
    "/portal/invoices/?mine=1",
    "/portal/invoices/?status=pending&status=overdue",
    "/portal/invoices/?sort=total",
)


def test_clients_have_no_page_of_payments(client: Browser) -> None:
    nonsense = client.get("/portal/invoices/nonsense/")
    answer = client.get("/portal/invoices/payment/")
    assert (answer.status_code, answer.data) == (404, nonsense.data)


def test_the_dashboard_says_what_is_due_and_leads_to_what_is_overdue(client: Browser, firm: Firm) -> None:
    firm.add(status="pending", number="LATE", total=123456, due_on=PAST)
    firm.add(status="pending", number="SOON", total=1000, due_on=AHEAD)
    firm.add(status="pending", kind="credit_note", total=-1163)
    page = client.get("/portal/").text
    for text in ("€1,244.56", "€1,234.56", "€11.63", "1 invoice is overdue: €1,234.56"):
        assert f">{text}<" in page, text
    assert "2 invoices are to be paid." in page
    assert 'href="/portal/invoices/?status=overdue"' in page
    listed = client.get("/portal/invoices/?status=overdue").text
    assert "LATE" in listed
    assert "SOON" not in listed


def test_the_dashboard_of_who_owes_nothing_says_so(client: Browser, firm: Firm) -> None:
    firm.add(status="paid", total=1000, due_on=PAST)
    assert "You have nothing to pay." in client.get("/portal/").text


def test_staff_see_drafts_and_payments(visitor: Browser, firm: Firm) -> None:
    add_staff(firm.engine, firm.tenant, "sara@example.com")
    firm.add(number="DRAFT-9", status="draft", total=900, reason="not sure yet")
    assert visitor.sign_in("sara@example.com").status_code == 303
    assert "DRAFT-9" in visitor.get("/staff/records/invoices/?status=draft").text
    assert visitor.get("/staff/records/invoices/payment/").status_code == 200


def test_the_box_is_in_spanish_too(client: Browser, firm: Firm) -> None:
    change(firm.engine, firm.tenant, firm.contact, language="es")
    firm.add(status="pending", total=1000, due_on=PAST)
    page = client.get("/portal/").text
    assert "1 factura vencida: 10,00\xa0€" in page
    assert "1 factura por pagar." in page
