"""Tenants are made whole, with values that can be used, or not at all."""

import pytest
from sqlalchemy import Engine, func, select

from core.crm.models import Tenant, TenantHost
from core.crm.tenants import TenantError, create_tenant, find_tenant, host_name
from core.db.session import open_session
from core.db.viewer import installation


def test_a_tenant_is_found_by_slug_with_its_hosts(engine: Engine) -> None:
    with open_session(engine, installation(), writes=True) as session:
        create_tenant(session, "fuego", "  Fuego   y Agua ", ["Clientes.Fuego.es."], url="https://Clientes.fuego.es/")
        session.commit()
    with open_session(engine, installation()) as session:
        tenant = find_tenant(session, "fuego")
        assert (tenant.name, tenant.url) == ("Fuego y Agua", "https://clientes.fuego.es")
        assert (tenant.language, tenant.country, tenant.currency) == ("es", "ES", "EUR")
        assert [host.host for host in tenant.hosts] == ["clientes.fuego.es"]
        with pytest.raises(TenantError, match="There is no tenant 'agua'"):
            find_tenant(session, "agua")


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "Fuego"},
        {"slug": "-fuego"},
        {"slug": "f" * 64},
        {"slug": "fuego\n"},
        {"name": " "},
        {"name": "a\x00b"},
        {"name": "n" * 201},
        {"hosts": ["fuego.es:8000"]},
        {"hosts": ["fuego.es/portal"]},
        {"hosts": ["fuego..es"]},
        {"hosts": [""]},
        {"hosts": ["a.es", "A.es"]},
        {"url": "fuego.es"},
        {"url": "ftp://fuego.es"},
        {"url": "https://fuego.es/portal"},
        {"url": "https://user@fuego.es"},
        {"url": "https://fuego.es:port"},
        {"url": "https://fue go.es"},
        {"url": "https://[fuego"},
        {"url": "javascript:alert(1)"},
        {"language": "de"},
        {"country": "es"},
        {"country": "ZZ"},
        {"time_zone": "Madrid"},
        {"currency": "EURO"},
    ],
)
def test_a_value_that_cannot_be_used_makes_no_tenant(engine: Engine, wrong: dict[str, object]) -> None:
    values: dict[str, object] = {"slug": "fuego", "name": "Fuego", "hosts": ["fuego.es"], **wrong}
    with open_session(engine, installation(), writes=True) as session, pytest.raises(TenantError) as raised:
        create_tenant(session, **values)  # type: ignore[arg-type]
    assert "\n" not in str(raised.value)
    with open_session(engine, installation()) as session:
        assert session.scalar(select(func.count(Tenant.id))) == 0


def test_a_slug_and_a_host_belong_to_one_tenant(engine: Engine) -> None:
    with open_session(engine, installation(), writes=True) as session:
        create_tenant(session, "fuego", "Fuego", ["fuego.es"])
        session.commit()
        with pytest.raises(TenantError, match="already"):
            create_tenant(session, "fuego", "Otro", ["otro.es"])
        with pytest.raises(TenantError, match="already"):
            create_tenant(session, "otro", "Otro", ["FUEGO.es"])
        session.rollback()
        assert session.scalar(select(func.count(TenantHost.id))) == 1


@pytest.mark.parametrize(
    ("written", "name"), [("127.0.0.1", "127.0.0.1"), ("LOCALHOST", "localhost"), ("münchen.de", "xn--mnchen-3ya.de")]
)
def test_a_host_is_kept_as_requests_name_it(written: str, name: str) -> None:
    assert host_name(written) == name
