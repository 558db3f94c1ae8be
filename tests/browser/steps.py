"""What an example of a page is, and what is done on one before it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.house import House
from tests.browser.states import State, usual

STAFF = "carmen@brasaquieta.example"
Steps = Callable[[Page, House], Any]


@dataclass(frozen=True)
class Example:
    """A page in one state. `path` may name what `{braces}` hold: see `tests.browser.places`."""

    name: str
    path: str
    #: who opens it: a key or e-mail of the demonstration, or nobody
    who: str = ""
    status: int = 200
    steps: Steps | None = None
    #: whether the steps lead to another page
    leads: bool = True
    during: State = usual


def press(selector: str, *fields: tuple[str, str]) -> Steps:
    """Fill fields (by selector), then press what `selector` names."""

    def steps(page: Page, house: House) -> None:
        for field, text in fields:
            page.locator(field).fill(text)
        page.locator(selector).first.click()

    return steps


def without_token(page: Page, house: House) -> None:
    """Send the sign-in form as another site would."""
    page.evaluate("document.querySelector('main form [name=csrf_token]').remove()")
    page.locator("main form button[type=submit]").click()


def late(page: Page, house: House) -> None:
    """Send the form as it would be sent after somebody else's."""
    page.evaluate("document.querySelector('main [name=version]').value = '0'")
    page.locator("#phone").fill("555 010 999")
    page.locator(SEND).first.click()


def crossed(page: Page, house: House) -> None:
    """Send a message as it would be sent after somebody else's."""
    page.evaluate("document.querySelector('#say [name=seen]').value = '0'")
    page.locator("#body").fill("Lo que había escrito")
    page.locator(SAY).click()


def look_for_answers(page: Page, house: House) -> None:
    """Write a case as far as its answers are looked for; of an article in two languages, the reader's is found."""
    typed = {"es": "La central pita cada minuto", "en": "The fire panel beeps once a minute"}
    page.locator("textarea").first.fill(typed[page.locator("html").get_attribute("lang") or ""])
    page.locator("button[name=look]").click()
    page.locator("[data-found] a").first.wait_for()


def late_fields(page: Page, house: House) -> None:
    """Send the settings of fields as they would be sent after somebody else's."""
    page.evaluate("document.querySelector('main [name=version]').value = '9.9'")
    page.locator("#place-total").fill("1")
    page.locator("button[value=save]").click()


def open_values(page: Page, house: House) -> None:
    """Look at what the values of a field are called."""
    for summary in page.locator("main details summary").all():
        summary.click()


def choose_scope(page: Page, house: House) -> None:
    page.locator("#scope-invoices").select_option("contact")


def choose_mode(page: Page, house: House) -> None:
    page.locator("#mode-1").check()
    page.locator(SEND).first.click()


def choose_first_entry(page: Page, house: House) -> None:
    page.locator("#first_entry-1").check()
    page.locator("form:has(#first_entry-1) button[type=submit]").click()


def late_text(page: Page, house: House) -> None:
    """Send the text as it would be sent after somebody else's."""
    page.evaluate("document.querySelector('main [name=version]').value = '9.9'")
    page.locator("button[value=save]").click()


def tick_all(page: Page, house: House) -> None:
    page.locator("#whom-all").check()
    page.locator("#remind").check()
    page.locator(SEND).last.click()


def save_all(page: Page, house: House) -> None:
    with page.expect_navigation():
        tick_all(page, house)
    with page.expect_navigation():
        page.locator("form:has([name=confirmed]) button").click()


def give_access(page: Page, house: House) -> None:
    page.locator("#portal_user").check()
    page.locator(SEND).first.click()


FIELDS, TEXT = "/staff/fields/invoices/invoice/", "/staff/texts/core.activation/es"
SAY = "#say button[value=say]"
SEND = "main form:not([role=search]) button[type=submit]"
