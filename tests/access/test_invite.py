"""When the mail that lets a contact in is queued, planned anew and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from time_machine import travel

from core.access.invite import Sent, midnight, plan, send_to, standing
from core.access.mails import FIRST
from core.config import Settings
from core.crm.models import Contact, Tenant
from core.crm.rules import MEMBERS
from core.db.session import open_session
from core.db.viewer import installation, system
from core.i18n import today_in
from core.modules.models import Switch
from core.outbox.enqueue import enqueue
from core.outbox.models import Job, Mail
from core.outbox.states import DROPPED, SENT, WAITING
from core.outbox.withdraw import retype
from tests.access import world
from tests.access.browser import Browser
from tests.access.mailbox import deliver
from tests.access.test_activation import choose

TODAY = today_in("Europe/Madrid")
DAY = timedelta(days=1)
SHUT = {"portal_user": False, "support_start": None, "portal_end": None, "password_hash": None}
YEAR = TODAY + 365 * DAY


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an address to send from."""
    return replace(settings, mail_from="portal@brand.example")


def save(
    engine: Engine, tenant: Tenant, contact: Contact, start: date | None, end: date | None = YEAR, user: bool = True
) -> Sent:
    """Save the three fields, as the staff's page does."""
    with open_session(engine, system(tenant.id), writes=True) as session:
        here, row = session.scalars(select(Tenant)).one(), session.get_one(Contact, contact.id)
        before = standing(session, here, row)
        row.portal_user, row.support_start, row.portal_end = user, start, end
        session.flush()
        sent = plan(session, here, before)
        session.commit()
    return sent


def mails(engine: Engine, tenant: Tenant) -> list[tuple[str, datetime]]:
    """State and day of each mail, the oldest first."""
    with open_session(engine, system(tenant.id)) as session:
        return [(m.state, m.due_at) for m in session.scalars(select(Mail).order_by(Mail.id))]


def jobs(engine: Engine) -> list[datetime]:
    with open_session(engine, installation()) as session:
        return list(session.scalars(select(Job.due_at)))


@contextmanager
def on(day: date, hour: int = 12) -> Iterator[None]:
    """At an hour of that day in Madrid."""
    with travel(midnight(day, "Europe/Madrid") + timedelta(hours=hour), tick=False):
        yield


