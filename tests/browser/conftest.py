"""Fixtures: the furnished house, and browsers in it, signed in and in one language."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.engine import make_url

from tests.browser.house import House, fill, open_house
from tests.browser.watch import Watch
from tests.databases import Database, SqliteDatabases

LOCALES = {"es": "es-ES", "en": "en-GB"}
PATIENCE = 60_000
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def furnished(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, Path]]:
    """A database with the demonstration, and its home; to be copied, never to be served."""
    home = Path(tmp_path_factory.mktemp("furnished"))
    with sqlite_databases.fresh() as database:
        fill(database, home)
        yield database, home


@pytest.fixture(scope="module")
def house(
    furnished: tuple[Database, Path], sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The demonstration being served, for the tests of one file: they may change it."""
    template, home = furnished
    with sqlite_databases.empty() as database:
        shutil.copyfile(make_url(template.url).database or "", make_url(database.url).database or "")
        with open_house(database, Path(tmp_path_factory.mktemp("home")), home) as opened:
            yield opened


@dataclass
class Visits:
    """Opens browsers in a house. Visits of one person in one language may share a page: to open one
    takes longer than to look at it."""

    browser: Browser
    house: House
    kept: dict[tuple[str, str], tuple[Page, Watch]]

    def context(self, who: str = "", language: str = "es", **options: Any) -> BrowserContext:
        """A browser of its own, without a cookie but the sign-in's; `options` are Playwright's."""
        made = self.browser.new_context(
            base_url=self.house.url, locale=LOCALES[language], viewport=options.pop("viewport", DESKTOP), **options
        )
        made.set_default_timeout(PATIENCE)
        made.add_cookies([{"name": "postigo_language", "value": language, "url": self.house.url}])
        if who:
            made.add_cookies([self.house.sign_in(who)])
        return made

    def shared(self, who: str, language: str) -> tuple[Page, Watch]:
        """The page of all visits of this person in this language, wide and light, with nothing found."""
        if (who, language) not in self.kept:
            made = self.context(who, language).new_page()
            self.kept[who, language] = made, Watch(made, self.house.url)
        page, watch = self.kept[who, language]
        page.set_viewport_size(DESKTOP)
        page.emulate_media(reduced_motion="reduce")  # colours on their way from light to dark are neither
        watch.found.clear()
        return page, watch


@pytest.fixture(scope="module")
def visits(browser: Browser, house: House) -> Iterator[Visits]:
    """Browsers in the house."""
    made = Visits(browser, house, {})
    yield made
    for page, _ in made.kept.values():
        page.context.close()


@pytest.fixture
def open_page(visits: Visits) -> Iterator[Callable[..., Page]]:
    """Opens a watched page: `open_page(who, language, **options)`. In the end nothing on any of them may
    have complained."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def make(who: str = "", language: str = "es", **options: Any) -> Page:
        context = visits.context(who, language, **options)
        page = context.new_page()
        opened.append((context, Watch(page, visits.house.url)))
        return page

    yield make
    complaints = [each for _, watch in opened for each in watch.complaints()]
    for context, _ in opened:
        context.close()
    assert not complaints
