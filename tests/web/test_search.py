"""The page of the search and its answer for programs: what was found stands there by module, and whatever is typed has
a clear answer."""

import re
from typing import Any
from urllib.parse import urlencode

from core.kit.browser import Browser
from core.kit.statements import statements
from core.modules.switches import set_switch
from core.records.query import LONGEST_SEARCH
from tests.worlds.world import World

PORTAL, STAFF, API = "/portal/search", "/staff/search", "/api/v1/search"
#: however much is found, of one kind of record: the door's two, what matches, and one for each kind that is shown
MOST_STATEMENTS = 5
_FOUND = re.compile(r'<p class="found-title"><a href="([^"]+)">(.*?)</a>')
NOVEL = "x" * 10_000
#: nothing that can be looked for
SENSELESS = ("%%%", "😀 ✂", '"" * ^', "\x00", "\u202e\u200f", "()&|!<->:*")
#: strange, and yet words
STRANGE = ("AND", "one OR two", "NEAR(one)", "one*", "'one'", '"one', "\u202eone", "one\x00two", "number:one", "مرحبا")


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def told(browser: Browser, path: str, **params: str) -> Any:
    """What a program is told."""
    answer: Any = browser.get(path, query_string=params)
    return answer.json


def asked(browser: Browser, path: str, **params: str) -> str:
    answer = browser.get(f"{path}?{urlencode(params)}")
    assert answer.status_code == 200
    return main_of(answer.text)


def test_what_is_found_leads_to_its_record_with_the_words_marked(world: World) -> None:
    found = dict(_FOUND.findall(asked(world.contact("whole"), PORTAL, q="F alph")))
    url = f"/portal/invoices/{world.one.invoices['alpha']}"
    assert found[url] == "one <mark>alpha</mark>"
    assert world.contact("whole").get(url).status_code == 200
    drafts = dict(_FOUND.findall(asked(world.staff(), STAFF, q="alpha_draft")))
    assert len(drafts) == 1 or not drafts  # every second has one
    assert all(world.staff().get(each).status_code == 200 for each in drafts)


def test_the_best_of_each_module_stand_there_and_more_of_one(world: World) -> None:
    browser = world.contact("two_accounts")
    best = asked(browser, PORTAL, q="one")
    assert len(_FOUND.findall(best)) == 5
    (all_of_it,) = re.findall(r'<a class="btn btn-outline" href="([^"]+)">All in Invoices', best)
    more = main_of(browser.get(all_of_it.replace("&amp;", "&")).text)
    (count,) = re.findall(r'Invoices <span class="count">(\d+)</span>', more)
    assert len(_FOUND.findall(more)) == int(count) > 5
    assert told(browser, API, q="one")["counts"] == [{"module": "invoices", "number": int(count), "capped": False}]


def test_a_module_that_is_off_and_nonsense_answer_alike(world: World) -> None:
    browser = world.contact("whole")
    nothing = [browser.get(f"{path}?q=one&module=nonsense").data for path in (PORTAL, API)]
    with world.writing() as session:
        set_switch(session, world.registry, "invoices", "tenant", world.one.id, False)
    try:
        answers = [browser.get(f"{path}?q=one&module=invoices") for path in (PORTAL, API)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert [answer.data for answer in answers] == nothing
        assert "Nothing was found" in asked(browser, PORTAL, q="one")
    finally:
        with world.writing() as session:
            set_switch(session, world.registry, "invoices", "tenant", world.one.id, True)


def test_nothing_typed_asks_what_is_looked_for_and_nothing_found_says_what_to_do(world: World) -> None:
    page = asked(world.contact("whole"), PORTAL)
    assert "What are you looking for?" in page
    assert "Nothing was found" not in page
    assert "only the beginning" in asked(world.contact("whole"), PORTAL, q="zzzz")


def test_whatever_is_typed_has_a_clear_answer_and_takes_few_statements(world: World) -> None:
    browser = world.contact("two_accounts")
    browser.get(f"{PORTAL}?q=one")
    for typed in (*SENSELESS, NOVEL, "w " * 60, *STRANGE):
        with statements(world.engine) as sent:
            page = browser.get(f"{PORTAL}?{urlencode({'q': typed})}")
            answer = browser.get(f"{API}?{urlencode({'q': typed})}")
        bad = typed in (*SENSELESS, NOVEL)
        assert (page.status_code, answer.status_code) == ((422, 400) if bad else (200, 200)), typed
        assert ('aria-invalid="true"' in page.text) == bad, typed
        assert len(sent) <= 2 * MOST_STATEMENTS, typed
        if answer.status_code == 400:
            assert told(browser, API, q=typed)["parameter"] == "q"
    assert f"at most {LONGEST_SEARCH} characters" in browser.get(f"{PORTAL}?{urlencode({'q': NOVEL})}").text


def test_what_is_typed_stands_there_as_text(world: World) -> None:
    typed = '"><script>alert(1)</script>'
    page = world.contact("whole").get(f"{PORTAL}?{urlencode({'q': typed})}").text
    assert "<script>alert" not in page
    assert "&#34;&gt;&lt;script&gt;alert(1)" in page


def test_programs_are_told_strictly(world: World) -> None:
    browser = world.contact("whole")
    for query in ("", "q=", "q=one&module=", "q=one&nonsense=1", "q=one&q=two"):
        assert browser.get(f"{API}?{query}").status_code == 400, query
    first = told(browser, API, q="F alpha")["records"][0]
    assert first["url"] == f"/api/v1/invoices/invoice/{first['id']}"
    assert told(browser, first["url"])["fields"]["number"] == first["number"]
    assert API in told(browser, "/api/v1/openapi.json")["paths"]
