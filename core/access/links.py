"""The addresses that we hand out or lead to: always the tenant's own."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from core.crm.models import Tenant

_LONGEST_TARGET = 2000


def public_url(tenant: Tenant, port: int) -> str:
    """The address that every link to this tenant's portal begins with, without a slash at its end.

    It is the one that was configured; else that of the first host: http with the port in use on this
    machine itself, https elsewhere. Never what a request's Host header says."""
    if tenant.url:
        return tenant.url.rstrip("/")
    host = tenant.hosts[0].host if tenant.hosts else "localhost"
    return f"http://{host}:{port}" if is_local(host) else f"https://{host}"


def is_local(host: str) -> bool:
    """Whether a host name can only be this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(text: str) -> str:
    """The host name in a Host header or an origin, without port, in lower case; "" where there is none."""
    if " " in text or not text.isprintable():
        return ""  # urlsplit drops some of these, and would read another name than was sent
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        return "" if parts.username is not None or parts.path else (parts.hostname or "")
    except ValueError:
        return ""


def safe_next(target: str | None) -> str | None:
    """`target` where it is a path of this portal to lead on to, else None.

    Browsers drop control characters and read a backslash as a slash, so that neither may occur; two
    slashes would name another host."""
    if not target or len(target) > _LONGEST_TARGET or not target.startswith("/"):
        return None
    if any(c <= " " or c in "\\\x7f" for c in target):
        return None
    path = target.partition("?")[0].partition("#")[0]
    return None if "//" in path or ":" in path.split("/")[1] else target
