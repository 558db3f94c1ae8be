"""Below /api/, whatever goes wrong is a problem (RFC 9457), and says no more than it must."""

from hashlib import sha256

import pytest

from tests.portal.test_faults import failing
from tests.rest.reading import DESCRIPTION, LIST, refused
from tests.rest.writing import TOKEN, Program
from tests.worlds.world import World

URLS = (LIST, f"{LIST}1", DESCRIPTION, "/api/v1/nonsense/x/", "/api/v1/invoices/nonsense/", "/api", "/api/v9")


def test_a_visitor_is_told_to_sign_in_whatever_they_ask_for(world: World) -> None:
    first = world.visitor().get(LIST)
    assert "Sign in" in refused(first, 401)["detail"]
    assert first.headers["WWW-Authenticate"].startswith("Cookie ")
    for url in URLS:
        answer = world.visitor().get(url)
        assert (answer.status_code, answer.data) == (401, first.data), url


METHODS = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_written_without_the_sessions_token_whoever_asks_and_wherever(world: World, method: str) -> None:
    signed = Program(world.contact("whole")).token
    for url in URLS:
        answer = world.visitor().open(url, method=method, headers={"X-CSRFToken": signed})
        refused(answer, 401)
    for browser in (world.contact("whole"), world.staff()):
        program = Program(browser)
        for url in URLS:
            for headers in (
                {}, {"X-CSRFToken": ""}, {"X-CSRFToken": "x"}, {"X-CSRFToken": signed},
                {"X-CSRFToken": program.token, "Origin": "https://elsewhere.example"},
                {"X-CSRFToken": program.token, "Origin": "null"},
            ):  # fmt: skip
                answer = browser.open(url, method=method, headers=headers)
                assert answer.status_code in (403, 405), (url, headers)
                assert refused(answer, answer.status_code)["error_id" if answer.status_code == 405 else "detail"]


def test_a_token_is_the_sessions_own_and_serves_as_often_as_is_needed(world: World) -> None:
    program = Program(world.contact("whole"))
    assert program.token != Program(world.contact("whole")).token
    for headers in ({}, {"Origin": f"http://{program.browser.host}"}):
        answer = program.browser.post(LIST, headers={"X-CSRFToken": program.token, **headers})
        refused(answer, 405)  # it got in, where nothing can be begun
    refused(world.visitor().get(TOKEN), 401)
    assert "foreign Origin" in refused(program.browser.post(LIST), 403)["detail"]


@pytest.mark.parametrize("method", METHODS)
def test_what_an_address_does_not_take_is_not_allowed(world: World, method: str) -> None:
    for browser in (world.contact("whole"), world.staff()):
        program = Program(browser)
        for url in (LIST, f"{LIST}1", DESCRIPTION, TOKEN):
            answer = program.send(method, url)
            assert (
                {"GET", "HEAD", "OPTIONS"}
                <= set(answer.headers["Allow"].split(", "))
                <= {"GET", "HEAD", "OPTIONS", "POST", "PATCH"}
            )
            refused(answer, 405)


def test_no_answer_may_be_kept_by_a_cache(world: World) -> None:
    for browser in (world.visitor(), world.contact("whole"), world.staff()):
        for url in URLS:
            answer = browser.get(url)
            assert answer.headers["Cache-Control"] == "private, no-store", url
            assert answer.headers["X-Content-Type-Options"] == "nosniff", url
            assert answer.mimetype in ("application/json", "application/problem+json"), url


def test_every_answer_ends_its_line_so_that_no_prompt_sticks_to_it(world: World) -> None:
    record = f"{LIST}{world.one.invoices['alpha']}"
    for browser in (world.visitor(), world.contact("whole"), world.staff()):
        for url in (*URLS, record, TOKEN, "/api/v1/search?q=x"):
            body = browser.get(url).data
            assert (body[-2:], body.count(b"\n")) == (b"}\n", 1), url
    tagged = world.contact("whole").get(record)
    assert sha256(tagged.data).hexdigest().startswith(tagged.headers["ETag"].strip('"').partition("-")[2])


def test_a_redirect_leads_nowhere(world: World) -> None:
    assert world.contact("whole").get(LIST.rstrip("/")).data == world.contact("whole").get(LIST).data
    assert refused(world.contact("whole").get(f"/api/v1//invoices/invoice/{1}"), 404)


def test_a_mistake_of_ours_has_a_number_and_tells_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("core.rest.views.schemas", fail)
    body = refused(world.contact("whole").get(LIST), 500)
    assert len(body["error_id"]) == 8
    assert "mistake" not in str(body)


@pytest.mark.parametrize("word", ["FROM invoices_invoice", "FROM login_session", "FROM tenant"])
def test_a_database_that_is_away_is_a_503(world: World, word: str) -> None:
    browser = world.contact("whole")
    with failing(world, word):
        answer = browser.get(LIST)
    assert answer.headers["Retry-After"] == "60"
    assert "SELECT" not in str(refused(answer, 503))
    assert browser.get(LIST).status_code == 200


def test_nobodys_host_is_a_problem_too(world: World) -> None:
    answer = world.visitor().get(LIST, base_url="http://stranger.example")
    assert "no portal" in refused(answer, 400)["detail"]


def test_problems_speak_the_readers_language(world: World) -> None:
    answer = world.contact("whole").get(f"{LIST}?x=1", headers={"Accept-Language": "es"})
    assert "parámetro" in refused(answer, 400)["detail"]


def test_pages_keep_their_pages(world: World) -> None:
    """What begins like the API and is not."""
    for url in ("/apis", "/portal/api/", "/nothing"):
        assert world.contact("whole").get(url).mimetype == "text/html"
