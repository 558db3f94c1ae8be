from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.access.models import Activation
from core.audit import CHANGED, AuditEntry
from core.crm.models import Account, Contact, Membership, Tenant
from core.crm.window import one_year_on
from core.db.session import open_session
from core.db.viewer import system
from core.i18n import today_in
from core.modules.reach import read_standing
from core.modules.registry import load_modules
from core.modules.switches import PORTAL, set_switch
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, hidden, undo, words


@pytest.fixture
def ana(engine: Engine, tenant: Tenant) -> Contact:
    """A contact of an account with a site, without access."""
    with rows.writing(engine, tenant) as session:
        acme = rows.account(session, "Acme")
        rows.site(session, acme, "North")
        return rows.contact(session, "Ana", "Ruiz", acme, email="ana@example.com")


def load(engine: Engine, tenant: Tenant, contact: Contact) -> Contact:
    with open_session(engine, system(tenant.id)) as session:
        return session.scalars(select(Contact).where(Contact.id == contact.id)).one()


def url(contact: Contact) -> str:
    return f"/staff/contacts/{contact.id}"


def fields(staff: Browser, contact: Contact, **typed: Any) -> dict[str, Any]:
    """What the form of the three fields sends, untouched but for what was typed."""
    page = staff.get(url(contact))
    value = {n: page.text.partition(f'name="{n}"')[2].partition('value="')[2].partition('"')[0] for n in DAYS}
    return {"do": "fields", "version": hidden(page, "version"), **value, **typed}


DAYS = ("support_start", "portal_end")


def test_the_form_proposes_today_and_one_year_on_and_saving_it_gives_access(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    assert "Has no access: is no portal user." in words(staff.get(url(ana)))
    page = follow(staff, staff.post(url(ana), fields(staff, ana, portal_user="y")))
    assert "Has access until" in words(page)
    today, saved = today_in(tenant.time_zone), load(engine, tenant, ana)
    assert (saved.portal_user, saved.support_start, saved.portal_end) == (True, today, one_year_on(today))


TODAY = today_in("Europe/Madrid")


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("", "2030-01-01", "Fill in: Support start."),
        ("2026-01-01", "", "Fill in: Portal end."),
        ("2026-01-01", " ", "Fill in: Portal end."),
        ("2026-02-01", "2026-01-31", "Portal end must not be before support start."),
        ("31/12/2025", "2030-01-01", "Not a valid date value."),
        ("2026-02-30", "2030-01-01", "Not a valid date value."),
    ],
)
def test_none_of_the_three_fields_may_be_blank_or_contradict_another(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact, start: str, end: str, says: str
) -> None:
    answer = staff.post(url(ana), fields(staff, ana, portal_user="y", support_start=start, portal_end=end))
    assert answer.status_code == 422
    assert says in words(answer)
    assert f'value="{end}"' in answer.text
    assert load(engine, tenant, ana).portal_user is False


