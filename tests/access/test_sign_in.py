"""Signing in and out, and what the answers tell."""

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, select, text
from time_machine import travel

from core.access import passwords
from core.access.links import safe_next
from core.access.models import LoginSession
from core.access.people import identifier_key
from core.crm.models import Contact, Tenant
from core.db.engine import make_engine
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from tests.access import world
from tests.access.browser import Browser
from tests.databases import Database
from tests.strict import shared_data

#: rounds in which the time of each answer is taken; more only while they seem to differ
LEAST_TURNS, MOST_TURNS = 24, 240


def rows(engine: Engine, tenant: Tenant) -> list[LoginSession]:
    with open_session(engine, system(tenant.id)) as session:
        return list(session.scalars(select(LoginSession).order_by(LoginSession.id)))


@pytest.fixture
def people(engine: Engine, tenant: Tenant) -> dict[str, str]:
    """What somebody might type who cannot come in, and why they cannot."""
    world.add_contact(engine, tenant, "ana@example.org", mobile="612 345 678")
    world.add_contact(engine, tenant, "off@example.org", portal_user=False)
    world.add_contact(engine, tenant, "over@example.org", portal_end=date(2020, 1, 2))
    world.add_contact(engine, tenant, "new@example.org", password_hash=None)
    world.add_contact(engine, tenant, "both@example.org")
    world.add_staff(engine, tenant, "both@example.org")
    world.add_staff(engine, tenant, "gone@example.org", active=False)
    names = ("off", "over", "new", "both", "gone", "nobody")
    return {name: f"{name}@example.org" for name in names} | {"phone": "699 999 999", "nonsense": "what?"}


def plain(answer: Any, typed: str) -> tuple[int, str, list[tuple[str, str]]]:
    """All of an answer that is not made anew each time, nor what the asker typed."""
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(typed.replace("'", "&#39;"), "TYPED")
    headers = [(k, v) for k, v in answer.headers if k not in ("Set-Cookie", "Content-Length")]
    return answer.status_code, page, headers


def test_a_contact_signs_in_by_email_or_phone(guest: Browser, people: dict[str, str]) -> None:
    for typed in ("ana@example.org", " ANA@EXAMPLE.ORG ", "612345678", "+34 612 345 678"):
        mine = guest.fresh()
        answer = mine.sign_in(typed)
        assert (answer.status_code, answer.location) == (303, "/")
        assert mine.who()["kind"] == "contact"


