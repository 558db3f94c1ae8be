"""The session cookie: signed, and named by how the tenant's portal is reached."""

from typing import Any

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from core.access.links import host_of, public_url
from core.crm.models import Tenant, TenantHost
from core.db.session import WalledSession, go_on_as, keep
from core.db.viewer import installation as as_installation
from core.installation import installation

# What needs no tenant: files that are the same for all, and the answer to a watchdog.
_OF_NOBODY = ("/static/", "/healthz")
# What needs the tenant alone: no person, no cookie.
_OF_TENANT = ("/theme.css",)

_TENANT_OF_HOST = keep(
    select(Tenant)
    .join(TenantHost, TenantHost.owner_tenant == Tenant.id)
    .where(TenantHost.host == bindparam("host"))
    .options(joinedload(Tenant.hosts))
)


def needs_tenant(path: str) -> bool:
    """Whether an address belongs to one tenant."""
    return not path.startswith(_OF_NOBODY)


def needs_person(path: str) -> bool:
    """Whether the answer under an address may depend on who asks."""
    return needs_tenant(path) and path not in _OF_TENANT


def find_tenant(session: WalledSession, host: str) -> Tenant | None:
    """The tenant of a host name, with its hosts, in one statement; None for a stranger's. The session is the
    installation's."""
    return session.scalars(_TENANT_OF_HOST, {"host": host}).unique().one_or_none() if host else None


def ask_tenant(request: Request) -> None:
    """Find the request's tenant (`g.tenant`) by asking, and remember them for the requests to come."""
    here, host = installation(), _host(request)
    go_on_as(g.door, as_installation())
    g.tenant, g.tenant_asked = find_tenant(g.door, host), True
    if g.tenant is None:
        here.tenants.pop(host, None)
    else:
        here.tenants[host] = g.tenant


def _host(request: Request) -> str:
    return host_of(request.environ.get("HTTP_HOST", ""))


def over_https() -> bool:
    """Whether the public address of the request's tenant is one of https."""
    tenant = g.get("tenant")
    return tenant is not None and public_url(tenant, installation().settings.port).startswith("https:")


class DoorSessions(SecureCookieSessionInterface):
    """Flask's signed cookie. Its name and attributes hang on the tenant, who is therefore found here,
    before anything else of the request is looked at."""

    _signs: URLSafeTimedSerializer | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Find the tenant (`g.tenant`, or None), and read the cookie where the answer depends on it. Leaves
        the session that the door goes on with (`g.door`), which asks whether a tenant that was met before is
        still as it was (`g.tenant_asked` says whether that is done)."""
        g.tenant, g.tenant_asked = None, False
        if needs_tenant(request.path):
            g.door = WalledSession(installation().engine, as_installation(), writes=False)
            if needs_person(request.path):
                g.tenant = installation().tenants.get(_host(request))
            if g.tenant is None:
                ask_tenant(request)
        if g.tenant is None or not needs_person(request.path):
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads cookies: made once, for the key is that of the installation."""
        if self._signs is None:
            self._signs = super().get_signing_serializer(app)
        return self._signs

    def get_cookie_name(self, app: Flask) -> str:
        """A name with which browsers promise that the cookie was set by this host over https."""
        return "__Host-postigo" if self.get_cookie_secure(app) else "postigo"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Over https alone, where the tenant's public address is one."""
        return over_https()

    def get_cookie_path(self, app: Flask) -> str:
        """The whole host, as the name promises."""
        return "/"

    def get_cookie_domain(self, app: Flask) -> None:
        """This host alone, as the name promises."""

    def get_cookie_httponly(self, app: Flask) -> bool:
        """Never readable by scripts."""
        return True

    def get_cookie_samesite(self, app: Flask) -> Any:
        """Not sent along with what other sites post."""
        return "Lax"

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where the answer depends on who asks; leave others free to be cached."""
        if g.get("tenant") is not None and needs_person(request.path):
            super().save_session(app, session, response)
