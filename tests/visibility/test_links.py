"""What client A can reach, answers B of the same tenant and C of another as nonsense does: byte for byte."""

import base64
import json
import re
from typing import Any

import pytest

from tests.visibility.crawl import crawl
from tests.worlds.world import Browser, World

#: an id of the same form that nothing has
NONSENSE = "999999999"
_FILE = re.compile(r"^/portal/invoices/(\d+)/files/(\d+)")
_DOCUMENT = re.compile(r"^/portal/invoices/(\d+)/document")
_DETAIL = re.compile(r"^/portal/invoices/(\d+)$")
_LINKED = re.compile(r"/portal/invoices/(\d+)")
PORTAL = "/portal/invoices/"


def answer(browser: Browser, url: str, **more: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers of an answer; a date is all that may differ."""
    got = browser.open(url, **more)
    return got.status_code, got.data, [header for header in got.headers if header[0] != "Date"]


@pytest.fixture(scope="module")
def reached(world: World) -> list[str]:
    """The records, files and documents that A reaches, as their pages link to them."""
    found = crawl(world.contact("two_accounts"))
    assert {each.status_code for each in found.values()} == {200, 405}  # 405: what a form posts to
    return sorted(url for url in found if _FILE.match(url) or _DOCUMENT.match(url) or _DETAIL.match(url))


def strangers(world: World) -> list[Browser]:
    """Contacts of the same tenant who share nothing with A, and A's twin in the other tenant."""
    return [
        world.contact("nobodys"),
        world.contact("child"),
        world.contact("whole", "two"),
        world.contact("two_sites", "two"),
    ]


def test_there_is_something_to_reach(reached: list[str]) -> None:
    assert sum(bool(_DETAIL.match(url)) for url in reached) > 10
    assert sum("download=1" in url for url in reached) > 3
    assert sum(bool(_DOCUMENT.match(url)) for url in reached) > 3
    assert sum(bool(_FILE.match(url)) and "download" not in url for url in reached) > 3


def test_others_get_what_nonsense_gets(world: World, reached: list[str]) -> None:
    for browser in strangers(world):
        plain = answer(browser, f"{PORTAL}{NONSENSE}")
        assert plain[0] == 404
        head = answer(browser, f"{PORTAL}{NONSENSE}", method="HEAD")
        for url in reached:
            assert answer(browser, url) == plain, url
            assert answer(browser, url, method="HEAD") == head, url


def test_a_file_under_another_record_is_nonsense_too(world: World) -> None:
    made, browser = world.one, world.contact("whole")
    mine = made.invoices["alpha"]
    plain = answer(browser, f"{PORTAL}{mine}/files/{NONSENSE}")
    assert plain[0] == 404
    for file_id, record_id in (*made.files.items(), *world.two.files.items()):
        if record_id != mine:
            assert answer(browser, f"{PORTAL}{mine}/files/{file_id}") == plain


@pytest.mark.parametrize("name", ["account", "site"])
def test_places_of_others_in_an_address_are_nonsense(world: World, name: str) -> None:
    browser = world.contact("whole")
    plain = answer(browser, f"{PORTAL}?{name}={NONSENSE}")
    assert plain[0] == 404
    one, two = ((made.accounts if name == "account" else made.sites) for made in (world.one, world.two))
    mine = {"alpha"} if name == "account" else {"a1", "a2"}
    others = [id_ for key, id_ in one.items() if key not in mine] + list(two.values())
    forms = ["0", "-1", "1.5", "abc", "%00", "9" * 30, "1 OR 1=1", "%F0%9F%92%A9"]
    for value in (*map(str, others), *forms):
        assert answer(browser, f"{PORTAL}?{name}={value}") == plain, value
    for value in (one[key] for key in mine):
        assert answer(browser, f"{PORTAL}?{name}={value}")[0] == 200


def test_ids_of_any_form_are_nonsense(world: World) -> None:
    browser = world.contact("whole")
    plain = answer(browser, f"{PORTAL}{NONSENSE}")
    payment = world.one.payments["P-1"]
    for form in (
        "0",
        "00",
        "9" * 18,
        "9" * 19,
        "9" * 40,
        "-1",
        "1.0",
        "1e1",
        "٣",
        "a",
        "%00",
        "..",
        "1/",
        "1/files/",
        "1/files/1/",
        payment,
    ):
        got = answer(browser, f"{PORTAL}{form}")
        assert got == plain or got[0] == 308, form


def test_a_cursor_made_by_another_shows_nothing_of_theirs(world: World) -> None:
    """A cursor holds what its maker saw; with it, a reader sees their own rows alone."""
    theirs = json.dumps(["total", "1000", world.one.invoices["beta"]]).encode()
    mine = world.contact("nobodys")
    seen = set(_LINKED.findall(mine.get(PORTAL).get_data(as_text=True)))
    for way in ("after", "before"):
        page = mine.get(f"{PORTAL}?sort=total&{way}={base64.urlsafe_b64encode(theirs).decode().rstrip('=')}")
        assert page.status_code == 200
        assert set(_LINKED.findall(page.get_data(as_text=True))) == (seen if way == "after" else set())
    assert seen


def test_no_page_carries_a_word_of_the_twin_tenant(world: World) -> None:
    browser = world.contact("two_accounts")
    for url, got in crawl(browser).items():
        page = got.data
        assert b"two " not in page.replace(b"two_accounts", b"").replace(b"two_sites", b""), url
        assert b"Company two" not in page
