"""Whose word is taken for the client's address."""

from dataclasses import replace
from ipaddress import ip_network

import pytest
from sqlalchemy import Engine

from core.access.proxies import TrustedProxies
from core.app import create_app
from core.config import Settings
from core.modules.registry import Registry
from tests.access import world
from tests.access.browser import Browser
from tests.access.conftest import _probe

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("::1/128")]


def seen(peer: str, forwarded: str, proto: str = "") -> tuple[str, str]:
    """The address and the scheme that the application gets."""
    got: dict[str, str] = {}

    def app(environ: dict[str, str], start_response: object) -> list[bytes]:
        got.update(environ)
        return []

    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded, "wsgi.url_scheme": "http"}
    TrustedProxies(app, TRUSTED)(environ | {"HTTP_X_FORWARDED_PROTO": proto}, None)
    return got["REMOTE_ADDR"], got["wsgi.url_scheme"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"),
        ("10.0.0.1", "nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", ""),
    ],
)
def test_the_address_is_the_nearest_that_no_trusted_proxy_has(peer: str, forwarded: str, address: str) -> None:
    assert seen(peer, forwarded)[0] == address


@pytest.mark.parametrize(
    ("peer", "proto", "scheme"),
    [
        ("192.0.2.1", "https", "http"),
        ("10.0.0.1", "https", "https"),
        ("10.0.0.1", "https, http", "http"),
        ("10.0.0.1", "javascript", "http"),
    ],
)
def test_so_is_the_scheme(peer: str, proto: str, scheme: str) -> None:
    assert seen(peer, "203.0.113.9", proto)[1] == scheme


def test_the_limits_of_sign_in_go_by_that_address(engine: Engine, settings: Settings) -> None:
    tenant = world.make_tenant(engine)
    world.add_contact(engine, tenant, "ana@example.org")
    trusting = create_app(replace(settings, trusted_proxies=tuple(TRUSTED)), Registry())
    trusting.add_url_rule("/probe", "probe", _probe)
    outside = Browser(trusting.test_client(), address="192.0.2.1")
    for n in range(11):
        said = {"X-Forwarded-For": f"198.51.100.{n}"}
        outside.post("/login", {"identifier": "ana@example.org", "password": "wrong"}, headers=said)
    assert outside.sign_in("ana@example.org").status_code == 422
    behind = Browser(trusting.test_client(), address="10.0.0.1")
    told = behind.get("/probe", headers={"X-Forwarded-For": "203.0.113.5"}).json
    assert told["address"] == "203.0.113.5"
    assert behind.sign_in("ana@example.org").status_code == 303
