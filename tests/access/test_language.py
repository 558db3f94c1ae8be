"""The language of a page: chosen on it, else the person's, the browser's, the tenant's."""

import pytest
from sqlalchemy import Engine

from core.crm.models import Tenant
from tests.access import world
from tests.access.browser import Browser


def language(browser: Browser, path: str = "/login", accept: str = "") -> str:
    """The language that a page says it is in."""
    page = browser.get(path, headers={"Accept-Language": accept} if accept else {}).text
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "es"),
        ("en", "en"),
        ("en-GB,es;q=0.5", "en"),
        ("de,es-MX;q=0.4,en;q=0.2", "es"),
        ("en;q=0", "es"),
        ("de", "es"),
        ("*;q=x", "es"),
    ],
)
def test_a_stranger_reads_what_the_browser_asks_for_else_what_the_tenant_speaks(
    guest: Browser, accept: str, expected: str
) -> None:
    assert language(guest, accept=accept) == expected


def test_a_tenant_may_speak_english(engine: Engine, guest: Browser) -> None:
    world.make_tenant(engine, "fire", "fire.example", language="en")
    guest.host = "fire.example"
    assert language(guest) == "en"


def test_a_person_reads_their_own_language_unless_they_choose_another(
    engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    world.add_contact(engine, tenant, "ana@example.org", language="en")
    guest.sign_in("ana@example.org")
    assert language(guest, "/sessions/", accept="es") == "en"
    guest.post("/language", {"language": "es", "next": "/sessions/"})
    assert language(guest, "/sessions/", accept="en") == "es"


def test_what_is_no_language_is_refused_and_what_is_no_cookie_ignored(guest: Browser) -> None:
    assert guest.post("/language", {"language": "xx"}).status_code == 400
    guest.client.set_cookie("postigo_language", "../../etc", domain=world.HOST)
    assert language(guest) == "es"


def test_choosing_a_language_leads_nowhere_else(guest: Browser) -> None:
    assert guest.post("/language", {"language": "en", "next": "//evil.example"}).location == "/login"
