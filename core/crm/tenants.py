"""Making a tenant: a company that runs a portal for its own clients, found by its host names."""

import re
from collections.abc import Container, Sequence
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import phonenumbers
from babel.numbers import list_currencies
from sqlalchemy import select

from core.crm.models import Tenant, TenantHost
from core.db.session import WalledSession
from core.i18n import LANGUAGES

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class TenantError(ValueError):
    """A tenant that cannot be made or found; the message is one sentence for the operator."""


def find_tenant(session: WalledSession, slug: str) -> Tenant:
    """The tenant of that slug. The session is the installation's. Raises TenantError when there is none."""
    tenant = session.scalar(select(Tenant).where(Tenant.slug == slug))
    if tenant is None:
        raise TenantError(f"There is no tenant {slug!r}.")
    return tenant


def create_tenant(
    session: WalledSession,
    slug: str,
    name: str,
    hosts: Sequence[str],
    *,
    url: str = "",
    language: str = "es",
    country: str = "ES",
    time_zone: str = "Europe/Madrid",
    currency: str = "EUR",
) -> Tenant:
    """Make a tenant with its host names. The session is the installation's, and the caller commits.

    Raises TenantError for a value that cannot be used, and for a slug or host that is taken."""
    if not _SLUG.fullmatch(slug):
        raise TenantError(f"A slug is small letters, digits and hyphens, at most 63, not {slug!r}.")
    if session.scalar(select(Tenant.id).where(Tenant.slug == slug)) is not None:
        raise TenantError(f"There is a tenant {slug!r} already.")
    tenant = Tenant(
        slug=slug,
        name=_name(name),
        url=_url(url),
        language=_one_of("language", language, LANGUAGES),
        country=_one_of("country", country, phonenumbers.SUPPORTED_REGIONS),
        time_zone=_one_of("time zone", time_zone, available_timezones()),
        currency=_one_of("currency", currency, list_currencies()),
    )
    session.add(tenant)
    session.flush()
    for host in hosts:
        add_host(session, tenant, host)
    return tenant


def add_host(session: WalledSession, tenant: Tenant, host: str) -> None:
    """Let a host name lead to the tenant. Raises TenantError where it is no host name or taken."""
    name = host_name(host)
    if session.scalar(select(TenantHost.id).where(TenantHost.host == name)) is not None:
        raise TenantError(f"The host {name!r} leads to a tenant already.")
    session.add(TenantHost(host=name, owner_tenant=tenant.id))
    session.flush()


def host_name(text: str) -> str:
    """A host as requests name it: small letters, ASCII, no port. Raises TenantError for anything else."""
    try:
        name = text.strip().rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise TenantError(f"A host is a name such as clientes.example.es, without port or path, not {text!r}.")
    return name


def _name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 200 or not cleaned.isprintable():
        raise TenantError("A tenant needs a name of at most 200 characters.")
    return cleaned


def _url(url: str) -> str:
    """The public address without a slash at its end; empty stays empty."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        port = "" if parts.port is None else f":{parts.port}"
        host = host_name(parts.hostname or "")
    except ValueError:
        parts, host, port = urlsplit(""), "", ""
    extra = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not host or extra or not url.isprintable():
        raise TenantError(f"A public address is such as https://clientes.example.es, without path, not {url!r}.")
    return f"{parts.scheme}://{host}{port}"


def _one_of(what: str, value: str, known: Container[str]) -> str:
    if value not in known:
        raise TenantError(f"{value!r} is no {what} that is known here.")
    return value
