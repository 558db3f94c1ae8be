"""What client A can reach, answers B of the same tenant and C of another as nonsense does: byte for byte."""

import base64
import json
import re
from datetime import date
from typing import Any

import pytest

from tests.databases import KINDS
from tests.nightly import NIGHTLY
from tests.visibility.crawl import crawl
from tests.visibility.oracle import Oracle, read_tables
from tests.worlds.world import Browser, World

#: an id of the same form that nothing has
NONSENSE = "999999999"
_FILE = re.compile(r"^/portal/\w+/(\d+)/files/(\d+)")
_DOCUMENT = re.compile(r"^/portal/invoices/(\d+)/document")
_DETAIL = re.compile(r"^/portal/\w+/(\d+)$")
_RECORD = re.compile(r"^/portal/\w+/(\d+)(?=$|[/?#])")
_LINKED = re.compile(r"/portal/invoices/(\d+)")
PORTAL = "/portal/invoices/"


def answer(browser: Browser, url: str, **more: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers of an answer; a date is all that may differ."""
    got = browser.open(url, **more)
    return got.status_code, got.data, [header for header in got.headers if header[0] != "Date"]


def without_id(got: tuple[int, bytes, list[tuple[str, str]]]) -> tuple[int, bytes, list[tuple[str, str]]]:
    """The answer as it is; of one that is no 404, without the id of the error, the address that was asked for and the
    form's token, which a 404 never has."""
    if got[0] == 404:
        return got
    page = re.sub(rb'\b[0-9a-f]{8}\b|(?<=/)\d+(?=/)|(?<=name="csrf_token" value=")[^"]*', b"", got[1])
    return got[0], page, [header for header in got[2] if header[0] != "Content-Length"]


@pytest.fixture(scope="module")
def reached(world: World) -> list[str]:
    """All that A reaches of records: their pages, files, documents, forms, as the pages link to them."""
    found = crawl(world.contact("two_accounts"))
    assert {each.status_code for each in found.values()} == {200, 405}  # 405: what a form posts to
    return sorted(url for url in found if _RECORD.match(url))


def strangers(world: World) -> list[tuple[Browser, set[int]]]:
    """Contacts of the same tenant, and A's twin in the other one, each with the records that they see."""
    tables, people = read_tables(world.database.owner_url), (("nobodys", "one"), ("child", "one"))
    return [
        (world.contact(kind, slug), Oracle(tables, world.tenancies[slug].people[kind], date.today()).all_records())
        for kind, slug in (*people, ("whole", "two"), ("two_sites", "two"))
    ]


def nothing_at(url: str) -> str:
    """The same address, with ids that nothing has."""
    return re.sub(r"(?<=/)\d+", NONSENSE, url.partition("#")[0])


def test_there_is_something_to_reach(reached: list[str]) -> None:
    assert sum(bool(_DETAIL.match(url)) and "/invoices/" in url for url in reached) > 10
    assert sum(bool(_DETAIL.match(url)) and "/cases/" in url for url in reached) > 10
    assert sum("/colleagues" in url or "/do/" in url or "/messages" in url for url in reached) > 20
    assert sum("download=1" in url for url in reached) > 3
    assert sum(bool(_DOCUMENT.match(url)) for url in reached) > 3
    assert sum(bool(_FILE.match(url)) and "download" not in url for url in reached) > 3


def test_others_get_what_nonsense_gets(world: World, reached: list[str]) -> None:
    """One of either tenant on each database, and by night all."""
    first = KINDS.index(world.database.name)
    for browser, theirs in strangers(world) if NIGHTLY else strangers(world)[first :: len(KINDS)]:
        browser.get("/sessions/")  # which gives the cookie that a page with a form sets
        expected, asked = {}, 0
        for url in reached:
            found, nothing = _RECORD.match(url), nothing_at(url)
            if found is None or int(found[1]) in theirs:
                continue
            for method in ("GET", "HEAD"):
                if (nothing, method) not in expected:
                    expected[nothing, method] = answer(browser, nothing, method=method)
                got = answer(browser, url, method=method)
                assert got[0] in (404, 405), url
                assert without_id(got) == without_id(expected[nothing, method]), url
                asked += 1
        assert asked > 100


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
