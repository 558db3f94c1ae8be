"""Every page, in every state of the table, wide and narrow, in both languages, light and dark: in one of these ways
by turns, and with NIGHTLY=1 in all of them."""

from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, Response
from sqlalchemy import select
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter

from core.conversations.models import Message
from core.db.session import open_session
from core.db.viewer import system
from core.kit.checks import axe, english, untidy
from plugins.cases.models import Case
from tests.browser.conftest import DESKTOP, LOCALES, PHONE, Visits
from tests.browser.house import House
from tests.browser.pages import CLIENT, FILES, OFFICE, VISITOR
from tests.browser.places import place
from tests.browser.steps import Example
from tests.nightly import by_turns

pytestmark = pytest.mark.browser
SIDES = {"visitor": VISITOR, "client": CLIENT, "staff": OFFICE}
PAGES = [(side, each) for side, examples in SIDES.items() for each in examples]
LANGUAGES = list(LOCALES)
WIDTHS = (1280, 390)
LIGHTS = [(width, by_night) for width in WIDTHS for by_night in (False, True)]
LOOKS = [(turn, language) for turn in range(len(PAGES)) for language in by_turns(LANGUAGES, turn)]


def named(turn: int, language: str) -> str:
    """What a test of a page is called."""
    side, example = PAGES[turn]
    return f"{side}: {example.name}-{language}"


@pytest.mark.parametrize(("turn", "language"), LOOKS, ids=[named(*look) for look in LOOKS])
def test_a_page_is_sound(visits: Visits, house: House, turn: int, language: str) -> None:
    example = PAGES[turn][1]
    page, watch = visits.shared(example.who, language)
    with example.during(house):
        status = opened(page, house, example)
    found = [f"answered {status}"] if status != example.status else []
    for width in WIDTHS:
        page.set_viewport_size(DESKTOP if width == 1280 else PHONE)
        found += [f"{width} px: {fault}" for fault in (*untidy(page, language), *cut(page))]
    for width, by_night in by_turns(LIGHTS, turn // len(LANGUAGES)):
        found += [f"{width} px{', dark' if by_night else ''}: {fault}" for fault in at(page, width, by_night)]
    if language == "es":
        found += [f"in English: {piece}" for piece in english(page) if piece not in written(house)]
    assert found + watch.complaints() == []


def written(house: House) -> set[str]:
    """What people wrote on records, line by line: each in a language of their own."""
    with open_session(house.engine, system(house.tenant.id)) as session:
        texts = [*session.scalars(select(Message.body)), *session.scalars(select(Case.subject))]
    return {line.strip() for text in texts for line in text.splitlines()}


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


def cut(page: Page) -> list[str]:
    """The tables of which columns are out of sight."""
    wide = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.querySelector('h2').innerText)"
    return [f"the table {head!r} is cut off" for head in page.locator(".record .box-table").evaluate_all(wide)]


def at(page: Page, width: int, by_night: bool) -> list[str]:
    """What axe, which takes its time, finds at a width by day or by night."""
    page.set_viewport_size(DESKTOP if width == 1280 else PHONE)
    page.emulate_media(color_scheme="dark" if by_night else "light")
    return axe(page)


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
    texts = (("text", "plain"), ("stylesheet", "css"), ("CSV", "csv"), ("HTML", "html"))
    kinds |= {name: f"text/{kind}; charset=utf-8" for name, kind in texts}
    assert (answer.status, answer.headers["content-type"]) == (200, kinds[example.name])