def test_a_staff_user_signs_in_with_the_same_form(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_staff(engine, tenant, "sara@example.org")
    guest.sign_in("sara@example.org")
    assert guest.who()["kind"] == "staff"


def test_one_is_led_to_where_one_wanted_to_go(guest: Browser, people: dict[str, str]) -> None:
    page = guest.get("/login?next=/portal/x/7%3Fa%3Db")
    assert 'value="/portal/x/7?a=b"' in page.text
    assert guest.sign_in("ana@example.org", next="/portal/x/7?a=b").location == "/portal/x/7?a=b"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\\\evil"])
def test_one_is_never_led_away(guest: Browser, people: dict[str, str], target: str) -> None:
    assert 'name="next" type="hidden" value=""' in guest.get("/login", query_string={"next": target}).text
    assert guest.sign_in("ana@example.org", next=target).location == "/"


def test_every_refusal_is_the_same_answer(guest: Browser, people: dict[str, str]) -> None:
    answers = {"wrong": plain(guest.sign_in("ana@example.org", "wrong"), "ana@example.org")}
    for why, typed in people.items():
        answers[why] = plain(guest.fresh().sign_in(typed), typed)
    limited = guest.fresh("198.51.100.4")
    for _ in range(11):
        last = limited.sign_in("ana@example.org", "wrong")
    answers["limited"] = plain(last, "ana@example.org")
    answers["limited, right"] = plain(limited.sign_in("ana@example.org"), "ana@example.org")
    assert answers["wrong"][0] == 422
    assert [why for why, answer in answers.items() if answer != answers["wrong"]] == []


@pytest.mark.usefixtures("true_hashes")
def test_every_refusal_takes_the_same_time(
    guest: Browser, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.access.limits.MOST_PER_ADDRESS", 10_000)
    monkeypatch.setattr("core.access.limits.MOST_PER_PAIR", 12)  # half of the first rounds is over the limit
    token = guest.token()
    spent: dict[str, list[float]] = {"known": [], "nobody": [], "over": [], "both": [], "nonsense": []}
    typed = {"known": "ana@example.org", **people}
    for turn in range(MOST_TURNS):
        for why, times in spent.items():
            started = time.process_time()
            guest.post("/login", {"identifier": typed[why], "password": "wrong wrong"}, token=token)
            times.append(time.process_time() - started)
        # Of each the least: what the machine does besides only ever adds to it, and is small once in a while.
        least = {why: min(times) for why, times in spent.items()}
        if turn >= LEAST_TURNS and max(least.values()) < 1.25 * min(least.values()):
            break
    else:
        pytest.fail(f"they differ: {least}")


@pytest.mark.usefixtures("true_hashes")
def test_the_test_of_time_would_notice_a_password_that_is_not_compared(
    guest: Browser, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = passwords.verify
    monkeypatch.setattr(passwords, "verify", lambda kept, password: kept is not None and verify(kept, password))
    token, spent = guest.token(), {}
    for typed in ("ana@example.org", "nobody@example.org"):
        times = []
        for _ in range(5):
            started = time.process_time()
            guest.post("/login", {"identifier": typed, "password": "wrong wrong"}, token=token)
            times.append(time.process_time() - started)
        spent[typed] = min(times)
    assert spent["ana@example.org"] > 1.25 * spent["nobody@example.org"]


def test_fifty_at_once_are_ten_passwords_compared(
    app: Flask, guest: Browser, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bool] = []
    verify: Callable[[str | None, str], bool] = passwords.verify

    def counted(kept: str | None, password: str) -> bool:
        compared.append(kept is not None)
        return verify(kept, password)

    monkeypatch.setattr(passwords, "verify", counted)

    def once(_: int) -> int:
        return guest.fresh().sign_in("ana@example.org", "wrong").status_code

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(once, range(50))) == {422}
    assert (compared.count(True), len(compared)) == (10, 50)
    assert guest.sign_in("ana@example.org").status_code == 422
    assert guest.fresh("203.0.113.9").sign_in("ana@example.org").status_code == 303


def test_empty_fields_are_named(guest: Browser) -> None:
    answer = guest.sign_in("", "")
    assert answer.status_code == 422
    assert 'href="#identifier"' in answer.text
    assert 'href="#password"' in answer.text


def test_the_token_is_new_at_each_sign_in_and_the_old_one_is_over(
    engine: Engine, tenant: Tenant, guest: Browser, people: dict[str, str]
) -> None:
    guest.get("/login")
    before = guest.cookie()
    guest.sign_in("ana@example.org")
    first = guest.cookie()
    assert first != before
    assert guest.replay(before)["kind"] == "visitor"
    guest.sign_in("ana@example.org")
    assert guest.who()["kind"] == "contact"
    assert guest.replay(first)["kind"] == "visitor"
    assert len(rows(engine, tenant)) == 1


def test_a_cookie_that_was_kept_is_over_once_signed_out(guest: Browser, people: dict[str, str]) -> None:
    guest.sign_in("ana@example.org")
    kept = guest.cookie()
    assert guest.replay(kept)["kind"] == "contact"
    answer = guest.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert guest.who()["kind"] == "visitor"
    assert guest.replay(kept)["kind"] == "visitor"


def test_signing_out_twice_is_no_error(guest: Browser) -> None:
    assert guest.post("/logout").location == "/login"


def test_whoever_is_signed_in_needs_no_form(guest: Browser, people: dict[str, str]) -> None:
    guest.sign_in("ana@example.org")
    assert guest.get("/login").location == "/portal/"


def test_a_session_ends_after_two_idle_hours_and_after_a_day(guest: Browser, people: dict[str, str]) -> None:
    start = now()

    def kind(hours: float) -> str:
        with travel(start + timedelta(hours=hours), tick=False):
            return str(guest.who()["kind"])

    with travel(start, tick=False):
        guest.sign_in("ana@example.org")
    assert [kind(h) for h in (1.9, 3.8, 5.7, 7.75)] == ["contact", "contact", "contact", "visitor"]
    with travel(start, tick=False):
        guest.sign_in("ana@example.org")
    assert {kind(h / 2) for h in range(48)} == {"contact"}
    assert kind(24) == "visitor"


def test_the_database_holds_no_token(database: Database, guest: Browser, people: dict[str, str]) -> None:
    guest.sign_in("ana@example.org")
    with guest.client.session_transaction(base_url=f"https://{guest.host}") as cookie:
        token = cookie["_user_id"]
    plain_engine = make_engine(database.owner_url, guarded=False)
    with plain_engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM login_session")).all())
    plain_engine.dispose()
    assert len(token) >= 43
    assert token not in kept


@pytest.mark.usefixtures("true_hashes")
def test_a_hash_of_old_parameters_is_made_anew(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(world.PASSWORD)
    ana = world.add_contact(engine, tenant, "ana@example.org", password_hash=old)
    assert guest.sign_in("ana@example.org").status_code == 303
    with open_session(engine, system(tenant.id)) as session:
        kept = session.get_one(Contact, ana.id).password_hash or ""
    assert kept != old
    assert "m=19456,t=2,p=1" in kept
    assert guest.fresh().sign_in("ana@example.org").status_code == 303


def test_hostile_strings_are_a_refusal_like_any_other(guest: Browser, people: dict[str, str]) -> None:
    strings = json.loads((shared_data("hostile-strings") / "blns" / "blns.json").read_text())
    strings += ["\x00", "a\x00@b", "ana@example.org\x00", "x" * 100_000, "@" * 500, "\u212a@example.org"]
    token = guest.token()
    statuses = set()
    # Each string once, in the three fields by turns: three strings in one request.
    for number, (one, two, three) in enumerate(zip(strings[::3], strings[1::3], strings[2::3], strict=False)):
        guest.address = f"2001:db8:{number // 50:x}::1"
        data = {"identifier": one or "?", "password": two or "?", "next": three}
        statuses.add(guest.post("/login", data, token=token).status_code)
    assert statuses == {422}
    keys = {identifier_key(each, Tenant(country="ES")) for each in strings}
    assert not keys & set(people.values())
    assert {safe_next(each) for each in strings} <= {None, *(each for each in strings if each.startswith("/"))}
