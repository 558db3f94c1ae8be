"""On paper and without movement."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.places import place

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


def test_paper_carries_the_record_alone(open_page: Opener, house: House) -> None:
    page = open_page("marta")
    page.goto(place(house, "/portal/invoices/{invoice:pending}"))
    aside = [page.locator(part) for part in (".menu", ".user-menu", ".file-actions", ".back", ".foot-language")]
    for part in aside:
        expect(part).to_be_visible()
    page.emulate_media(media="print")
    for part in aside:
        expect(part).to_be_hidden()
    for part in ("h1", ".totals", ".facts", "#part-lines"):
        expect(page.locator(part).first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_paper_carries_the_list_as_a_table(open_page: Opener) -> None:
    page = open_page("marta", viewport={"width": 390, "height": 844})
    page.goto("/portal/invoices/")
    expect(page.locator("thead")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("thead")).to_be_visible()
    expect(page.locator(".bar")).to_be_hidden()


def test_nothing_moves_for_who_asks_for_stillness(open_page: Opener) -> None:
    page = open_page("marta")
    page.goto("/portal/invoices/")
    moving = """() => [...document.querySelectorAll("*")].filter((e) => {
        const style = getComputedStyle(e);
        return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
    }).length"""
    assert page.evaluate(moving) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0
