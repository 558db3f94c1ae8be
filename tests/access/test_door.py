"""What stands before every request."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError
from time_machine import travel

from core.access.models import LoginSession
from core.crm.models import Contact, Tenant
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from core.installation import Installation
from core.modules.models import Switch
from tests.access import world
from tests.access.browser import Browser


def name_of(engine: Engine, tenant: Tenant, contact: Contact) -> str:
    with open_session(engine, system(tenant.id)) as session:
        return session.get_one(Contact, contact.id).first_name


def sessions_left(engine: Engine, tenant: Tenant) -> int:
    with open_session(engine, system(tenant.id)) as session:
        return session.scalar(select(func.count(LoginSession.id))) or 0


def test_an_unknown_host_gets_a_plain_page_and_no_tenant(guest: Browser) -> None:
    for host in ("evil.example", "clientes.example.es.evil.example", "", "x@clientes.example.es", "a b", "[::1"):
        guest.host = "localhost"
        answer = guest.get("/login", environ={"HTTP_HOST": host})
        assert (answer.status_code, answer.mimetype) == (400, "text/plain")
        assert "Agua" not in answer.text


def test_the_host_is_read_without_case_and_port_and_from_its_own_header_alone(guest: Browser) -> None:
    guest.host = "CLIENTES.example.es:8443"
    assert guest.who()["tenant"] == "agua"
    guest.host = "evil.example"
    assert guest.get("/probe", headers={"X-Forwarded-Host": world.HOST}).status_code == 400


def test_two_hosts_lead_to_two_tenants(engine: Engine, guest: Browser) -> None:
    world.make_tenant(engine, "fuego", "fuego.example.es")
    assert guest.who()["tenant"] == "agua"
    guest.host = "fuego.example.es"
    assert guest.who()["tenant"] == "fuego"


def test_a_cookie_of_one_tenant_says_nothing_to_another(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.make_tenant(engine, "fuego", "fuego.example.es")
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    assert guest.who()["kind"] == "contact"
    assert guest.replay(guest.cookie())["kind"] == "contact"
    kept, guest.host = guest.cookie(), "fuego.example.es"
    assert guest.replay(kept)["kind"] == "visitor"


@pytest.mark.parametrize(
    "path", ["/portal/", "/portal", "/portal/nonsense/7?a=b%20c", "/staff/", "/staff/x", "/sessions/"]
)
def test_signed_out_every_address_inside_leads_to_the_sign_in_form(guest: Browser, path: str) -> None:
    answer = guest.get(path)
    assert answer.status_code == 303
    assert urlsplit(answer.location).path == "/login"
    assert parse_qs(urlsplit(answer.location).query) == {"next": [path]}


def test_what_was_posted_is_not_led_back_to(guest: Browser) -> None:
    assert guest.post("/portal/nonsense/").location == "/login"


@pytest.mark.parametrize(("there", "not_there"), [("//portal/", "//portal/nonsense/"), ("/portal//", "/staff//x")])
def test_two_slashes_do_not_tell_what_there_is(guest: Browser, there: str, not_there: str) -> None:
    answers = [guest.get("/", environ={"PATH_INFO": path}) for path in (there, not_there)]
    assert answers[0].status_code == answers[1].status_code in (303, 404)
    assert answers[0].status_code == 303 or answers[0].data == answers[1].data


def test_each_is_kept_on_their_own_side(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    world.add_staff(engine, tenant, "sara@example.org")
    staff = guest.fresh()
    guest.sign_in("ana@example.org")
    staff.sign_in("sara@example.org")
    assert staff.get("/portal/").location == "/staff/"
    assert staff.get("/portal/nonsense/1").location == "/staff/"
    closed = [guest.get(p) for p in ("/staff/", "/staff", "/staff/modules/", "/staff/nonsense")]
    assert {(a.status_code, a.data) for a in closed} == {(404, closed[0].data)}
    assert guest.get("/").location == "/portal/"
    assert staff.get("/").location == "/staff/"


def test_the_door_costs_four_statements_for_a_client(
    engine: Engine, tenant: Tenant, app: Flask, guest: Browser
) -> None:
    contact = world.add_contact(engine, tenant, "ana@example.org")
    world.add_staff(engine, tenant, "sara@example.org")
    guest.sign_in("ana@example.org")
    here: Installation = app.extensions["postigo"]
    statements: list[str] = []
    event.listen(here.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    told = guest.who()
    assert (told["kind"], told["person"], len(told["accounts"])) == ("contact", contact.id, 1)
    assert len([s for s in statements if "set_config" not in s]) <= 4
    staff = guest.fresh()
    staff.sign_in("sara@example.org")
    statements.clear()
    assert staff.who()["kind"] == "staff"
    assert len([s for s in statements if "set_config" not in s]) <= 3


def test_static_files_and_the_theme_ask_for_nobody(engine: Engine, tenant: Tenant, app: Flask, guest: Browser) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    statements: list[str] = []
    event.listen(app.extensions["postigo"].engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert guest.get("/static/postigo.css").status_code == 200
    assert statements == []
    theme = guest.get("/theme.css")
    assert theme.status_code == 200
    assert "Set-Cookie" not in theme.headers
    assert "Cookie" not in theme.headers.get("Vary", "")
    assert len([s for s in statements if "set_config" not in s]) == 1


@pytest.mark.parametrize(("status", "name"), [(200, "Renamed"), (303, "Renamed"), (422, "Ana"), (404, "Ana")])
def test_what_a_request_wrote_is_kept_where_the_answer_is_no_error(
    engine: Engine, tenant: Tenant, guest: Browser, status: int, name: str
) -> None:
    contact = world.add_contact(engine, tenant, "ana@example.org")
    world.add_staff(engine, tenant, "jefe@example.com")  # clients write no row of the core's
    guest.sign_in("jefe@example.com")
    assert guest.post(f"/probe?status={status}").status_code == status
    assert name_of(engine, tenant, contact) == name


def test_a_get_cannot_write(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    contact = world.add_contact(engine, tenant, "ana@example.org")
    world.add_staff(engine, tenant, "sara@example.org")
    guest.sign_in("sara@example.org")
    assert guest.get("/probe?write=1").status_code == 500
    assert name_of(engine, tenant, contact) == "Ana"


def test_access_ends_on_the_next_request_after_the_last_day(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    # Madrid is two hours ahead in July: its day ends at 22:00 UTC.
    world.add_contact(engine, tenant, "ana@example.org", portal_end=date(2026, 7, 31))
    with travel("2026-07-31T21:50:00Z", tick=False):
        guest.sign_in("ana@example.org")
    with travel("2026-07-31T21:59:00Z", tick=False):
        assert guest.who()["kind"] == "contact"
    with travel("2026-07-31T22:00:00Z", tick=False):
        assert guest.get("/portal/").location == "/login?next=/portal/"
        assert sessions_left(engine, tenant) == 0


@pytest.mark.parametrize("values", [{"portal_user": False}, {"portal_end": date(2020, 1, 2)}, {"support_start": None}])
def test_a_contact_who_loses_access_is_out_on_the_next_request_for_good(
    engine: Engine, tenant: Tenant, guest: Browser, values: dict[str, Any]
) -> None:
    contact = world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    cookie = guest.cookie()
    assert guest.replay(cookie)["kind"] == "contact"
    world.change(engine, tenant, contact, **values)
    assert guest.who()["kind"] == "visitor"
    whole = {"portal_user": True, "portal_end": date.today(), "support_start": date(2020, 1, 1)}
    world.change(engine, tenant, contact, **whole)
    assert guest.replay(cookie)["kind"] == "visitor"


def test_a_contact_whose_portal_is_switched_off_is_out(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    contact = world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    with open_session(engine, system(tenant.id), writes=True) as session:
        session.add(Switch(module="portal", level="contact", target_id=contact.id, on=False))
        session.commit()
    assert guest.get("/portal/").location == "/login?next=/portal/"


def test_a_deactivated_staff_user_is_out(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    staff = world.add_staff(engine, tenant, "sara@example.org")
    guest.sign_in("sara@example.org")
    world.change(engine, tenant, staff, active=False)
    assert guest.get("/staff/").location == "/login?next=/staff/"


def test_pages_are_kept_by_no_cache(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    assert guest.get("/login").headers["Cache-Control"] == "private, no-store"
    guest.sign_in("ana@example.org")
    assert guest.get("/portal/").headers["Cache-Control"] == "private, no-store"
    assert guest.get("/nonsense").headers["Cache-Control"] == "private, no-store"


def test_last_seen_is_written_after_the_answer_and_seldom(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    start = now().replace(microsecond=0)

    def seen() -> list[Any]:
        with open_session(engine, system(tenant.id)) as session:
            return [s - start for s in session.scalars(select(LoginSession.last_seen_at))]

    with travel(start, tick=False):
        guest.sign_in("ana@example.org")
    for minutes, expected in ((4, 0), (5, 5), (9, 5), (10, 10)):
        with travel(start + timedelta(minutes=minutes), tick=False):
            guest.get("/probe")
            assert seen() == [timedelta(minutes=expected)]


def test_a_failure_after_the_answer_does_not_reach_the_reader(
    engine: Engine, tenant: Tenant, guest: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")

    def broken(*args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("core.access.sessions.touch", broken)
    with travel(now() + timedelta(minutes=30), tick=False):
        assert guest.who()["kind"] == "contact"
    assert "disk full" in caplog.text


def test_while_the_database_is_away_the_answer_says_so_and_nothing_else(
    guest: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("SELECT tenant.name", {}, Exception("secret-server.example refused"))

    monkeypatch.setattr("core.access.cookies.find_tenant", away)
    answer = guest.get("/login")
    assert answer.status_code in (500, 503)
    assert "secret-server" not in answer.text
    assert "SELECT" not in answer.text