def test_support_may_start_today_and_the_portal_end_today(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    typed = {"portal_user": "y", "support_start": TODAY.isoformat(), "portal_end": TODAY.isoformat()}
    assert "Has access until" in words(follow(staff, staff.post(url(ana), fields(staff, ana, **typed))))


def test_what_another_saved_meanwhile_is_shown_and_nothing_typed_is_lost(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    mine = fields(staff, ana, portal_user="y", portal_end="2031-05-06")
    world.change(engine, tenant, ana, portal_end=date(2030, 1, 2), support_start=date(2026, 1, 1))
    answer = staff.post(url(ana), mine)
    assert answer.status_code == 422
    said = words(answer)
    assert "Somebody else changed this meanwhile" in said
    assert "2030-01-02" in said
    assert 'value="2031-05-06"' in answer.text
    assert load(engine, tenant, ana).portal_end == date(2030, 1, 2)
    follow(staff, staff.post(url(ana), {**mine, "version": hidden(answer, "version")}))
    assert load(engine, tenant, ana).portal_end == date(2031, 5, 6)


def test_a_link_is_made_shown_once_and_opens(engine: Engine, tenant: Tenant, staff: Browser, ana: Contact) -> None:
    follow(staff, staff.post(url(ana), fields(staff, ana, portal_user="y")))
    made = staff.post(url(ana), {"do": "activation"})
    assert made.status_code == 200
    link = made.text.partition('id="activation-link"')[2].partition('value="')[2].partition('"')[0]
    assert link.startswith(f"https://{world.HOST}/activate/")
    assert made.headers["Cache-Control"] == "private, no-store"
    assert "/activate/" not in staff.get(url(ana)).text
    assert staff.fresh().get(link.removeprefix(f"https://{world.HOST}")).status_code == 200
    again = staff.post(url(ana), {"do": "activation"})
    assert "2 links are still valid." in words(again)
    with open_session(engine, system(tenant.id)) as session:
        made_by = select(AuditEntry.actor_name, AuditEntry.target_id).where(AuditEntry.what == CHANGED)
        by_link = session.execute(made_by.where(AuditEntry.details["by"].as_string() == "link")).all()
    assert by_link == [("Sara Gil", ana.id)] * 2, "who makes a link could come in as them: the audit says who did"


def test_no_link_without_access_and_the_reason_is_told(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    answer = staff.post(url(ana), {"do": "activation"})
    assert answer.status_code == 422
    assert "Has no access: is no portal user." in words(answer)
    world.change(engine, tenant, ana, email="", email_key=None, portal_user=True, support_start=TODAY, portal_end=TODAY)
    answer = staff.post(url(ana), {"do": "activation"})
    assert answer.status_code == 422
    assert "no e-mail address or phone number" in words(answer)
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(Activation)).all() == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"portal_user": True}, "support start or portal end is missing"),
        ({"portal_user": True, "support_start": TODAY + timedelta(9), "portal_end": TODAY + timedelta(99)}, "yet"),
        ({"portal_user": True, "support_start": TODAY, "portal_end": TODAY - timedelta(1)}, "any more"),
        ({"portal_user": True, "support_start": TODAY, "portal_end": TODAY}, "Has access until"),
    ],
)
def test_one_sentence_says_why(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact, change: dict[str, Any], says: str
) -> None:
    world.change(engine, tenant, ana, **change)
    assert says in words(staff.get(url(ana)))


