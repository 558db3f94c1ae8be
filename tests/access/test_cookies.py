"""What the session cookie promises."""

from flask import Flask
from sqlalchemy import Engine

from core.crm.models import Tenant
from tests.access import world
from tests.access.browser import Browser


def test_over_https_the_cookie_belongs_to_this_host_alone(guest: Browser) -> None:
    (header,) = guest.get("/login").headers.getlist("Set-Cookie")
    parts = [part.strip() for part in header.split(";")]
    assert parts[0].startswith("__Host-postigo=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
    assert "Domain" not in header
    assert "Expires" not in header
    assert guest.get("/nowhere").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_on_this_machine_it_works_without_https(engine: Engine, app: Flask) -> None:
    world.make_tenant(engine, host="localhost")
    local = Browser(app.test_client(), "localhost:8000", "http")
    (header,) = local.get("/login").headers.getlist("Set-Cookie")
    assert header.startswith("postigo=")
    assert "Secure" not in header
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Strict-Transport-Security" not in local.get("/login").headers


def test_a_cookie_without_the_promise_is_not_read_over_https(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    kept = guest.cookie()
    assert guest.replay(kept)["kind"] == "contact"
    assert guest.replay(kept.replace("__Host-", ""))["kind"] == "visitor"


def test_a_cookie_that_was_tampered_with_is_nobodys(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    kept = guest.cookie()
    for broken in (kept[:-2], kept + "x", "__Host-postigo=", "__Host-postigo=é", kept.replace(".", "..", 1)):
        assert guest.replay(broken)["kind"] == "visitor"


def test_the_language_cookie_is_no_less_careful(guest: Browser) -> None:
    answer = guest.post("/language", {"language": "en", "next": "/login?next=/portal/"})
    header = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("postigo_language="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in header.split(";")}
    assert answer.location == "/login?next=/portal/"
