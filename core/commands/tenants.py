"""The commands for tenants."""

import click

from core.commands.opening import ready
from core.crm.tenants import create_tenant
from core.db.engine import make_engine
from core.db.session import open_session
from core.db.viewer import installation


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
    settings, _ = ready()
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
