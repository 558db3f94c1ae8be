"""What an agent may do, and what administrators alone may."""

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from core.crm.models import Staff, Tenant
from core.modules.models import Switch
from core.outbox.models import Mail
from core.staff.roles import AGENTS_MAY
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import hidden, words
from tests.staff.test_pages import make_some


@pytest.fixture
def agent(engine: Engine, tenant: Tenant, staff: Browser) -> Browser:
    """A browser in which an agent is signed in."""
    world.add_staff(engine, tenant, "adela@agua.example", name="Adela Mas", role="agent")
    browser = staff.fresh()
    assert browser.sign_in("adela@agua.example").status_code == 303
    return browser


def test_an_agent_is_let_into_the_pages_named_and_into_no_other(app: Flask, agent: Browser, staff: Browser) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("staff.")}
    assert endpoints > AGENTS_MAY  # each is there, and they are not all
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("staff."):
            continue
        values = {name: "1" if name.endswith("_id") else "invoices" for name in rule.arguments}
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        path = adapter.build(rule.endpoint, {**(rule.defaults or {}), **values}, method=method)
        answer = agent.get(path) if method == "GET" else agent.post(path)
        assert (answer.status_code == 403) is (rule.endpoint not in AGENTS_MAY), path
        if answer.status_code == 403:
            assert "Your role is agent" in words(answer)


def test_an_agent_makes_a_link_for_who_has_no_password_yet_alone(
    engine: Engine, tenant: Tenant, agent: Browser, staff: Browser
) -> None:
    inside = world.add_contact(engine, tenant, "ana@agua.example")
    page = f"/staff/contacts/{inside.id}"
    refused = agent.post(page, {"do": "activation"})
    assert (refused.status_code, "/activate/" in refused.text) == (422, False)
    assert "a link is made by an administrator" in words(refused)
    assert "/activate/" in staff.post(page, {"do": "activation"}).text
    world.change(engine, tenant, inside, password_hash=None)
    assert "/activate/" in agent.post(page, {"do": "activation"}).text


def test_an_agent_changes_a_contact_and_no_switch(engine: Engine, tenant: Tenant, agent: Browser) -> None:
    ids = make_some(engine, tenant)
    for page in (f"/staff/contacts/{ids['contact']}", f"/staff/accounts/{ids['account']}"):
        assert 'value="switch"' not in agent.get(page).text
        refused = agent.post(page, {"do": "switch", "module": "portal", "choice": "off"})
        assert refused.status_code == 403
    with rows.writing(engine, tenant) as session:
        assert session.scalars(select(Switch).where(Switch.level != "tenant")).all() == []
    edit = f"/staff/contacts/{ids['contact']}/edit"
    form = {"first_name": "Ana", "last_name": "Gil", "version": hidden(agent.get(edit), "version")}
    assert agent.post(edit, form).status_code == 303


def test_a_new_member_of_staff_gets_a_mail_and_their_role(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    form = {"name": "Nuria Vidal", "email": "nuria@agua.example", "role": "agent", "active": "y"}
    assert staff.post("/staff/people/new", form).status_code == 303
    assert staff.post("/staff/people/new", form).status_code == 422  # the address is taken
    with rows.writing(engine, tenant) as session:
        person = session.scalars(select(Staff).where(Staff.email == "nuria@agua.example")).one()
        assert person.role == "agent"
        assert session.scalars(select(Mail.staff_id)).all() == [person.id]


def test_somebody_stays_an_administrator(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    with rows.writing(engine, tenant) as session:
        sara = session.scalars(select(Staff)).one().id
    page = f"/staff/people/{sara}"
    form = {"name": "Sara", "email": "sara@agua.example", "version": hidden(staff.get(page), "version")}
    for change in ({"role": "agent", "active": "y"}, {"role": "administrator"}):
        refused = staff.post(page, form | change)
        assert refused.status_code == 422
        assert "Somebody has to be an administrator" in words(refused)
    world.add_staff(engine, tenant, "otra@agua.example")
    assert staff.post(page, form | {"role": "agent", "active": "y"}).status_code == 303
    assert staff.get("/staff/people/").status_code == 403


def test_who_may_not_sign_in_any_more_is_out_at_once(
    engine: Engine, tenant: Tenant, agent: Browser, staff: Browser
) -> None:
    with rows.writing(engine, tenant) as session:
        adela = session.scalars(select(Staff.id).where(Staff.email == "adela@agua.example")).one()
    page = f"/staff/people/{adela}"
    form = {"name": "Adela", "email": "adela@agua.example", "role": "agent"}
    assert agent.get("/staff/").status_code == 200
    assert staff.post(page, form | {"version": hidden(staff.get(page), "version")}).status_code == 303
    assert agent.get("/staff/").status_code == 303
    assert staff.post(page, form | {"active": "y", "version": hidden(staff.get(page), "version")}).status_code == 303
    assert agent.get("/staff/").status_code == 303  # the old session does not wake up
