"""The page where somebody sees and ends their own sessions."""

import re

import pytest
from sqlalchemy import Engine

from core.access.devices import device_of
from core.crm.models import Tenant
from tests.access import world
from tests.access.browser import Browser

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
WEBKIT = "AppleWebKit/605 (KHTML, like Gecko)"
AGENTS = {
    FIREFOX: "Firefox · Windows",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT} Version/18 Safari/604": "Safari · iPhone",
    f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/142.0 Mobile Safari/537": "Chrome · Android",
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/142.0 Safari/537 Edg/142.0": "Edge · Linux",
    "curl/8": "",
    "<script>": "",
    "": "",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_device_is_named_in_words_of_our_own(agent: str) -> None:
    assert device_of(agent) == AGENTS[agent]


@pytest.fixture
def ana(engine: Engine, tenant: Tenant, guest: Browser) -> Browser:
    """Signed in as a contact, who is signed in elsewhere too."""
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    return guest


def ids(page: str) -> list[int]:
    return sorted(map(int, re.findall(r"/sessions/(\d+)/end", page)))


def test_one_sees_ones_own_sessions_and_nobody_elses(engine: Engine, tenant: Tenant, ana: Browser) -> None:
    world.add_contact(engine, tenant, "luis@example.org")
    world.add_staff(engine, tenant, "sara@example.org")
    luis, sara, phone = ana.fresh(), ana.fresh(), ana.fresh("198.51.100.8")
    luis.sign_in("luis@example.org")
    sara.sign_in("sara@example.org")
    phone.post("/login", {"identifier": "ana@example.org", "password": world.PASSWORD}, headers={"User-Agent": FIREFOX})
    page = ana.get("/sessions/").text
    assert ids(page) == sorted([ana.who()["login"], phone.who()["login"]])
    assert "Firefox · Windows" in page
    assert "198.51.100.8" in page
    assert ids(sara.get("/sessions/").text) == [sara.who()["login"]]


def test_one_ends_one_of_ones_sessions(ana: Browser) -> None:
    phone = ana.fresh()
    phone.sign_in("ana@example.org")
    assert ana.post(f"/sessions/{phone.who()['login']}/end").location == "/sessions/"
    assert phone.who()["kind"] == "visitor"
    assert ana.who()["kind"] == "contact"


def test_ending_the_session_in_use_signs_out(ana: Browser) -> None:
    assert ana.post(f"/sessions/{ana.who()['login']}/end").location == "/login"
    assert ana.who()["kind"] == "visitor"


def test_one_ends_all_others(engine: Engine, tenant: Tenant, ana: Browser) -> None:
    world.add_contact(engine, tenant, "luis@example.org")
    luis, phone = ana.fresh(), ana.fresh()
    luis.sign_in("luis@example.org")
    phone.sign_in("ana@example.org")
    assert ana.post("/sessions/end-others").location == "/sessions/"
    assert [b.who()["kind"] for b in (ana, phone, luis)] == ["contact", "visitor", "contact"]


@pytest.mark.parametrize("whose", ["contact", "staff"])
def test_somebody_elses_session_is_not_there(engine: Engine, tenant: Tenant, ana: Browser, whose: str) -> None:
    add = world.add_contact if whose == "contact" else world.add_staff
    add(engine, tenant, "luis@example.org")
    luis = ana.fresh()
    luis.sign_in("luis@example.org")
    one = ana.post(f"/sessions/{luis.who()['login']}/end")
    none = ana.post("/sessions/999999/end")
    assert (one.status_code, one.data) == (none.status_code, none.data)
    assert one.status_code == 404
    assert luis.who()["kind"] == whose


def test_staff_cannot_end_a_contacts_session_by_its_number(engine: Engine, tenant: Tenant, ana: Browser) -> None:
    world.add_staff(engine, tenant, "sara@example.org")
    sara = ana.fresh()
    sara.sign_in("sara@example.org")
    assert sara.post(f"/sessions/{ana.who()['login']}/end").status_code == 404
    assert ana.who()["kind"] == "contact"
