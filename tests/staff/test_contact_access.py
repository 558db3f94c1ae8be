"""The three fields of a contact with the mail that follows from them, as staff see it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.access.activation import make_link
from core.crm.models import Contact, Tenant
from core.db.session import open_session
from core.db.viewer import system
from core.i18n import today_in
from core.outbox.models import Mail
from core.outbox.states import DROPPED, WAITING
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, hidden, undo, words

TODAY = today_in("Europe/Madrid")
LATER = TODAY + timedelta(days=30)
END = (TODAY + timedelta(days=300)).isoformat()


@pytest.fixture
def ana(engine: Engine, tenant: Tenant) -> Contact:
    """A contact without access and without a password."""
    with rows.writing(engine, tenant) as session:
        return rows.contact(session, "Ana", "Ruiz", rows.account(session, "Acme"), email="ana@example.com")


def url(contact: Contact) -> str:
    return f"/staff/contacts/{contact.id}"


def save(staff: Browser, contact: Contact, start: date, **typed: Any) -> Any:
    """Save the three fields and give the page that follows."""
    version = hidden(staff.get(url(contact)), "version")
    data = {"do": "fields", "version": version, "portal_user": "y", "support_start": start, "portal_end": END, **typed}
    return follow(staff, staff.post(url(contact), data))


def states(engine: Engine, tenant: Tenant) -> list[str]:
    with open_session(engine, system(tenant.id)) as session:
        return list(session.scalars(select(Mail.state).order_by(Mail.id)))


def load(engine: Engine, tenant: Tenant, contact: Contact) -> Contact:
    with open_session(engine, system(tenant.id)) as session:
        return session.get_one(Contact, contact.id)


def test_saving_says_that_the_mail_leaves_and_undo_takes_it_back(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    page = save(staff, ana, TODAY)
    assert "The mail with which they come in is on its way to ana@example.com." in words(page)
    assert states(engine, tenant) == [WAITING]
    assert "See the mail in the outbox" in words(page)
    assert "The change was undone." in words(undo(staff, page))
    assert states(engine, tenant) == [DROPPED]
    saved = load(engine, tenant, ana)
    assert (saved.portal_user, saved.support_start, saved.portal_end) == (False, None, None)


def test_a_later_start_may_be_saved_and_the_page_says_when_the_mail_leaves(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    page = save(staff, ana, LATER)
    assert "Has no access yet: support starts on" in words(page)
    assert "The mail with which they come in leaves for ana@example.com on" in words(page)
    assert "leaves on" in words(staff.get(url(ana)))
    assert "The mail with which" not in words(save(staff, ana, LATER, portal_end=LATER)).partition("First way in")[0]
    assert states(engine, tenant) == [WAITING]


def test_an_undo_that_came_too_late_undoes_nothing(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    page = save(staff, ana, TODAY)
    world.change(engine, tenant, ana, first_name="Anna")
    version = hidden(page, "version")
    answer = staff.post(url(ana), {"do": "undo_fields", "version": version})
    assert answer.status_code == 422
    assert "Nothing was undone" in words(answer)
    assert states(engine, tenant) == [WAITING]


def test_staff_may_send_the_mail_to_whoever_has_access_and_no_password(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    window = {"portal_user": True, "support_start": TODAY, "portal_end": TODAY + timedelta(days=9)}
    world.change(engine, tenant, ana, **window)
    assert "Has not chosen a password yet: send the mail" in words(staff.get(url(ana)))
    follow(staff, staff.post(url(ana), {"do": "mail"}))
    assert states(engine, tenant) == [WAITING]
    assert "on its way already" in words(staff.post(url(ana), {"do": "mail"}))
    world.change(engine, tenant, ana, portal_user=False)
    assert "Has no access: is no portal user." in words(staff.post(url(ana), {"do": "mail"}))
    assert states(engine, tenant) == [WAITING]


def test_another_address_ends_the_links_that_were_out(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    save(staff, ana, TODAY)
    with open_session(engine, system(tenant.id), writes=True) as session:
        link = make_link(session, tenant, ana, 8000).removeprefix(f"https://{world.HOST}")
        session.commit()
    assert staff.fresh().get(link).status_code == 200
    edit = f"{url(ana)}/edit"
    typed = {"version": hidden(staff.get(edit), "version"), "first_name": "Ana", "email": "eva@example.com"}
    assert "no longer work" in words(follow(staff, staff.post(edit, typed)))
    assert staff.fresh().get(link).status_code == 410
