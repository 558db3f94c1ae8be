"""Every page, in every state of the table, wide and narrow, in both languages, light and dark."""

from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter

from core.kit.checks import english, faults
from tests.browser.conftest import DESKTOP, LOCALES, PHONE, Visits
from tests.browser.house import House
from tests.browser.pages import CLIENT, FILES, OFFICE, VISITOR, Example, place

pytestmark = pytest.mark.browser
SIDES = {"visitor": VISITOR, "client": CLIENT, "staff": OFFICE}
PAGES = [(side, each) for side, examples in SIDES.items() for each in examples]
LANGUAGES = list(LOCALES)
IDS = [f"{side}: {example.name}" for side, example in PAGES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("side", "example"), PAGES, ids=IDS)
def test_a_page_is_sound(visits: Visits, house: House, side: str, example: Example, language: str) -> None:
    page, watch = visits.shared(example.who, language)
    with example.during(house):
        status = opened(page, house, example)
    found = [f"answered {status}"] if status != example.status else []
    for width in (1280, 390):
        by_night = (PAGES.index((side, example)) + LANGUAGES.index(language) + (width == 390)) % 2 == 1
        found += [f"{width} px{', dark' if by_night else ''}: {fault}" for fault in at(page, width, language, by_night)]
    if language == "es":
        found += [f"in English: {piece}" for piece in english(page)]
    assert found + watch.complaints() == []


def opened(page: Page, house: House, example: Example) -> int:
    """Open the page and do what the example does there; gives the status of the last answer."""
    answers: list[int] = []

    def note(response: Response) -> None:
        if response.request.is_navigation_request():
            answers.append(response.status)

    page.on("response", note)
    page.goto(place(house, example.path))
    if example.steps:
        with page.expect_navigation() if example.leads else nullcontext():
            example.steps(page, house)
    page.remove_listener("response", note)
    return answers[-1]


def at(page: Page, width: int, language: str, by_night: bool) -> list[str]:
    """What is wrong at a width. Each page is seen by day and by night at both widths, as the languages
    take turns."""
    page.set_viewport_size(DESKTOP if width == 1280 else PHONE)
    page.emulate_media(color_scheme="dark" if by_night else "light")
    return faults(page, language)


def test_no_route_is_without_an_example(house: House) -> None:
    matcher = house.app.url_map.bind("localhost")
    paths = [place(house, each.path).partition("?")[0] for each in (*(e for _, e in PAGES), *FILES)]
    shown = {rule_of(matcher, path) for path in paths}
    routes = {rule.rule for rule in house.app.url_map.iter_rules() if rule.methods and "GET" in rule.methods}
    assert len(routes) > 20
    assert sorted(routes - shown) == []


def rule_of(matcher: MapAdapter, path: str) -> str:
    """The route that answers under a path; none for one that is there to be refused."""
    try:
        return str(matcher.match(path, return_rule=True)[0].rule)
    except (NotFound, MethodNotAllowed):
        return ""


@pytest.mark.parametrize("example", FILES, ids=lambda example: example.name)
def test_what_is_no_page_answers(visits: Visits, house: House, example: Example) -> None:
    answer = visits.shared(example.who, "es")[0].request.get(place(house, example.path))
    kinds = {"PDF": "application/pdf", "ZIP": "application/zip", "JSON": "application/json"}
    kinds |= {
        name: f"text/{kind}; charset=utf-8" for name, kind in (("text", "plain"), ("stylesheet", "css"), ("CSV", "csv"))
    }
    assert (answer.status, answer.headers["content-type"]) == (200, kinds[example.name])
