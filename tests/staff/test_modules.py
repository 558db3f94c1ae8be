from datetime import date

import pytest
from sqlalchemy import Engine, select

from core.api import Module, hookimpl
from core.crm.models import Tenant
from core.db.session import WalledSession, open_session
from core.db.viewer import Scope, system
from core.modules.registry import Registry
from core.modules.switches import PORTAL, Switches, read_switches, set_switch
from plugins.invoices.models import Invoice
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import follow, undo, words


class Refusing(Module):
    """A module that cannot be switched off."""

    name, title, version = "refusing", "Refusing", "3.2"

    @hookimpl
    def postigo_disabled(self, session: WalledSession) -> None:
        raise RuntimeError("not now")


def switches(engine: Engine, tenant: Tenant) -> Switches:
    with open_session(engine, system(tenant.id)) as session:
        return read_switches(session)


def test_a_module_is_turned_on_and_off_and_back(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    page = follow(staff, staff.post("/staff/modules/", {"do": "on", "module": "invoices"}))
    assert switches(engine, tenant).on_for_tenant("invoices")
    assert "is on" in words(page)
    page = follow(staff, staff.post("/staff/modules/", {"do": "off", "module": "invoices"}))
    assert "nothing was deleted" in words(page)
    assert not switches(engine, tenant).on_for_tenant("invoices")
    undo(staff, page)
    assert switches(engine, tenant).on_for_tenant("invoices")


def test_the_portal_itself_is_a_switch(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    follow(staff, staff.post("/staff/modules/", {"do": "off", "module": PORTAL}))
    assert not switches(engine, tenant).on_for_tenant(PORTAL)


@pytest.mark.parametrize("name", ["nonsense", "", "x" * 500, "\x00", "../invoices"])
def test_a_module_that_is_not_there_cannot_be_switched(
    engine: Engine, tenant: Tenant, staff: Browser, name: str
) -> None:
    for do in ("on", "off", "scope"):
        assert staff.post("/staff/modules/", {"do": do, "module": name, "scope": "contact"}).status_code == 404
    assert switches(engine, tenant).set == {}


def test_scope_contact_is_saved_only_after_saying_how_many_records_name_nobody(
    engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    with rows.writing(engine, tenant) as session:
        acme = rows.account(session, "Acme")
        ana = rows.contact(session, "Ana", "", acme)
        for n, who in enumerate((None, None, ana.id)):
            owner = {"account_id": acme.id, "contact_id": who}
            session.add(Invoice(number=f"F{n}", issued_on=date(2026, 1, 1), status="pending", currency="EUR", **owner))
    asked = staff.post("/staff/modules/", {"do": "scope", "module": "invoices", "scope": "contact"})
    assert asked.status_code == 200
    assert "2 records in Invoices name no contact" in words(asked)
    assert switches(engine, tenant).scope("invoices") is Scope.ACCOUNT
    saved = staff.post("/staff/modules/", {"do": "scope", "module": "invoices", "scope": "contact", "confirmed": "1"})
    page = follow(staff, saved)
    assert switches(engine, tenant).scope("invoices") is Scope.CONTACT
    undo(staff, page)
    assert switches(engine, tenant).scope("invoices") is Scope.ACCOUNT


@pytest.mark.parametrize(("name", "scope"), [("invoices", "everything"), ("invoices", ""), (PORTAL, "contact")])
def test_no_other_scope_is_taken(staff: Browser, name: str, scope: str) -> None:
    form = {"do": "scope", "module": name, "scope": scope, "confirmed": "1"}
    assert staff.post("/staff/modules/", form).status_code == 400


def test_a_module_that_fails_while_it_is_switched_stays_as_it_was(
    engine: Engine, tenant: Tenant, registry: Registry, staff: Browser
) -> None:
    registry.take(Refusing())
    follow(staff, staff.post("/staff/modules/", {"do": "on", "module": "refusing"}))
    answer = staff.post("/staff/modules/", {"do": "off", "module": "refusing"})
    assert answer.status_code == 422
    assert "Nothing was changed" in words(answer)
    assert "not now" not in words(answer)
    assert switches(engine, tenant).on_for_tenant("refusing")


def test_a_module_in_quarantine_is_shown_with_its_reason(registry: Registry, staff: Browser) -> None:
    registry.quarantine("broken", ImportError("no module named ponies"))
    for path in ("/staff/modules/", "/staff/health/", "/staff/"):
        assert "no module named ponies" in words(staff.get(path)), path
    assert staff.post("/staff/modules/", {"do": "on", "module": "broken"}).status_code == 404


def test_settings_of_single_clients_and_contacts_are_counted(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    with rows.writing(engine, tenant) as session:
        for n in range(2):
            set_switch(session, Registry(), "invoices", "account", rows.account(session, f"A{n}").id, False)
        set_switch(session, Registry(), "invoices", "contact", rows.contact(session, "Ana").id, False)
    page = words(staff.get("/staff/modules/"))
    assert "2 clients with their own setting · 1 contact with their own setting" in page


def test_another_tenant_keeps_its_switches(engine: Engine, tenant: Tenant, other: Tenant, staff: Browser) -> None:
    follow(staff, staff.post("/staff/modules/", {"do": "on", "module": "invoices"}))
    assert not switches(engine, other).on_for_tenant("invoices")
    with open_session(engine, system(other.id)) as session:
        assert session.scalars(select(Invoice)).all() == []
