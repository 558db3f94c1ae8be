from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from core.crm.models import Contact, Tenant
from core.crm.rules import FIELDS, MEMBERS
from core.db.session import open_session
from core.db.viewer import system
from core.outbox.enqueue import enqueue
from core.outbox.models import Mail
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, undo, words


def mode(engine: Engine, tenant: Tenant) -> str:
    with open_session(engine, system(tenant.id)) as session:
        return session.scalars(select(Tenant.access_mode)).one()


@pytest.fixture
def people(engine: Engine, tenant: Tenant) -> None:
    """Two who would gain access, one who has it in any case, one who never has."""
    with rows.writing(engine, tenant) as session:
        acme, today = rows.account(session, "Acme"), date.today()
        for n in range(2):
            rows.contact(session, f"Gains{n}", "", acme, email=f"g{n}@example.com")
        window = {"support_start": today - timedelta(9), "portal_end": today + timedelta(9)}
        rows.contact(session, "Has", "", acme, email="has@example.com", portal_user=True, **window)
        rows.contact(session, "Never", "", email="never@example.com")


@pytest.mark.usefixtures("people")
def test_who_would_gain_access_is_said_before_it_is_saved(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    asked = staff.post("/staff/access/", {"mode": MEMBERS})
    assert asked.status_code == 200
    assert "2 contacts will be able to come in" in words(asked)
    assert mode(engine, tenant) == FIELDS
    page = follow(staff, staff.post("/staff/access/", {"mode": MEMBERS, "confirmed": "1"}))
    assert mode(engine, tenant) == MEMBERS
    assert "2 contacts will be shut out" in words(staff.post("/staff/access/", {"mode": FIELDS}))
    undo(staff, page)
    assert mode(engine, tenant) == FIELDS


@pytest.mark.parametrize("wrong", ["", "everyone", "x" * 300, "\x00"])
def test_no_other_mode_is_taken(engine: Engine, tenant: Tenant, staff: Browser, wrong: str) -> None:
    assert staff.post("/staff/access/", {"mode": wrong, "confirmed": "1"}).status_code == 422
    assert mode(engine, tenant) == FIELDS


def test_how_contacts_first_come_in_is_chosen_and_undone_and_holds_for_mails_that_wait(
    engine: Engine, tenant: Tenant, staff: Browser, people: None
) -> None:
    with rows.writing(engine, tenant) as session:
        contact_id = session.scalars(select(Contact.id).where(Contact.email == "never@example.com")).one()
        enqueue(session, "core.activation", contact_id=contact_id)

    def chosen() -> tuple[str, str]:
        with open_session(engine, system(tenant.id)) as session:
            return session.scalars(select(Tenant.first_entry)).one(), session.scalars(select(Mail.kind)).one()

    page = follow(staff, staff.post("/staff/access/", {"do": "first_entry", "first_entry": "password"}))
    assert chosen() == ("password", "core.password")
    undo(staff, page)
    assert chosen() == ("link", "core.activation")
    for wrong in ("", "x", "\x00"):
        assert staff.post("/staff/access/", {"do": "first_entry", "first_entry": wrong}).status_code == 422
    assert mode(engine, tenant) == FIELDS
