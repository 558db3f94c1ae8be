"""How people first come in, by mail, as staff and clients do it in the browser; without a mail server, as on a
newcomer's machine."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.crm.models import Contact, Tenant
from core.worker.loop import Worker
from core.worker.periodic import Schedule
from tests.browser.house import House
from tests.browser.places import place
from tests.browser.steps import STAFF

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
PASSWORD, EMAIL = "cinco gatos pardos", "tomas.gil@miralbahia.example"


def work(house: House) -> None:
    """Let a worker do all that is due."""
    worker = Worker(house.app, schedule=Schedule(()))
    while worker.step():
        pass


def give_access(house: House, staff: Page) -> None:
    """Give Tomás access, whose mail the worker then keeps, and open it in the outbox."""
    staff.goto(place(house, "/staff/contacts/{contact:tomas}"))
    staff.get_by_label("Usuario del portal").check()
    staff.get_by_role("button", name="Guardar el acceso").click()
    expect(staff.locator(".notice")).to_contain_text(f"va camino de {EMAIL}")
    work(house)
    staff.get_by_role("link", name="Ver el correo en la bandeja de salida").click()
    expect(staff.locator("main")).to_contain_text(EMAIL)


def secret(staff: Page) -> str:
    """Make what the mail would have carried, and read it."""
    staff.locator("form:has([value=link]) button").click()
    return staff.locator("main .notice dd").inner_text()


def choose(page: Page) -> None:
    """Choose a password, and arrive."""
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hola, Tomás")


@pytest.fixture
def shut_out(house: House) -> None:
    """Tomás has no access, and the company sends links."""
    with house.writing() as session:
        contact = house.person(session, "tomas")
        assert isinstance(contact, Contact)
        contact.portal_user, contact.support_start, contact.portal_end = False, None, None
        contact.password_hash = contact.password_until = None


@pytest.mark.usefixtures("shut_out")
def test_a_mail_with_a_link_lets_a_contact_in(open_page: Opener, house: House) -> None:
    staff, theirs = open_page(STAFF), open_page()
    give_access(house, staff)
    theirs.goto(secret(staff))
    choose(theirs)


@pytest.mark.usefixtures("shut_out")
def test_a_temporary_password_leads_to_the_page_that_changes_it(open_page: Opener, house: House) -> None:
    staff, theirs = open_page(STAFF), open_page(java_script_enabled=False)
    staff.goto("/staff/access/")
    staff.get_by_label("Nombre de usuario y una contraseña provisional").check()
    staff.get_by_role("button", name="Guardar cómo entran").click()
    give_access(house, staff)
    password = secret(staff)
    theirs.goto("/portal/invoices/")
    theirs.locator("#identifier").fill(EMAIL)
    theirs.locator("#password").fill(password)
    theirs.locator("main form button").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Elija su contraseña")
    theirs.goto("/portal/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Elija su contraseña")
    choose(theirs)
    with house.writing() as session:
        session.get_one(Tenant, house.tenant.id).first_entry = "link"


def test_who_has_forgotten_asks_by_keyboard_and_staff_see_the_mail(open_page: Opener, house: House) -> None:
    theirs, staff = open_page(), open_page(STAFF)
    theirs.goto("/login")
    theirs.get_by_role("link", name="He olvidado mi contraseña").press("Enter")
    theirs.locator("#identifier").fill("marta.ferrandis@miralbahia.example")
    theirs.locator("#identifier").press("Enter")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Revise su correo")
    work(house)
    staff.goto("/staff/outbox/?kind=core.reset")
    staff.locator(".row-link").first.click()
    theirs.goto(secret(staff))
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Elija su contraseña")
