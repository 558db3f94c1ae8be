"""Every address has a policy, and keeps it; what only reads, writes nothing."""

import pytest

from tests.portal.routes import POLICIES, VIEWERS, Address, addresses, browsers
from tests.worlds.snapshot import Rows, read_all
from tests.worlds.world import World

READING = ("GET", "HEAD", "OPTIONS")
WRITING = ("POST", "PUT", "PATCH", "DELETE")


def rows(world: World) -> Rows:
    """All rows, but for the sign-in sessions' last_seen_at, which is written after an answer."""
    found = read_all(world.database)
    return {**found, "login_session": [row[:1] for row in found["login_session"]]}


@pytest.fixture(scope="module")
def routes(world: World) -> list[Address]:
    """Every address, with everybody signed in."""
    world.sign_everybody_in()
    return list(addresses(world))


def test_every_route_has_a_policy_and_every_policy_a_route(world: World, routes: list[Address]) -> None:
    known = {rule.endpoint for rule in world.app.url_map.iter_rules()}
    assert {each.endpoint for each in routes} == known
    assert set(POLICIES) <= known


def test_each_viewer_gets_what_the_policy_says(world: World, routes: list[Address]) -> None:
    for viewer, browser in browsers(world):
        for each in routes:
            expected = each.policy[VIEWERS.index(viewer)]
            # A page that takes what is posted alone has no GET; whoever may not come there is not told.
            if expected == 200 and "GET" not in each.methods and each.endpoint != "staff.set_account_parent":
                expected = 200 if _shares_its_address(each, routes) else 405
            assert browser.get(each.url).status_code == expected, (viewer, each)


def _shares_its_address(asked: Address, routes: list[Address]) -> bool:
    return any(each.url == asked.url and "GET" in each.methods for each in routes)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_reading_writes_nothing(world: World, routes: list[Address], viewer: str) -> None:
    before = rows(world)
    browser = dict(browsers(world))[viewer]
    answered = 0
    for each in routes:
        for method in READING:
            answered += browser.open(each.url, method=method).status_code < 500
    assert answered == len(routes) * len(READING)
    assert rows(world) == before


@pytest.mark.parametrize("viewer", VIEWERS)
def test_without_a_form_of_ours_nothing_is_written(world: World, routes: list[Address], viewer: str) -> None:
    before = rows(world)
    browser = dict(browsers(world))[viewer]
    for each in routes:
        for method in WRITING:
            status = browser.open(each.url, method=method, data={"name": "x"}).status_code
            assert status in (303, 401, 403, 404, 405, 422), (method, each)
    assert rows(world) == before


def test_head_answers_as_get_without_its_body(world: World, routes: list[Address]) -> None:
    for _, browser in browsers(world):
        for each in (each for each in routes if "GET" in each.methods):
            got, head = browser.get(each.url), browser.head(each.url)
            assert (head.status_code, head.data) == (got.status_code, b""), each


def test_signed_out_one_is_led_to_sign_in_from_everywhere_alike(world: World) -> None:
    browser = world.visitor()
    for path in (
        "/portal/invoices/1",
        "/portal/nonsense/",
        "/staff/nonsense",
        "/portal/invoices/1/files/7",
        "/staff/accounts/999",
    ):
        answer = browser.get(path)
        assert (answer.status_code, answer.location) == (303, f"/login?next={path}")
        headers = {name: value for name, value in answer.headers if name not in ("Location", "Content-Length")}
        assert headers == {n: v for n, v in browser.get("/portal/").headers if n not in ("Location", "Content-Length")}
