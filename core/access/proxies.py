"""The client's own address and scheme, where a proxy that we trust stands in front."""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

Network = IPv4Network | IPv6Network


class TrustedProxies:
    """WSGI middleware: takes X-Forwarded-For and X-Forwarded-Proto from trusted proxies alone.

    The host is always that of the Host header: a proxy passes it on as it came."""

    def __init__(self, app: Callable[..., Iterable[bytes]], trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request, with the client's address and scheme in their usual places."""
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and _within(peer, self._trusted):
            environ["REMOTE_ADDR"] = str(client_address(peer, environ.get("HTTP_X_FORWARDED_FOR", ""), self._trusted))
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)


def client_address(
    peer: IPv4Address | IPv6Address, forwarded: str, trusted: Sequence[Network]
) -> IPv4Address | IPv6Address:
    """The right-most address of X-Forwarded-For that is not a trusted proxy's: what stands left of it
    was written by strangers. Where an entry cannot be read, the last proxy that could."""
    nearest = peer
    for entry in reversed(forwarded.split(",")):
        address = _address(entry.strip())
        if address is None:
            return nearest
        nearest = address
        if not _within(address, trusted):
            return address
    return nearest


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _within(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
