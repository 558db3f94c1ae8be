"""By keyboard alone: everything is reached, in an order that makes sense, and one sees where one is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.house import House
from tests.browser.places import place
from tests.browser.steps import STAFF

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
MOST_STOPS = 200

#: where the focus is: what holds it, the part of the page it is in, and whether one sees it there
_STOP = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const box = at.getBoundingClientRect(), style = getComputedStyle(at);
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1);
    const there = document.elementFromPoint(x, y);
    const part = at.closest("header, nav.menu, main, footer, .selectors, .session-warning");
    return {
        text: (at.textContent || at.id || at.name || "").trim().replace(/\\s+/g, " ").slice(0, 60),
        id: at.id, href: at.getAttribute("href"), html: at.outerHTML.slice(0, 140),
        part: at.matches(".skip") ? "skip" : part ? (part.className.split(" ")[0] || part.tagName.toLowerCase()) : "",
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        uncovered: !!there && (at.contains(there) || there.contains(at) || !!there.closest("label")),
    };
}"""


def stop(page: Page, key: str = "Tab") -> dict[str, Any] | None:
    """Press the key, and tell where the focus is; nowhere at the end of the page."""
    page.keyboard.press(key)
    found: dict[str, Any] | None = page.evaluate(_STOP)
    return found


def tab_to(page: Page, **wanted: str) -> dict[str, Any]:
    """Press Tab until what has the focus is what is wanted: by `text`, `id` or `href`."""
    for _ in range(MOST_STOPS):
        here = stop(page)
        if here and all(value in (here[name] or "") for name, value in wanted.items()):
            return here
    raise AssertionError(f"never reached {wanted}")


def test_an_invoice_is_reached_and_kept(open_page: Opener, house: House) -> None:
    page = open_page()
    page.goto("/login")
    given = house.password("marta")
    tab_to(page, id="identifier")
    page.keyboard.type(given.email)
    tab_to(page, id="password")
    page.keyboard.type(given.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hola, Marta")
    tab_to(page, href="/portal/invoices/")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Facturas")
    path = place(house, "/portal/invoices/{invoice:pending}")
    tab_to(page, href=path)
    page.keyboard.press("Enter")
    expect(page).to_have_url(house.url + path)
    tab_to(page, href="download=1")
    with page.expect_download() as kept:
        page.keyboard.press("Enter")
    assert kept.value.path().read_bytes().startswith(b"%PDF-")


PAGES = {
    "login": ("", "/login"),
    "client's home": ("marta", "/portal/"),
    "list": ("marta", "/portal/invoices/"),
    "invoice": ("marta", "/portal/invoices/{invoice:pending}"),
    "sessions": ("marta", "/sessions/"),
    "modules": (STAFF, "/staff/modules/"),
    "contact": (STAFF, "/staff/contacts/{contact:marta}"),
    "account": (STAFF, "/staff/accounts/{account:marta}"),
}
ORDER = ["skip", "top", "menu", "selectors", "main", "foot"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_the_focus_is_seen_and_goes_down_the_page(open_page: Opener, house: House, name: str, size: Any) -> None:
    who, path = PAGES[name]
    page = open_page(who, viewport=size)
    page.goto(place(house, path))
    stops = []
    while (here := stop(page)) and len(stops) < MOST_STOPS:
        stops.append({**here, "part": {"plain-main": "main", "page": "main"}.get(here["part"], here["part"])})
    seen = {each["html"] for each in stops if each["outlined"]}  # of a date's parts, the browser marks one itself
    assert [each["html"] for each in stops if each["html"] not in seen] == [], "no focus is to be seen"
    assert [each["html"] for each in stops if not each["uncovered"]] == [], "something covers the focus"
    places = [ORDER.index(each["part"]) for each in stops]
    assert places == sorted(places)
    assert places[0] == 0
    assert ORDER.index("main") in places


@pytest.mark.parametrize("name", PAGES)
def test_the_skip_link_leads_to_the_content(open_page: Opener, house: House, name: str) -> None:
    who, path = PAGES[name]
    page = open_page(who)
    page.goto(place(house, path))
    assert (stop(page) or {})["part"] == "skip"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    assert (stop(page) or {})["part"] in ("main", "plain-main", "foot", "")


@pytest.mark.parametrize(
    ("who", "path", "field"),
    [
        ("", "/login", "identifier"),
        (STAFF, "/staff/contacts/new", "first_name"),
        (STAFF, "/staff/accounts/new", "name"),
        (STAFF, "/staff/contacts/{contact:tomas}", "support_start"),
    ],
)
def test_what_is_wrong_is_told_first_and_leads_to_the_field(
    open_page: Opener, house: House, who: str, path: str, field: str
) -> None:
    page = open_page(who)
    page.goto(place(house, path))
    page.locator(f"#{field}").fill("")
    page.locator(f"form:has(#{field}) button").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    here = tab_to(page, href=f"#{field}")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{field}")).to_be_focused()
    described = page.locator(f"#{field}").get_attribute("aria-describedby") or ""
    assert here["text"] in page.locator(f"#{described.split()[-1]}").inner_text()


def test_menus_open_and_close(open_page: Opener) -> None:
    page = open_page("marta")
    page.goto("/portal/")
    page.locator(".user-menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".user-panel")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".user-panel")).to_be_hidden()
    expect(page.locator(".user-menu summary")).to_be_focused()


def test_a_choice_by_keyboard_waits_for_enter(open_page: Opener) -> None:
    page = open_page("marta")
    page.goto("/portal/invoices/")
    tab_to(page, id="select-site")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.url.endswith("/portal/invoices/")
    expect(page.locator(".selectors button")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**site=*")
