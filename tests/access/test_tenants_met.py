"""A tenant that was met is remembered, and asked for anew with each request: what changes is felt by the next."""

from sqlalchemy import Engine, delete, select

from core.crm.models import Tenant, TenantHost
from core.crm.tenants import create_tenant
from core.db.session import open_session
from core.db.viewer import installation
from tests.access import world
from tests.access.browser import Browser


def test_a_change_is_felt_by_whoever_is_signed_in_and_by_visitors(
    engine: Engine, tenant: Tenant, guest: Browser
) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    assert guest.who()["name"] == guest.fresh().who()["name"] == tenant.name
    with open_session(engine, installation(), writes=True) as session:
        session.get_one(Tenant, tenant.id).name = "Another name"
        session.commit()
    told = guest.who()
    assert (told["name"], told["kind"]) == ("Another name", "contact")
    with open_session(engine, installation(), writes=True) as session:
        session.get_one(Tenant, tenant.id).name = "A third"
        session.commit()
    assert guest.fresh().who()["name"] == "A third"


def test_a_host_that_is_gone_leads_nowhere(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    assert guest.who()["kind"] == "contact"
    with open_session(engine, installation(), writes=True) as session:
        session.execute(delete(TenantHost).where(TenantHost.owner_tenant == tenant.id))
        session.commit()
    assert guest.get("/probe").status_code == guest.fresh().get("/probe").status_code == 400


def test_a_host_that_goes_to_another_tenant_takes_nobody_along(engine: Engine, tenant: Tenant, guest: Browser) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    guest.sign_in("ana@example.org")
    assert guest.who()["kind"] == "contact"
    with open_session(engine, installation(), writes=True) as session:
        other = create_tenant(session, "other", "Other", ["other.example.org"], url=f"https://{guest.host}")
        session.flush()
        session.scalars(select(TenantHost).where(TenantHost.host == guest.host)).one().owner_tenant = other.id
        session.commit()
    told = guest.who()
    assert (told["kind"], told["person"], told["name"]) == ("visitor", None, "Other")
