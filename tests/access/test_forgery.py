"""Nothing is changed by a request that does not come from a page of ours."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from core.crm.models import Tenant
from tests.access import world
from tests.access.browser import Browser

_WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def writing(app: Flask) -> list[tuple[str, str]]:
    """Every method and address of the application that changes something."""
    found = []
    for rule in app.url_map.iter_rules():
        values: dict[str, Any] = dict.fromkeys(rule.arguments, "1")
        with app.test_request_context(base_url=f"https://{world.HOST}"):
            built = rule.build(values, append_unknown=False)
        assert built is not None
        found += [(method, built[1]) for method in (rule.methods or set()) & _WRITES]
    return found


def test_every_write_needs_the_token_of_this_browser(
    engine: Engine, tenant: Tenant, app: Flask, guest: Browser
) -> None:
    world.add_staff(engine, tenant, "sara@example.org")
    world.add_contact(engine, tenant, "ana@example.org")
    stranger, ana, sara = guest.fresh(), guest.fresh(), guest.fresh()
    token = stranger.token()
    ana.sign_in("ana@example.org")
    sara.sign_in("sara@example.org")
    writes = writing(app)
    assert {path for _, path in writes} >= {"/login", "/logout", "/language", "/activate/1", "/sessions/1/end"}
    for method, path in writes:
        for browser in (guest, ana, sara):
            for data in ({}, {"csrf_token": token}, {"csrf_token": "x"}):
                refused = 401 if browser is guest and path.startswith("/api/") else 403
                assert browser._open(method, path, data=data).status_code == refused, (method, path)
    assert (ana.who()["kind"], sara.who()["kind"]) == ("contact", "staff")


def test_what_is_nowhere_needs_it_too(guest: Browser) -> None:
    assert guest.post("/nonsense", token="x").status_code == 403
    assert guest.post("/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (f"https://{world.HOST}", 303),
        (f"https://{world.HOST}:8443", 303),
        (f"https://{world.HOST.upper()}", 303),
        ("https://evil.example", 403),
        (f"https://{world.HOST}.evil.example", 403),
        (f"https://{world.HOST}@evil.example", 403),
        (f"https://evil.example/{world.HOST}", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_what_another_site_sends_is_refused_though_it_has_the_token(guest: Browser, origin: str, status: int) -> None:
    answer = guest.post("/language", {"language": "en"}, headers={"Origin": origin})
    assert answer.status_code == status


def test_the_page_says_what_to_do(guest: Browser) -> None:
    answer = guest.post("/login", {"identifier": "a", "password": "b"}, token="x")
    assert answer.status_code == 403
    assert "error-id" in answer.text
    assert "/login" in answer.text


def test_a_form_that_was_open_when_the_session_ended_leads_to_the_sign_in_form_or_hands_back_what_was_written(
    engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    ana = world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    token = guest.token()
    world.change(engine, tenant, ana, portal_user=False)
    assert guest.post("/sessions/end-others", token=token).location == "/login"
    headers = {"Origin": f"https://{world.HOST}", "Referer": f"https://{world.HOST}/sessions/"}
    page = guest.post("/sessions/end-others", {"body": "A long letter"}, token=token, headers=headers)
    assert (page.status_code, "A long letter" in page.text) == (403, True)
    assert 'href="/sessions/"' in page.text


def test_what_was_written_comes_back_with_what_is_refused_but_for_passwords_and_for_other_sites(guest: Browser) -> None:
    typed = {"body": "It beeps <b>all</b> night", "password": "one two three", "again": "one two four", "id": "7"}
    elsewhere = "https://evil.example"
    here = {"Origin": f"https://{world.HOST}", "Referer": f"https://{world.HOST}/forgot"}
    page = guest.post("/nonsense", typed, token="x", headers=here)
    assert page.status_code == 403
    assert "It beeps &lt;b&gt;all&lt;/b&gt; night" in page.text
    assert 'href="/forgot"' in page.text
    assert "one two" not in page.text
    for headers in ({"Origin": elsewhere, "Referer": f"{elsewhere}/forgot"}, {}):
        other = guest.post("/nonsense", typed, token="x", headers=headers).text
        assert "It beeps" not in other
        assert 'href="/login"' in other
