"""What people come for, done as they do it: with JavaScript and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.access import sessions
from core.crm.models import Contact
from plugins.invoices.models import Invoice
from tests.browser.house import NEW, House
from tests.browser.places import place
from tests.browser.steps import STAFF

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
PASSWORD = "una tarde en la azotea"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether JavaScript runs."""
    return bool(request.param)


def sign_in(page: Page, house: House, who: str) -> None:
    """Type what the demonstration printed for a person, and send it."""
    given = house.password(who)
    page.locator("#identifier").fill(given.email)
    page.locator("#password").fill(given.password)
    page.locator("main form button").click()


def test_a_client_signs_in_and_reads_an_invoice(open_page: Opener, house: House, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.goto("/portal/invoices/")
    sign_in(page, house, "marta")
    expect(page).to_have_url(re.compile(r"/portal/invoices/$"))
    page.locator(".menu").get_by_role("link", name="Inicio").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hola, Marta")
    page.locator(".menu").get_by_role("link", name="Facturas").click()
    number = page.locator(".row-link").first.inner_text()
    page.get_by_role("link", name=number, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(number)
    page.locator(".back a").click()
    expect(page).to_have_url(re.compile(r"/portal/invoices/$"))


def test_a_client_sees_the_pdf_and_keeps_it(open_page: Opener, house: House, scripts: bool) -> None:
    page = open_page("marta", java_script_enabled=scripts)
    page.goto(place(house, "/portal/invoices/{invoice:paid}"))
    shown = page.request.get(page.locator(".file-actions a").nth(0).get_attribute("href") or "")
    assert (shown.status, shown.headers["content-type"]) == (200, "application/pdf")
    assert shown.headers["content-disposition"].startswith("inline")
    assert shown.body().startswith(b"%PDF-")
    with page.expect_download() as kept:
        page.locator(".file-actions a").nth(1).click()
    assert kept.value.suggested_filename == page.locator(".file-name").inner_text()
    assert kept.value.path().read_bytes() == shown.body()


def test_a_client_finds_an_invoice(open_page: Opener, house: House, scripts: bool) -> None:
    id_ = int(place(house, "{invoice:paid}"))
    with house.writing() as session:
        session.get_one(Invoice, id_).reference = "Cámara frigorífica n.º 2"
    page = open_page("marta", java_script_enabled=scripts)
    page.goto("/portal/invoices/")
    everything = int(page.locator(".count").inner_text())
    page.locator("#q").fill("camara FRIGORIFICA")
    page.locator("#q").press("Enter")
    expect(page.locator(".row-link")).to_have_count(1)
    expect(page.locator(".row-link")).to_have_attribute("href", f"/portal/invoices/{id_}")
    page.goto("/portal/invoices/")
    page.locator(".bar-filters summary").click()
    page.locator("#f-status").select_option("paid")
    page.locator(".filter-panel button").click()
    expect(page.locator(".chip")).to_contain_text("Pagada")
    expect(page.locator("td.role-status .status")).to_have_text(["Pagada"] * page.locator("tbody tr").count())
    assert 0 < int(page.locator(".count").inner_text()) < everything
    page.locator(".chip").first.click()
    expect(page.locator(".count")).to_have_text(str(everything))


def test_a_client_turns_pages(open_page: Opener, scripts: bool) -> None:
    page = open_page("marta", java_script_enabled=scripts)
    page.goto("/portal/invoices/")
    everything = int(page.locator(".count").inner_text())
    first = page.locator(".row-link").all_inner_texts()
    page.locator("a[rel=next]").click()
    expect(page.locator("a[rel=prev]")).to_be_visible()
    second = page.locator(".row-link").all_inner_texts()
    assert len({*first, *second}) == len(first) + len(second) == everything
    page.locator("a[rel=prev]").click()
    expect(page.locator(".row-link")).to_have_text(first)


def test_a_client_narrows_to_a_site(open_page: Opener, scripts: bool) -> None:
    page = open_page("marta", java_script_enabled=scripts)
    page.goto("/portal/invoices/")
    everything = int(page.locator(".count").inner_text())
    page.locator("#select-site").select_option(label="Hotel Miralbahía Playa")
    if not scripts:
        page.locator(".selectors button").click()
    expect(page).to_have_url(re.compile(r"site=\d+"))
    expect(page.locator("#select-site option:checked")).to_have_text("Hotel Miralbahía Playa")
    assert 0 < int(page.locator(".count").inner_text()) < everything


def test_staff_switch_invoices_off_and_on(open_page: Opener, house: House, scripts: bool) -> None:
    client = open_page("ruben", java_script_enabled=scripts)
    client.goto("/portal/invoices/")
    leading = client.locator('.menu a[href="/portal/invoices/"]')
    expect(leading).not_to_have_count(0)
    staff = open_page(java_script_enabled=scripts)
    staff.goto("/login")
    sign_in(staff, house, STAFF)
    staff.locator(".menu").get_by_role("link", name="Módulos").click()
    staff.locator("#module-invoices").get_by_role("button", name="Desactivar").click()
    expect(staff.get_by_role("status")).to_contain_text("no se ha borrado nada")
    answer = client.goto("/portal/invoices/")
    assert answer is not None
    assert answer.status == 404
    client.goto("/portal/")
    expect(client.locator('.menu a[href="/portal/cases/"]')).not_to_have_count(0)
    expect(leading).to_have_count(0)
    expect(client.locator("main")).not_to_contain_text("Facturas")
    staff.get_by_role("button", name="Deshacer").click()
    expect(staff.locator("#module-invoices .status")).to_have_text("Activado")
    client.goto("/portal/")
    expect(leading).not_to_have_count(0)


def test_staff_let_a_contact_in(open_page: Opener, house: House, scripts: bool) -> None:
    with house.writing() as session:
        contact = house.person(session, "tomas")
        assert isinstance(contact, Contact)
        contact.portal_user, contact.support_start, contact.portal_end, contact.password_hash = False, None, None, None
    staff = open_page(STAFF, java_script_enabled=scripts)
    staff.goto(place(house, "/staff/contacts/{contact:tomas}"))
    expect(staff.locator("#activation ~ *, section:has(#activation)")).not_to_contain_text("Crear un enlace")
    staff.get_by_label("Usuario del portal").check()
    staff.get_by_role("button", name="Guardar el acceso").click()
    expect(staff.locator(".heading .status")).to_have_text("Con acceso")
    staff.get_by_role("button", name="Crear un enlace").click()
    link = staff.get_by_label("Enlace de activación").input_value()
    staff.goto(staff.url)
    expect(staff.get_by_label("Enlace de activación")).to_have_count(0)

    theirs = open_page(java_script_enabled=scripts)
    theirs.goto(link)
    theirs.goto(link)  # opening it uses nothing up
    theirs.locator("#password").fill(PASSWORD)
    theirs.locator("#again").fill(PASSWORD)
    theirs.locator("main form button").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Hola, Tomás")
    other = open_page(java_script_enabled=scripts)
    answer = other.goto(link)
    assert answer is not None
    assert answer.status == 410
    other.goto("/login")
    other.locator("#identifier").fill("tomas.gil@miralbahia.example")
    other.locator("#password").fill(PASSWORD)
    other.locator("main form button").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Hola, Tomás")


def test_a_client_ends_a_session(open_page: Opener, house: House, scripts: bool) -> None:
    with house.writing() as session:
        sessions.end_all(session, house.person(session, NEW))
    mine, lost = (open_page(NEW, java_script_enabled=scripts) for _ in range(2))
    lost.goto("/portal/")
    mine.goto("/sessions/")
    mine.locator(".item", has_not_text="Este dispositivo").first.get_by_role("button").click()
    expect(mine.get_by_role("status")).to_be_visible()
    expect(mine.locator("main .item")).to_have_count(1)
    lost.reload()
    expect(lost).to_have_url(re.compile(r"/login\?next=/portal/"))
    mine.reload()
    expect(mine).to_have_url(re.compile("/sessions/$"))


def test_signing_out_ends_the_session(open_page: Opener, house: House, scripts: bool) -> None:
    page = open_page("marta", java_script_enabled=scripts)
    page.goto("/portal/")
    cookies = page.context.cookies()
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Salir").click()
    expect(page).to_have_url(re.compile("/login$"))
    page.context.add_cookies([c for c in cookies if c["name"] == "postigo"])  # type: ignore[misc]
    page.goto("/portal/")
    expect(page).to_have_url(re.compile("/login"))


def test_a_reader_changes_the_language(open_page: Opener, scripts: bool) -> None:
    page = open_page("marta", java_script_enabled=scripts)
    page.goto("/portal/invoices/?status=paid")
    page.locator(".foot-language").get_by_role("button", name="English").click()
    expect(page).to_have_url(re.compile(r"/portal/invoices/\?status=paid$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoices")