def test_the_portal_turned_off_for_somebody_is_the_reason_told(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    world.change(engine, tenant, ana, portal_user=True, support_start=TODAY, portal_end=TODAY)
    page = follow(staff, staff.post(url(ana), {"do": "switch", "module": PORTAL, "choice": "off"}))
    assert "the portal is turned off for this contact" in words(page)
    assert "The portal is off for this contact." in words(page)
    undo(staff, page)
    assert "Has access until" in words(staff.get(url(ana)))


def test_a_switch_of_the_contact_is_set_removed_and_undone(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    def at() -> bool | None:
        with open_session(engine, system(tenant.id)) as session:
            return read_standing(session, ana.id)[1].at("invoices", "contact", ana.id)

    for choice, on in (("on", True), ("off", False), ("inherit", None)):
        page = follow(staff, staff.post(url(ana), {"do": "switch", "module": "invoices", "choice": choice}))
        assert at() is on
    undo(staff, page)
    assert at() is False
    assert staff.post(url(ana), {"do": "switch", "module": "invoices", "choice": "maybe"}).status_code == 400
    assert staff.post(url(ana), {"do": "switch", "module": "nonsense", "choice": "on"}).status_code == 404


def test_which_level_decides_is_said(engine: Engine, tenant: Tenant, staff: Browser, ana: Contact) -> None:
    with rows.writing(engine, tenant) as session:
        acme = session.scalars(select(Account)).one()
        set_switch(session, load_modules(), "invoices", "account", acme.id, True)
    assert "Invoices On On for Acme." in words(staff.get(url(ana)))
    page = follow(staff, staff.post(url(ana), {"do": "switch", "module": "invoices", "choice": "off"}))
    assert "Invoices Off Set for this contact." in words(page)


def test_a_membership_is_added_removed_and_put_back(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    def ties() -> list[tuple[int | None, bool]]:
        with open_session(engine, system(tenant.id)) as session:
            found = session.scalars(select(Membership).order_by(Membership.id))
            return [(m.site_id, m.with_subsidiaries) for m in found]

    with rows.writing(engine, tenant) as session:
        beta = rows.account(session, "Beta")
        south = rows.site(session, beta, "South")
    form = {"do": "add_membership", "account": beta.id, "site": south.id}
    page = follow(staff, staff.post(url(ana), form))
    assert "Ana Ruiz now belongs to Beta (South)." in words(page)
    assert ties() == [(None, False), (south.id, False)]
    undo(staff, page)
    assert ties() == [(None, False)]
    follow(staff, staff.post(url(ana), {"do": "add_membership", "account": beta.id, "subsidiaries": "1"}))
    assert ties() == [(None, False), (None, True)]
    with open_session(engine, system(tenant.id)) as session:
        last = session.scalars(select(Membership.id).order_by(Membership.id.desc())).first()
    page = follow(staff, staff.post(url(ana), {"do": "remove_membership", "membership": last}))
    assert ties() == [(None, False)]
    undo(staff, page)
    assert ties() == [(None, False), (None, True)]


def test_a_tie_that_cannot_be_is_refused_with_its_reason(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    with rows.writing(engine, tenant) as session:
        acme = session.scalars(select(Account)).one()
        beta = rows.account(session, "Beta")
        south = rows.site(session, beta, "South")
    for form, says in (
        ({"account": acme.id}, "That is so already"),
        ({"account": acme.id, "site": south.id}, "not one of the client's"),
        ({"account": beta.id, "site": south.id, "subsidiaries": "1"}, "whole client only"),
    ):
        answer = staff.post(url(ana), {"do": "add_membership", **form})
        assert answer.status_code == 422
        assert says in words(answer)


def test_a_membership_of_another_contact_is_not_there(
    engine: Engine, tenant: Tenant, staff: Browser, ana: Contact
) -> None:
    with rows.writing(engine, tenant) as session:
        bea = rows.contact(session, "Bea")
        tie = session.scalars(select(Membership.id)).one()
    assert staff.post(url(bea), {"do": "remove_membership", "membership": tie}).status_code == 404


def test_all_sessions_of_a_contact_end_at_once(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    cliente = world.add_contact(engine, tenant, "cliente@example.com")
    browser = staff.fresh()
    assert browser.sign_in("cliente@example.com").status_code == 303
    assert browser.get("/portal/").status_code == 200
    follow(staff, staff.post(url(cliente), {"do": "end_sessions"}))
    assert browser.get("/portal/").status_code == 303
    assert staff.get("/staff/").status_code == 200


def test_taking_access_away_ends_it_on_the_next_request(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    cliente = world.add_contact(engine, tenant, "cliente@example.com")
    browser = staff.fresh()
    browser.sign_in("cliente@example.com")
    assert browser.get("/portal/").status_code == 200
    form = fields(staff, cliente)
    assert "portal_user" not in form
    follow(staff, staff.post(url(cliente), form))
    assert browser.get("/portal/").status_code == 303


def test_access_that_comes_back_wakes_no_session_up(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    cliente = world.add_contact(engine, tenant, "cliente@example.com")
    browser = staff.fresh()
    browser.sign_in("cliente@example.com")
    assert browser.get("/portal/").status_code == 200
    follow(staff, staff.post(url(cliente), fields(staff, cliente)))
    follow(staff, staff.post(url(cliente), fields(staff, cliente, portal_user="y")))
    assert browser.get("/portal/").status_code == 303
    assert browser.sign_in("cliente@example.com").status_code == 303
