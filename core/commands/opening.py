"""What a command opens: the settings and modules of this installation, and one tenant with the system's session."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import click

from core.config import Settings, load_settings, make_home
from core.crm.models import Tenant
from core.crm.tenants import find_tenant
from core.db.engine import make_engine
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.modules.delivery import listen
from core.modules.registry import Registry, load_modules
from core.serve import port_in_use
from core.upgrade import check_schema

of_tenant = click.option("--tenant", "slug", required=True, metavar="SLUG", help="The tenant, by its slug.")


@dataclass(frozen=True)
class Work:
    """What a command works with: one tenant, and the system's session for it, which may write."""

    settings: Settings
    registry: Registry
    tenant: Tenant
    session: WalledSession


@contextmanager
def work(slug: str) -> Iterator[Work]:
    """Open what a command needs for the tenant `slug`; what the command did is kept when it ends well."""
    settings, registry = ready()
    engine = make_engine(settings.database_url)
    listen(engine, registry)
    try:
        with open_session(engine, installation()) as session:
            tenant = find_tenant(session, slug)
            _ = tenant.hosts  # read here: other sessions do not see them
        with open_session(engine, system(tenant.id), writes=True) as session:
            yield Work(settings, registry, tenant, session)
            session.commit()
    finally:
        engine.dispose()


def ready() -> tuple[Settings, Registry]:
    """The settings, with the port that a server of this installation uses, and the modules.

    Raises SettingsError, and SchemaError for a database that must be upgraded first."""
    settings = load_settings()
    make_home(settings)
    registry = load_modules()
    check_schema(settings, registry)
    return replace(settings, port=port_in_use(settings)), registry
