"""Asking for a new password at the door: what it gives, and what it tells."""

import re
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from time_machine import travel

from core.access.models import Activation, Asked, LoginSession
from core.config import Settings
from core.crm.models import Tenant
from core.crm.rules import MEMBERS
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from core.outbox.models import Job, Mail
from tests.access import world
from tests.access.browser import Browser
from tests.access.mailbox import Delivered, deliver
from tests.access.test_activation import NEW, choose

ANA = "ana@example.org"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an address to send from."""
    return replace(settings, mail_from="portal@brand.example")


def ask(guest: Browser, *typed: str) -> str:
    """Fill in the form and send it; gives the page that the answer leads to."""
    answer = guest.post("/forgot", {"identifier": list(typed)})
    assert (answer.status_code, answer.location) == (303, "/forgot/sent")
    return guest.get(answer.location).text


def asked(app: Flask, guest: Browser, typed: str = ANA) -> Delivered:
    """Ask, and give the one mail that comes of it."""
    ask(guest, typed)
    (letter,) = deliver(app)
    return letter


@pytest.mark.parametrize("kind", ["contact", "staff"])
def test_a_forgotten_password_is_replaced_by_a_link_to_the_stored_address(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser, kind: str
) -> None:
    add = world.add_contact if kind == "contact" else world.add_staff
    add(engine, tenant, "Ana@Example.org", phone="612 345 678")
    elsewhere = guest.fresh()
    elsewhere.sign_in(ANA)
    for typed in (ANA, "612 345 678"):
        letter = asked(app, guest, typed)
        assert letter.to == "Ana@example.org"
    # Nothing is touched until it is used.
    assert elsewhere.who()["kind"] == kind
    assert guest.fresh().sign_in(ANA).status_code == 303
    assert guest.get(letter.path).status_code == 200
    assert choose(guest, letter.path) == 303
    assert guest.who()["kind"] == kind
    assert elsewhere.who()["kind"] == "visitor"
    assert guest.fresh().sign_in(ANA).status_code == 422
    assert guest.fresh().sign_in(ANA, NEW).status_code == 303
    assert choose(guest.fresh(), letter.path) == 410


def test_it_is_the_way_in_for_the_first_time_for_whoever_has_access(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    world.add_contact(engine, tenant, ANA, password_hash=None)
    world.add_contact(engine, tenant, "leo@example.org", password_hash=None, portal_user=False)
    ask(guest, "leo@example.org")
    assert choose(guest, asked(app, guest).path) == 303
    world.change(engine, tenant, tenant, access_mode=MEMBERS)  # Leo has an e-mail and a membership
    assert choose(guest, asked(app, guest, "leo@example.org").path) == 303


def test_who_may_not_come_in_and_who_is_nobody_for_certain_gets_nothing(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    world.add_contact(engine, tenant, "over@example.org", portal_end=world.date(2020, 1, 2))
    world.add_contact(engine, tenant, "", phone="612 345 678")
    for name in ("one", "two"):
        world.add_contact(engine, tenant, f"{name}@example.org", mobile="699 111 222")
    world.add_staff(engine, tenant, "gone@agua.example", active=False)
    other = world.make_tenant(engine, "fuego", "fuego.example.es")
    world.add_contact(engine, other, "other@example.org")
    for typed in ("over@example.org", "612 345 678", "699 111 222", "gone@agua.example", "other@example.org", "x", "@"):
        ask(guest, typed)
    assert deliver(app) == []
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(Asked)).all() == []  # and what was typed is forgotten
        assert session.scalars(select(Activation)).all() == []
        assert session.scalars(select(Mail)).all() == []


def test_twins_lists_and_other_bodies_never_move_the_mail_elsewhere(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    world.add_contact(engine, tenant, "kim@example.org")
    world.add_contact(engine, tenant, "thief@example.net", portal_user=False)
    for twin in (
        "\u212aim@example.org",
        "kım@example.org",
        "kim@ex\u0430mple.org",
        "kim@example.org,thief@example.net",
    ):
        ask(guest, twin)
    assert deliver(app) == []
    ask(guest, "KIM@example.org", "thief@example.net")
    guest.post("/forgot", {"identifier[]": "kim@example.org", "email": "thief@example.net"})
    guest.client.post("/forgot", json={"identifier": ["kim@example.org", "thief@example.net"]}, base_url="https://x")
    assert [letter.to for letter in deliver(app)] == ["kim@example.org"]


def test_a_link_lives_for_half_an_hour_and_dies_with_what_it_was_made_for(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    ana = world.add_contact(engine, tenant, ANA)
    start = now()
    with travel(start, tick=False):
        first = asked(app, guest)
        second = asked(app, guest)
    with travel(start + timedelta(minutes=29, seconds=59), tick=False):
        assert guest.get(first.path).status_code == 410  # a new one was asked for
        assert guest.get(second.path).status_code == 200
    with travel(start + timedelta(minutes=30), tick=False):
        assert guest.get(second.path).status_code == 410
    moved = asked(app, guest)
    world.change(engine, tenant, ana, email="eva@example.org", email_key="eva@example.org")
    assert guest.get(moved.path).status_code == 410  # to whom it went, it no longer belongs
    world.change(engine, tenant, ana, email=ANA, email_key=ANA)
    shut = asked(app, guest)
    world.change(engine, tenant, ana, portal_user=False)
    assert guest.get(shut.path).status_code == 410


def test_the_answer_is_the_same_for_everybody(app: Flask, engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, ANA)
    pages = {
        re.sub(r'value="[^"]+"', "", ask(guest, typed)) for typed in (ANA, "nobody@example.org", "\x00", "9" * 500)
    }
    for _ in range(12):  # beyond the limit too
        pages.add(re.sub(r'value="[^"]+"', "", ask(guest.fresh(), ANA)))
    assert len(pages) == 1
    assert guest.post("/forgot", {"identifier": ""}).status_code == 422


def test_known_and_unknown_take_the_same_time_and_write_the_same(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.access.limits.MOST_PER_PAIR", 1000)
    world.add_contact(engine, tenant, ANA)
    spent: dict[str, list[float]] = {ANA: [], "nobody@example.org": []}
    token = guest.token()
    for turn in range(400):
        for typed in sorted(spent, reverse=bool(turn % 2)):
            started = time.process_time()
            guest.post("/forgot", {"identifier": typed}, token=token)
            spent[typed].append(time.process_time() - started)
        # Of each the least: what the machine does besides only ever adds to it, and is small once in a while.
        known, unknown = map(min, spent.values())
        if turn >= 39 and 0.8 < known / unknown < 1.25:
            break
    else:
        pytest.fail(f"they differ: {known}, {unknown}")
    with open_session(engine, system(tenant.id)) as session:
        keys = list(session.scalars(select(Asked.key)))
        assert {key: keys.count(key) for key in keys} == dict.fromkeys(spent, turn + 1)
        assert len(session.scalars(select(Job)).all()) == 2 * (turn + 1)
        assert session.scalars(select(Mail)).all() == []  # whom it is for, nobody has asked yet


def test_nobody_can_fill_a_mailbox_and_the_last_link_stays_good(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_contact(engine, tenant, ANA)
    for _ in range(12):
        ask(guest, ANA)
    with open_session(engine, system(tenant.id)) as session:
        assert len(session.scalars(select(Asked)).all()) == 10
    letters = deliver(app)
    for number in range(5):
        ask(guest.fresh(f"198.51.100.{number}"), ANA)
    assert len(letters) == 5
    assert deliver(app) == []
    assert choose(guest, letters[-1].path) == 303


def test_what_waited_too_long_is_forgotten(app: Flask, engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, ANA)
    ask(guest, ANA)
    with travel(now() + timedelta(hours=2), tick=False):
        assert deliver(app) == []


def test_neither_the_outbox_nor_the_links_hold_what_was_sent(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    world.add_contact(engine, tenant, ANA)
    letter = asked(app, guest)
    with open_session(engine, system(tenant.id)) as session:
        mail, link = session.scalars(select(Mail)).one(), session.scalars(select(Activation)).one()
        kept = f"{mail.subject} {mail.body} {mail.data} {link.token_hash}"
        assert session.scalars(select(LoginSession)).all() == []
    assert mail.body
    assert letter.path.rpartition("/")[2] not in kept
