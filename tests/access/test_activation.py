"""One-time links: what they open, and when they are dead."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, text
from time_machine import travel

from core.access.activation import make_link, use
from core.access.models import Activation, LoginSession
from core.access.people import Person
from core.access.sessions import Client
from core.crm.models import Tenant
from core.db.engine import make_engine
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import staff as as_staff
from core.db.viewer import system
from tests.access import world
from tests.access.browser import Browser
from tests.databases import Database

NEW = "otra puerta 8"


def link(engine: Engine, tenant: Tenant, person: Person) -> str:
    """The path of a new link for somebody."""
    with open_session(engine, system(tenant.id), writes=True) as session:
        url = make_link(session, tenant, person, 8130)
        session.commit()
    assert url.startswith(f"https://{world.HOST}/activate/")
    return url.removeprefix(f"https://{world.HOST}")


def choose(browser: Browser, path: str, password: str = NEW, again: str | None = None) -> int:
    """Fill in the form behind a link and give the status of the answer."""
    return browser.post(path, {"password": password, "again": password if again is None else again}).status_code


def dead(page: str) -> str:
    """A page without what is made anew each time, nor the address that was asked for."""
    return re.sub(r'name="(csrf_token|next)" value="[^"]+"', "", page)


@pytest.mark.parametrize("kind", ["contact", "staff"])
def test_a_link_sets_the_password_and_signs_in(engine: Engine, tenant: Tenant, guest: Browser, kind: str) -> None:
    add = world.add_contact if kind == "contact" else world.add_staff
    path = link(engine, tenant, add(engine, tenant, "ana@example.org", password_hash=None))
    for _ in range(2):  # opening it uses nothing up
        assert guest.get(path).status_code == 200
    assert guest.who()["kind"] == "visitor"
    assert choose(guest, path) == 303
    assert guest.who()["kind"] == kind
    assert guest.fresh().sign_in("ana@example.org", NEW).status_code == 303


def test_a_link_works_once(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    path = link(engine, tenant, world.add_contact(engine, tenant, "ana@example.org"))
    assert choose(guest, path) == 303
    thief = guest.fresh()
    assert choose(thief, path, "una tercera puerta") == 410
    assert thief.who()["kind"] == "visitor"
    assert guest.fresh().sign_in("ana@example.org", NEW).status_code == 303


def test_all_links_are_valid_until_one_is_used(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    person, other = (world.add_contact(engine, tenant, f"{n}@example.org") for n in ("ana", "luis"))
    paths = [link(engine, tenant, person) for _ in range(3)]
    untouched = link(engine, tenant, other)
    assert {guest.get(path).status_code for path in paths} == {200}
    assert choose(guest, paths[1]) == 303
    assert {guest.fresh().get(path).status_code for path in paths} == {410}
    assert guest.fresh().get(untouched).status_code == 200


def test_a_link_ends_after_seven_days(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    person = world.add_contact(engine, tenant, "ana@example.org")
    start = now()
    with travel(start, tick=False):
        path = link(engine, tenant, person)
    with travel(start + timedelta(days=7, seconds=-1), tick=False):
        assert guest.get(path).status_code == 200
    with travel(start + timedelta(days=7), tick=False):
        assert guest.get(path).status_code == 410


def test_dead_links_are_all_the_same_page(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    used = link(engine, tenant, world.add_contact(engine, tenant, "ana@example.org"))
    choose(guest.fresh(), used)
    with travel(now() - timedelta(days=8), tick=False):
        expired = link(engine, tenant, world.add_contact(engine, tenant, "luis@example.org"))
    barred = link(engine, tenant, world.add_contact(engine, tenant, "eva@example.org", portal_user=False))
    late = link(engine, tenant, world.add_contact(engine, tenant, "leo@example.org", portal_end=date(2020, 1, 2)))
    gone = link(engine, tenant, world.add_staff(engine, tenant, "sara@example.org", active=False))
    paths = [used, expired, barred, late, gone, "/activate/nonsense", "/activate/%00%F0", f"/activate/{'x' * 3000}"]
    answers = [guest.get(path) for path in paths]
    assert [a.status_code for a in answers] == [410] * len(paths)
    assert len({dead(a.text) for a in answers}) == 1
    assert "/login" in answers[0].text


def test_a_link_of_another_tenant_is_dead(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    path = link(engine, tenant, world.add_contact(engine, tenant, "ana@example.org"))
    world.make_tenant(engine, "fuego", "fuego.example.es")
    assert guest.get(path).status_code == 200
    guest.host = "fuego.example.es"
    assert guest.get(path).status_code == 410


def test_a_new_password_ends_every_session(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    path = link(engine, tenant, world.add_contact(engine, tenant, "ana@example.org"))
    elsewhere = guest.fresh()
    elsewhere.sign_in("ana@example.org")
    assert elsewhere.who()["kind"] == "contact"
    choose(guest, path)
    assert elsewhere.who()["kind"] == "visitor"
    assert guest.who()["kind"] == "contact"


def test_whoever_is_signed_in_and_opens_anothers_link_becomes_the_other(
    engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    luis = world.add_contact(engine, tenant, "luis@example.org")
    path = link(engine, tenant, luis)
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    kept = guest.cookie()
    choose(guest, path)
    assert guest.who()["person"] == luis.id
    assert guest.replay(kept)["kind"] == "visitor"


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", None, "10"),
        ("x" * 201, None, "200"),
        ("Ana@Example.org", None, "not your name"),
        ("AnaMaríaRuiz", None, "not your name"),
        ("ruiz ana maria", None, "not your name"),
        (NEW, NEW + "x", "not the same"),
        ("", None, "10"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_its_reason_and_the_link_still_works(
    engine: Engine, tenant: Tenant, guest: Browser, password: str, again: str | None, said: str
) -> None:
    path = link(engine, tenant, world.add_contact(engine, tenant, "ana@example.org", first_name="Ana María"))
    typed = {"password": password, "again": password if again is None else again}
    answer = guest.post(path, typed, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert re.search(said, answer.text)
    assert guest.get(path).status_code == 200


def test_of_two_at_the_same_moment_one_wins(engine: Engine, tenant: Tenant) -> None:
    path = link(engine, tenant, world.add_contact(engine, tenant, "ana@example.org"))
    token, client = path.rpartition("/")[2], Client("192.0.2.1", "")
    won = [use(engine, tenant, token, NEW, client), use(engine, tenant, token, "una tercera puerta", client)]
    assert [w is not None for w in won] == [True, False]
    with open_session(engine, system(tenant.id)) as session:
        assert len(session.scalars(select(LoginSession)).all()) == 1


def test_staff_may_make_a_link_in_their_own_session(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    person, sara = (
        world.add_contact(engine, tenant, "ana@example.org"),
        world.add_staff(engine, tenant, "s@example.org"),
    )
    with open_session(engine, as_staff(tenant.id, sara.id), writes=True) as session:
        url = make_link(session, tenant, person, 8130)
        session.commit()
    assert guest.get(url.removeprefix(f"https://{world.HOST}")).status_code == 200


def test_the_database_holds_no_link(database: Database, engine: Engine, tenant: Tenant) -> None:
    token = link(engine, tenant, world.add_contact(engine, tenant, "ana@example.org")).rpartition("/")[2]
    plain = make_engine(database.owner_url, guarded=False)
    with plain.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM activation")).all())
    plain.dispose()
    assert len(token) >= 43
    assert token not in kept


def test_a_link_that_was_used_says_when(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    choose(guest, link(engine, tenant, world.add_contact(engine, tenant, "ana@example.org")))
    with open_session(engine, system(tenant.id)) as session:
        used = session.scalars(select(Activation)).one().used_at
    assert used is not None
    assert now() - used < timedelta(minutes=5)
