"""The commands that work on one tenant's data: each opens the session that it needs, and calls the room
that does the work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import click

from core.config import Settings, load_settings, make_home
from core.crm.models import Tenant
from core.crm.tenants import create_tenant, find_tenant
from core.db.engine import make_engine
from core.db.session import WalledSession, open_session
from core.db.viewer import Scope, installation, system
from core.modules.registry import Registry, load_modules
from core.modules.switches import read_switches, set_scope, set_switch
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
    settings, registry = _ready()
    engine = make_engine(settings.database_url)
    try:
        with open_session(engine, installation()) as session:
            tenant = find_tenant(session, slug)
            _ = tenant.hosts  # read here: other sessions do not see them
        with open_session(engine, system(tenant.id), writes=True) as session:
            yield Work(settings, registry, tenant, session)
            session.commit()
    finally:
        engine.dispose()


def _ready() -> tuple[Settings, Registry]:
    """The settings, with the port that a server of this installation uses, and the modules."""
    settings = load_settings()
    make_home(settings)
    registry = load_modules()
    check_schema(settings, registry)
    return replace(settings, port=port_in_use(settings)), registry


@click.group()
def tenant() -> None:
    """Tenants: companies that run a portal for their clients."""


@tenant.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="The company's name, as pages show it.")
@click.option("--host", "hosts", required=True, multiple=True, help="Host name that leads to it; may be repeated.")
@click.option("--url", default="", help="Public address that links begin with; made from the first host otherwise.")
@click.option("--language", default="es", show_default=True, help="Language of pages where a reader has chosen none.")
@click.option("--country", default="ES", show_default=True, help="Country in which phone numbers are read.")
@click.option("--time-zone", default="Europe/Madrid", show_default=True, help="Where its days begin and end.")
@click.option("--currency", default="EUR", show_default=True, help="Its own currency.")
def tenant_create(
    slug: str, name: str, hosts: tuple[str, ...], url: str, language: str, country: str, time_zone: str, currency: str
) -> None:
    """Make a tenant. Its modules are off until they are enabled."""
    settings, _ = _ready()
    engine = make_engine(settings.database_url)
    try:
        with open_session(engine, installation(), writes=True) as session:
            create_tenant(
                session,
                slug,
                name,
                hosts,
                url=url,
                language=language,
                country=country,
                time_zone=time_zone,
                currency=currency,
            )
            session.commit()
    finally:
        engine.dispose()
    click.echo(f"Tenant {slug} is made.", err=True)


@click.group()
def module() -> None:
    """Modules: which are on for a tenant, and how much of an account its contacts see in them."""


@module.command("list")
@of_tenant
def module_list(slug: str) -> None:
    """List the modules with their state: on or off, scope, or why one is set aside."""
    with work(slug) as at:
        switches = read_switches(at.session)
        for name, found in at.registry.modules.items():
            state = "on" if switches.on_for_tenant(name) else "off"
            click.echo(f"{name}\t{found.version}\t{state}\t{switches.scope(name).value}")
        for name, aside in at.registry.quarantined.items():
            click.echo(f"{name}\t-\tset aside\t{aside.reason}")


@module.command("enable")
@click.argument("name")
@of_tenant
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), help="What a contact sees of an account.")
def module_enable(name: str, slug: str, scope: str | None) -> None:
    """Turn a module on for a tenant's clients, from the next request on."""
    with work(slug) as at:
        set_switch(at.session, at.registry, name, "tenant", at.tenant.id, True)
        if scope is not None:
            set_scope(at.session, name, Scope(scope))
    click.echo(f"Module {name} is on.", err=True)


@module.command("disable")
@click.argument("name")
@of_tenant
def module_disable(name: str, slug: str) -> None:
    """Turn a module off for a tenant's clients, from the next request on. Nothing is deleted."""
    with work(slug) as at:
        set_switch(at.session, at.registry, name, "tenant", at.tenant.id, False)
    click.echo(f"Module {name} is off.", err=True)
