"""Temporary passwords: what they open, and when they are over."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from time_machine import travel

from core.access.invite import send_to
from core.access.mails import BY_PASSWORD
from core.config import Settings
from core.crm.models import Contact, Tenant
from core.db.engine import make_engine
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from tests.access import world
from tests.access.browser import Browser
from tests.access.mailbox import Delivered, deliver
from tests.databases import Database

ANA, OWN = "ana@example.org", "otra puerta 8"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an address to send from."""
    return replace(settings, mail_from="portal@brand.example")


@pytest.fixture
def ana(engine: Engine, tenant: Tenant) -> Contact:
    """A contact with access and no password, of a company that sends temporary ones."""
    world.change(engine, tenant, tenant, first_entry=BY_PASSWORD)  # type: ignore[arg-type]
    return world.add_contact(engine, tenant, ANA, password_hash=None)


@pytest.fixture
def sent(app: Flask, engine: Engine, tenant: Tenant, ana: Contact) -> Callable[[], Delivered]:
    """Send Ana a temporary password, and give the mail."""

    def send() -> Delivered:
        with open_session(engine, system(tenant.id), writes=True) as session:
            send_to(session, session.scalars(select(Tenant)).one(), session.get_one(Contact, ana.id))
            session.commit()
        (letter,) = deliver(app)
        return letter

    return send


def row(engine: Engine, tenant: Tenant) -> Contact:
    with open_session(engine, system(tenant.id)) as session:
        return session.scalars(select(Contact)).one()


def change(browser: Browser, password: str = OWN, again: str | None = None) -> int:
    """Fill in the page that changes it, and give the status of the answer."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/password").text)
    typed = {"password": password, "again": password if again is None else again}
    return browser.post("/password", typed, token=token[1] if token else "").status_code


def test_it_opens_the_page_that_changes_it_and_nothing_else(
    guest: Browser, engine: Engine, tenant: Tenant, sent: Callable[[], Delivered]
) -> None:
    letter = sent()
    assert (letter.to, letter.path) == (ANA, "/login")
    assert guest.sign_in(ANA, letter.password, next="/portal/invoices/").status_code == 303
    token = re.search(r'name="csrf_token" value="([^"]+)"', guest.get("/password").text)
    assert token
    for path in ("/", "/portal/", "/portal/invoices/", "/sessions/", "/staff/", "/nothing", "/activate/x", "/forgot"):
        answers = guest.get(path), guest.post(path, {"name": "x"}, token=token[1])
        assert [(a.status_code, a.location) for a in answers] == [(303, "/password")] * 2, path
    assert guest.get("/api/v1/openapi.json").status_code == 401
    assert guest.get("/probe").status_code == 303  # what a module would answer
    assert change(guest, "short") == 422
    assert change(guest, letter.password) == 422  # that one is known to the mail
    assert change(guest) == 303
    assert guest.who()["kind"] == "contact"
    saved = row(engine, tenant)
    assert saved.password_until is None
    assert guest.fresh().sign_in(ANA, letter.password).status_code == 422
    assert guest.fresh().sign_in(ANA, OWN).status_code == 303
    assert (guest.get("/password").status_code, guest.get("/password").location) == (303, "/portal/")


def test_changing_it_ends_every_other_session_and_link(guest: Browser, sent: Callable[[], Delivered]) -> None:
    letter, elsewhere = sent(), guest.fresh()
    elsewhere.sign_in(ANA, letter.password)
    assert elsewhere.get("/portal/").location == "/password"
    guest.sign_in(ANA, letter.password)
    assert change(guest) == 303
    assert elsewhere.get("/probe").json["kind"] == "visitor"


def test_it_lapses_after_seven_days_as_a_wrong_password(
    guest: Browser, ana: Contact, sent: Callable[[], Delivered]
) -> None:
    start = now()
    with travel(start, tick=False):
        letter = sent()
    with travel(start + timedelta(days=7, seconds=-9), tick=False):
        assert guest.sign_in(ANA, letter.password).status_code == 303
        assert guest.get("/").location == "/password"
    with travel(start + timedelta(days=7), tick=False):
        assert guest.get("/probe").json["kind"] == "visitor"  # the session that it opened ends with it
        pages = [guest.fresh().sign_in(ANA, each) for each in (letter.password, "wrong wrong")]
        assert [page.status_code for page in pages] == [422, 422]
        plain = {re.sub(r'name="csrf_token" value="[^"]+"', "", page.text) for page in pages}
        assert len(plain) == 1


def test_it_is_made_at_sending_and_only_its_hash_is_kept(
    database: Database, engine: Engine, tenant: Tenant, ana: Contact, sent: Callable[[], Delivered]
) -> None:
    assert row(engine, tenant).password_hash is None
    letter = sent()
    plain = make_engine(database.owner_url, guarded=False)
    with plain.connect() as connection:
        kept = str([connection.execute(text(f"SELECT * FROM {t}")).all() for t in ("contact", "mail", "job")])
    plain.dispose()
    assert letter.password not in kept
    assert (row(engine, tenant).password_hash or "").startswith("$argon2id$")


def test_another_address_ends_it_and_a_new_mail_brings_a_new_one(
    guest: Browser, engine: Engine, tenant: Tenant, ana: Contact, sent: Callable[[], Delivered]
) -> None:
    world.change(engine, tenant, ana, mobile="612 345 678", mobile_key="+34612345678")
    first = sent()
    assert guest.sign_in("612345678", first.password).status_code == 303
    world.change(engine, tenant, ana, email="eva@example.org", email_key="eva@example.org")
    assert guest.get("/probe").json["kind"] == "visitor"
    assert guest.fresh().sign_in("612345678", first.password).status_code == 422
    with travel(now() + timedelta(minutes=6), tick=False):
        second = sent()
        assert second.to == "eva@example.org"
        assert guest.fresh().sign_in("eva@example.org", second.password).status_code == 303


def test_a_link_works_beside_it_and_ends_it(app: Flask, guest: Browser, sent: Callable[[], Delivered]) -> None:
    letter = sent()
    guest.post("/forgot", {"identifier": ANA})
    (reset,) = deliver(app)
    assert guest.post(reset.path, {"password": OWN, "again": OWN}).status_code == 303
    assert guest.who()["kind"] == "contact"
    assert guest.fresh().sign_in(ANA, letter.password).status_code == 422
