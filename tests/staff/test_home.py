from datetime import date, timedelta

from sqlalchemy import Engine

from core.crm.models import Tenant
from core.modules.registry import load_modules
from core.modules.switches import set_switch
from tests.access import world
from tests.access.browser import Browser
from tests.staff import rows
from tests.staff.reading import words


def test_an_identifier_of_two_is_told_with_the_way_to_both(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    ana = world.add_contact(engine, tenant, "both@example.com")
    bea = world.add_contact(engine, tenant, "both@example.com", first_name="Bea")
    page = staff.get("/staff/")
    assert "both@example.com belongs to several people" in words(page)
    for person in (ana, bea):
        assert f'href="/staff/contacts/{person.id}"' in page.text
        seen = words(staff.get(f"/staff/contacts/{person.id}"))
        assert "both@example.com belongs to somebody else too" in seen


def test_an_identifier_of_somebody_without_access_troubles_nobody(
    engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    world.add_contact(engine, tenant, "both@example.com")
    world.add_contact(engine, tenant, "both@example.com", portal_user=False)
    assert "belongs to several people" not in words(staff.get("/staff/"))


def test_a_newcomer_is_led_until_the_first_client_has_a_password(
    engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    page = staff.get("/staff/")
    assert "First steps" in words(page)
    assert 'href="/staff/accounts/new"' in page.text
    with rows.writing(engine, tenant) as session:
        set_switch(session, load_modules(), "invoices", "tenant", tenant.id, True)
        window = {"support_start": date.today() - timedelta(2), "portal_end": date.today() + timedelta(9)}
        acme = rows.account(session, "Acme")
        rows.contact(session, "Ana", "", acme, email="a@example.com", portal_user=True, **window)
    page = staff.get("/staff/")
    assert "First steps" in words(page)
    assert 'href="/staff/accounts/new"' not in page.text
    world.add_contact(engine, tenant, "ready@example.com")
    page = staff.get("/staff/")
    assert "First steps" not in words(page)
    assert "Contacts with access 2" in words(page)


def test_the_numbers_are_of_this_tenant_alone(engine: Engine, tenant: Tenant, other: Tenant, staff: Browser) -> None:
    world.add_contact(engine, other, "there@example.com")
    assert "Contacts with access 0" in words(staff.get("/staff/"))
