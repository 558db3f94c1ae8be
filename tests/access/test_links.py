"""Addresses that we hand out, and that we lead on to."""

import pytest

from core.access.links import host_of, public_url, safe_next
from core.crm.models import Tenant, TenantHost


@pytest.mark.parametrize(
    ("url", "hosts", "expected"),
    [
        ("", ["clientes.example.es", "localhost"], "https://clientes.example.es"),
        ("", ["localhost"], "http://localhost:8130"),
        ("", ["agua.localhost"], "http://agua.localhost:8130"),
        ("", ["127.0.0.1"], "http://127.0.0.1:8130"),
        ("", ["127.0.0.1.example.es"], "https://127.0.0.1.example.es"),
        ("", ["notlocalhost"], "https://notlocalhost"),
        ("https://portal.example.es:8443/", ["localhost"], "https://portal.example.es:8443"),
        ("http://intranet", ["intranet"], "http://intranet"),
    ],
)
def test_links_begin_with_the_tenants_own_address(url: str, hosts: list[str], expected: str) -> None:
    tenant = Tenant(url=url, hosts=[TenantHost(host=host) for host in hosts])
    assert public_url(tenant, 8130) == expected


@pytest.mark.parametrize("target", ["/", "/portal/x/7?a=b//c&d=http://e", "/a#//b", "/señal", "/%2F%2Fevil"])
def test_a_path_of_ours_is_led_on_to(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "x",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\n//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\x00/evil.example",
        "/a//evil.example",
        "/.//evil.example",
        "http:evil.example",
        "http:///evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/javascript:alert(1)",
        "user@evil.example",
        "//user:pw@evil.example/",
        "/x\\..\\..\\evil",
        "/" + "x" * 3000,
    ],
)
def test_nothing_else_is(target: str | None) -> None:
    assert safe_next(target) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Clientes.Example.ES:8000", "clientes.example.es"),
        ("https://a.example", "a.example"),
        ("[::1]:8000", "::1"),
        ("user@a.example", ""),
        ("a.example/b", ""),
        ("a.exa\tmple", ""),
        ("a b", ""),
        ("[::1", ""),
        ("null", "null"),
        ("", ""),
    ],
)
def test_a_host_is_read_without_its_port(text: str, expected: str) -> None:
    assert host_of(text) == expected