def test_it_leaves_where_access_begins_and_lets_them_in(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    ana = world.add_contact(engine, tenant, "ana@example.org", **SHUT)
    assert save(engine, tenant, ana, TODAY) is Sent.NOW
    assert save(engine, tenant, ana, TODAY, YEAR + DAY) is Sent.NOTHING  # another end alone
    assert save(engine, tenant, ana, TODAY - DAY) is Sent.NOTHING  # had access already
    (letter,) = deliver(app)
    assert letter.to == "ana@example.org"
    assert choose(guest, letter.path) == 303
    assert guest.who()["person"] == ana.id


def test_a_later_start_sends_it_as_that_day_begins_where_the_company_is(
    app: Flask, engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    ana = world.add_contact(engine, tenant, "ana@example.org", **SHUT)
    start = TODAY + 40 * DAY
    assert save(engine, tenant, ana, start) is Sent.LATER
    due = midnight(start, "Europe/Madrid")
    assert due.astimezone(UTC).hour in (22, 23)
    assert (mails(engine, tenant), jobs(engine)) == ([(WAITING, due)], [due])
    with on(start - DAY, hour=23):
        assert deliver(app) == []
    with on(start, hour=0):
        (letter,) = deliver(app)
        assert guest.get(letter.path).status_code == 200
    assert mails(engine, tenant)[0][0] == SENT


def test_another_start_plans_it_anew_and_another_end_leaves_it(app: Flask, engine: Engine, tenant: Tenant) -> None:
    ana = world.add_contact(engine, tenant, "ana@example.org", **SHUT)
    soon, later = TODAY + 5 * DAY, TODAY + 9 * DAY
    save(engine, tenant, ana, soon)
    assert save(engine, tenant, ana, soon, YEAR + DAY) is Sent.NOTHING
    assert [state for state, _ in mails(engine, tenant)] == [WAITING]
    assert save(engine, tenant, ana, later) is Sent.LATER
    due = midnight(later, "Europe/Madrid")
    assert [state for state, _ in mails(engine, tenant)] == [DROPPED, WAITING]
    assert jobs(engine) == [due]
    with on(soon):
        assert deliver(app) == []
    save(engine, tenant, ana, later, user=False)
    assert [state for state, _ in mails(engine, tenant)] == [DROPPED, DROPPED]
    assert jobs(engine) == []


@pytest.mark.parametrize(
    ("values", "sent"),
    [
        ({**SHUT, "password_hash": "$argon2id$kept"}, Sent.INSIDE),
        ({**SHUT, "email": "", "mobile": "612345678"}, Sent.NO_EMAIL),
        ({**SHUT, "portal_user": True, "support_start": TODAY - 9 * DAY, "portal_end": TODAY - DAY}, Sent.NOTHING),
    ],
)
def test_to_whom_none_is_sent(engine: Engine, tenant: Tenant, values: dict[str, Any], sent: Sent) -> None:
    ana = world.add_contact(engine, tenant, **{"email": "ana@example.org", **values})
    # The last one's end alone moves: their access was given before.
    assert save(engine, tenant, ana, values["support_start"] or TODAY) is sent
    assert mails(engine, tenant) == []
    assert jobs(engine) == []


def test_access_is_asked_again_at_sending(app: Flask, engine: Engine, tenant: Tenant) -> None:
    names = ("moved", "off", "inside")
    people = [world.add_contact(engine, tenant, f"{name}@example.org", **SHUT) for name in names]
    for person in people:
        assert save(engine, tenant, person, TODAY) is Sent.NOW
    world.change(engine, tenant, people[0], support_start=TODAY + DAY)  # past the page, as a program would
    with open_session(engine, system(tenant.id), writes=True) as session:
        session.add(Switch(module="portal", level="contact", target_id=people[1].id, on=False))
        session.commit()
    world.change(engine, tenant, people[2], password_hash=world.hashed())
    assert deliver(app) == []
    with open_session(engine, system(tenant.id)) as session:
        found = list(session.scalars(select(Mail).order_by(Mail.id)))
    assert [mail.state for mail in found] == [DROPPED] * 3
    assert all(mail.error for mail in found)
    assert jobs(engine) == []


def test_where_members_have_access_nothing_begins_and_staff_may_ask_for_it(
    app: Flask, engine: Engine, tenant: Tenant
) -> None:
    world.change(engine, tenant, tenant, access_mode=MEMBERS)  # type: ignore[arg-type]
    ana = world.add_contact(engine, tenant, "ana@example.org", **SHUT)
    assert save(engine, tenant, ana, TODAY) is Sent.NOTHING
    said = []
    for _ in range(2):
        with open_session(engine, system(tenant.id), writes=True) as session:
            said.append(send_to(session, session.scalars(select(Tenant)).one(), session.get_one(Contact, ana.id)))
            session.commit()
    assert said == [Sent.NOW, Sent.WAITING]  # who presses twice sends one
    assert len(deliver(app)) == 1


def test_staff_come_in_by_a_link_of_the_same_kind(app: Flask, engine: Engine, tenant: Tenant, guest: Browser) -> None:
    sara = world.add_staff(engine, tenant, "sara@agua.example", password_hash=None)
    with open_session(engine, system(tenant.id), writes=True) as session:
        enqueue(session, "core.activation", staff_id=sara.id)
        retype(session, FIRST, "core.password")  # of the contacts' mails alone
        session.commit()
    (letter,) = deliver(app)
    assert choose(guest, letter.path) == 303
    assert guest.who()["kind"] == "staff"


def test_it_is_kept_or_undone_with_its_cause(engine: Engine, tenant: Tenant) -> None:
    ana = world.add_contact(engine, tenant, "ana@example.org", **SHUT)
    with open_session(engine, system(tenant.id), writes=True) as session:
        here, row = session.scalars(select(Tenant)).one(), session.get_one(Contact, ana.id)
        before = standing(session, here, row)
        row.portal_user, row.support_start, row.portal_end = True, TODAY, YEAR
        session.flush()
        assert plan(session, here, before) is Sent.NOW
    assert mails(engine, tenant) == []
    assert jobs(engine) == []
