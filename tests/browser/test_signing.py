"""A client accepts a quote: by keyboard alone with a typed name, and with a signature that is drawn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from core.records.models import Agreement
from plugins.quotes.models import Quote
from tests.browser.house import House
from tests.browser.places import place
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


def latest(house: House) -> Agreement:
    """The answer that was given last."""
    with open_session(house.app.extensions["postigo"].engine, system(house.tenant.id)) as session:
        return session.scalars(select(Agreement).order_by(Agreement.id.desc()).limit(1)).one()


def test_a_quote_is_accepted_by_keyboard_with_a_typed_signature(open_page: Opener, house: House) -> None:
    page, path = open_page("marta"), place(house, "/portal/quotes/{quote:open}")
    page.goto("/portal/")
    tab_to(page, href="/portal/quotes/?status=sent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Presupuestos")
    tab_to(page, href=path)
    page.keyboard.press("Enter")
    expect(page).to_have_url(house.url + path)
    tab_to(page, text="Aceptar el presupuesto")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aceptar el presupuesto")
    tab_to(page, id="a_signer")
    page.keyboard.type("Marta Ferrandis Oltra")
    tab_to(page, id="a_order_number")
    page.keyboard.type("INV-2026/4")
    tab_to(page, text="Aceptar el presupuesto")
    page.keyboard.press("Enter")
    expect(page).to_have_url(house.url + path)
    box = page.locator("section", has=page.get_by_role("heading", name="Aceptado"))
    expect(box).to_contain_text("Marta Ferrandis Oltra")
    expect(box).to_contain_text("INV-2026/4")
    assert latest(house).signature_key is None


def test_a_signature_that_is_drawn_goes_with_the_name(open_page: Opener, house: House) -> None:
    page = open_page("emily", "en")
    with open_session(house.app.extensions["postigo"].engine, system(house.tenant.id)) as session:
        mine = Quote.contact_id == house.contact("emily")
        record_id = session.scalars(select(Quote.id).where(mine, Quote.status == "sent")).one()
    page.goto(f"/portal/quotes/{record_id}/do/accept")
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    at = canvas.bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + 20, at["y"] + 60)
    page.mouse.down()
    page.mouse.move(at["x"] + 160, at["y"] + 20, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Accept the quote").click()
    expect(page.locator("#error-summary")).to_contain_text("Fill in: Your name.")
    assert page.locator("[name=a_signature]").input_value().startswith("data:image/png;base64,")  # nothing is lost
    page.locator("#a_signer").fill("Emily Hartwell")
    page.get_by_role("button", name="Accept the quote").click()
    expect(page).to_have_url(f"{house.url}/portal/quotes/{record_id}")
    assert latest(house).signature_key is not None
    certificate = page.request.get(f"/portal/quotes/{record_id}/certificate")
    assert certificate.body().startswith(b"%PDF-")
