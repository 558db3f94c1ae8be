"""Access for several contacts at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from core.access.models import LoginSession
from core.crm.models import Contact, Tenant
from core.db.session import open_session
from core.db.viewer import system
from core.i18n import today_in
from core.outbox.models import Job, Mail
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import words

PAGE = "/staff/contacts/several"
TODAY = today_in("Europe/Madrid")
WINDOW = {"support_start": TODAY, "portal_end": TODAY + timedelta(days=99)}
FIELDS = {"portal_user": "y", **{name: day.isoformat() for name, day in WINDOW.items()}}


@pytest.fixture
def people(engine: Engine, tenant: Tenant) -> dict[str, int]:
    """Two who can be written to, one who cannot, one who is inside, and one of whom the tenant's are none."""
    with rows.writing(engine, tenant) as session:
        acme = rows.account(session, "Acme")
        made = {
            name: rows.contact(session, name, "", acme, email=f"{name}@example.com" if name != "Mute" else "", **more)
            for name, more in (
                ("Ana", {}),
                ("Bea", WINDOW | {"portal_user": True}),
                ("Mute", {}),
                ("Inside", {"password_hash": world.hashed()}),
            )
        }
        return {name: contact.id for name, contact in made.items()}


def counts(engine: Engine, tenant: Tenant) -> tuple[int, int, int]:
    """Contacts with the portal's flag, mails and jobs."""
    with open_session(engine, system(tenant.id)) as session:
        flagged = select(func.count(Contact.id)).where(Contact.portal_user.is_(True))
        return (
            session.scalar(flagged) or 0,
            session.scalar(select(func.count(Mail.id))) or 0,
            session.scalar(select(func.count(Job.id))) or 0,
        )


def test_what_would_happen_is_told_before_it_does_with_the_names_of_those_without_an_address(
    engine: Engine, tenant: Tenant, staff: Browser, people: dict[str, int]
) -> None:
    typed: dict[str, Any] = {**FIELDS, "whom": "ticked", "contact": list(map(str, people.values()))}
    told = staff.post(PAGE, typed)
    assert told.status_code == 200
    assert counts(engine, tenant) == (1, 0, 0)
    done = staff.post(PAGE, {**typed, "confirmed": "1"})
    for page in (told, done):
        said = words(page)
        assert "1 mail leaves now." in said
        assert "1 contact has no e-mail address. Make a link and hand it over: Mute" in said
        assert "1 contact has chosen a password already" in said
        assert "1 contact is saved without a mail." in said  # Bea had access before
    assert "This is what would happen to 4 contacts." in words(told)
    assert "The access of 4 contacts was saved." in words(done)
    assert counts(engine, tenant) == (4, 1, 1)


def test_all_that_the_search_finds_are_reminded_once(
    engine: Engine, tenant: Tenant, staff: Browser, people: dict[str, int]
) -> None:
    typed = {**FIELDS, "whom": "all", "remind": "y", "confirmed": "1"}
    assert "1 mail leaves now." in words(staff.post(f"{PAGE}?q=bea", typed))
    assert "1 mail was on its way." in words(staff.post(f"{PAGE}?q=bea", typed))
    assert counts(engine, tenant) == (1, 1, 1)


def test_a_later_start_is_planned_and_taking_access_away_takes_it_back_and_ends_sessions(
    engine: Engine, tenant: Tenant, staff: Browser, people: dict[str, int]
) -> None:
    later = {"support_start": (TODAY + timedelta(days=5)).isoformat()}
    typed = {**FIELDS, **later, "whom": "ticked", "contact": str(people["Ana"]), "confirmed": "1"}
    assert "1 mail leaves on" in words(staff.post(PAGE, typed))
    world.add_contact(engine, tenant, "in@example.org")
    staff.fresh().sign_in("in@example.org")
    staff.post(PAGE, {**FIELDS, "portal_user": "", "whom": "all", "confirmed": "1"})
    assert counts(engine, tenant) == (0, 1, 0)
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(LoginSession).where(LoginSession.contact_id.is_not(None))).all() == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"contact": []}, "Choose at least one contact."),
        ({"contact": ["x", "9" * 30, "999999"]}, "Choose at least one contact."),
        ({"whom": "all", "portal_end": "2001-01-01"}, "Portal end must not be before support start."),
        ({"whom": "all", "support_start": ""}, "Fill in: Support start."),
    ],
)
def test_what_cannot_be_saved_is_refused(
    engine: Engine, tenant: Tenant, other: Tenant, staff: Browser, people: dict[str, int], typed: Any, says: str
) -> None:
    answer = staff.post(PAGE, {**FIELDS, "confirmed": "1", **typed})
    assert answer.status_code == 422
    assert says in words(answer)
    assert counts(engine, tenant) == (1, 0, 0)


def test_too_many_are_refused_and_another_companys_are_nobody(
    engine: Engine, tenant: Tenant, other: Tenant, staff: Browser, people: dict[str, int], monkeypatch: Any
) -> None:
    theirs = world.add_contact(engine, other, "theirs@example.org", portal_user=False)
    assert staff.post(PAGE, {**FIELDS, "contact": str(theirs.id), "confirmed": "1"}).status_code == 422
    monkeypatch.setattr("core.staff.contacts_access.MOST", 2)
    answer = staff.post(PAGE, {**FIELDS, "whom": "all", "confirmed": "1"})
    assert "These are more than 2 contacts." in words(answer)
    assert counts(engine, tenant) == (1, 0, 0)
    assert counts(engine, other) == (0, 0, 0)
