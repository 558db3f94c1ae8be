"""The commands that work on one tenant's data: each opens the session that it needs, and calls the room
that does the work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import click
from sqlalchemy import select

from core.access.activation import make_link
from core.access.invite import Sent, plan, standing
from core.config import Settings, load_settings, make_home
from core.crm.identifiers import email_key
from core.crm.models import Contact, Staff, Tenant
from core.crm.tenants import create_tenant, find_tenant
from core.crm.window import one_year_on
from core.db.engine import make_engine
from core.db.migrations import UPGRADE_LOCK
from core.db.session import WalledSession, open_session
from core.db.viewer import Scope, installation, system
from core.files.storage import Store
from core.i18n import today_in
from core.modules.delivery import listen
from core.modules.left import left_behind
from core.modules.purge import belongings, purge
from core.modules.registry import Registry, load_modules
from core.modules.switches import read_switches, set_scope, set_switch
from core.records.explain import explain as explain_record
from core.serve import port_in_use
from core.upgrade import check_schema, copy_database

of_tenant = click.option("--tenant", "slug", required=True, metavar="SLUG", help="The tenant, by its slug.")


DAY = click.DateTime(formats=["%Y-%m-%d"])


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


@click.group()
def module() -> None:
    """Modules: which are on for a tenant, and how much of an account its contacts see in them."""


@module.command("list")
@of_tenant
def module_list(slug: str) -> None:
    """List the modules with their state: on or off, scope, why one is set aside, or what is kept of one
    that is not installed any more."""
    with work(slug) as at:
        switches = read_switches(at.session)
        for name, found in at.registry.modules.items():
            state = "on" if switches.on_for_tenant(name) else "off"
            click.echo(f"{name}\t{found.version}\t{state}\t{switches.scope(name).value}")
        for name, aside in at.registry.quarantined.items():
            click.echo(f"{name}\t-\tset aside\t{aside.reason}")
        for left in left_behind(at.session, at.registry):
            click.echo(f"{left.name}\t-\tnot installed\t{left.records} records kept")


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


@module.command("purge")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def module_purge(name: str, yes: bool) -> None:
    """Delete everything of a module, of all tenants: its tables, records, files and settings.

    Refused while the module is on for a tenant. Its package may be gone already. A SQLite database is copied
    first; on PostgreSQL this runs as the role of POSTIGO_OWNER_URL.
    """
    settings, registry = ready()
    known = {*registry.modules, *registry.quarantined}
    engine = make_engine(settings.owner_url, guarded=False)
    try:
        with engine.connect() as connection:
            its = belongings(connection, name, known)
        click.echo(f"Of the module {name}, of all tenants, this would be deleted for good:")
        for line in its.lines():
            click.echo(f"  {line}")
        if not yes and click.prompt("To delete it, type the name of the module", err=True) != name:
            raise click.ClickException("That is not its name; nothing was deleted.")
        if settings.database_file is not None:
            copy_database(settings.database_file, settings.home / "backups")
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
            its = belongings(connection, name, known)
            purge(connection, its)
    finally:
        engine.dispose()
    store = Store(settings.home / "files")
    for key in its.keys:
        store.delete(key)
    click.echo(f"Nothing of the module {name} is left.", err=True)
    if name in known:
        click.echo("Its package is still here; what serves now must be started anew.", err=True)


@click.group()
def staff() -> None:
    """Staff: people of the tenant who run its portal."""


@staff.command("create")
@click.argument("email")
@of_tenant
@click.option("--name", default="", help="The person's name.")
def staff_create(email: str, slug: str, name: str) -> None:
    """Make a staff user, and print the one-time link with which they choose a password.

    For somebody who is there already this makes another link.
    """
    with work(slug) as at:
        person = at.session.scalar(select(Staff).where(Staff.email_key == _key(email)))
        if person is None:
            person = Staff(email=email.strip(), email_key=_key(email), name=name.strip())
            at.session.add(person)
            at.session.flush()
        elif not person.active:
            raise click.ClickException(f"{email} is a staff user who has been deactivated.")
        link = make_link(at.session, at.tenant, person, at.settings.port)
    click.echo("With this link, good for 7 days and one use, they choose a password:", err=True)
    click.echo(link)


@click.group()
def contact() -> None:
    """Contacts: people of the tenant's clients."""


@contact.command("activate")
@click.argument("email")
@of_tenant
@click.option("--from", "since", type=DAY, metavar="DATE", help="First day (2026-01-31); today unless it is set.")
@click.option("--until", type=DAY, metavar="DATE", help="Last day; one year from today unless given.")
def contact_activate(email: str, slug: str, since: datetime | None, until: datetime | None) -> None:
    """Let a contact into the portal, and print the one-time link with which they choose a password.

    Where their access begins by it, the mail that lets them in is queued as well; a first day that lies ahead leaves
    it to that mail alone.
    """
    with work(slug) as at:
        person = _contact(at, email)
        before = standing(at.session, at.tenant, person)
        today = today_in(at.tenant.time_zone)
        start = since.date() if since else person.support_start or today
        end = until.date() if until else one_year_on(today)
        if end < start:
            raise click.ClickException("The end comes before the start.")
        if end < today:
            raise click.ClickException("The last day has passed already.")
        person.portal_user, person.support_start, person.portal_end = True, start, end
        at.session.flush()
        sent = plan(at.session, at.tenant, before)
        link = "" if start > today else make_link(at.session, at.tenant, person, at.settings.port)
    click.echo(f"{person.name} may come in from {start} until {end}.", err=True)
    if sent in (Sent.NOW, Sent.LATER):
        when = "now" if link else f"on {start}"
        click.echo(f"The mail that lets them in leaves for {person.email} {when}.", err=True)
    if link:
        click.echo("With this link, good for 7 days and one use, they choose a password:", err=True)
        click.echo(link)


@click.command("explain")
@click.argument("email")
@click.argument("resource", metavar="MODULE.RESOURCE")
@click.argument("record_id", metavar="ID", type=click.IntRange(min=1))
@click.argument("field", required=False, default="")
@of_tenant
def explain(email: str, resource: str, record_id: int, field: str, slug: str) -> None:
    """Say why a contact sees a record, or a field of it, or does not: each rule and its outcome."""
    module_name, _, resource_name = resource.partition(".")
    with work(slug) as at:
        person = _contact(at, email)
        said = explain_record(at.session, at.registry, person, module_name, resource_name, record_id, field)
    for holds, rule in said.rules:
        click.echo(f"{'yes' if holds else 'no':4}{rule}")
    click.echo("They see it." if said.seen else "They do not see it.")


def _contact(at: Work, email: str) -> Contact:
    """The tenant's contact with that e-mail; an error for none and for several."""
    found = at.session.scalars(select(Contact).where(Contact.email_key == _key(email)).limit(2)).all()
    if len(found) != 1:
        many = "Several contacts have" if found else "No contact has"
        raise click.ClickException(f"{many} the e-mail {email}.")
    return found[0]


def _key(email: str) -> str:
    """What sign-in looks for; an error for what is no e-mail address."""
    key = email_key(email)
    if key is None:
        raise click.ClickException(f"{email!r} is no e-mail address.")
    return key
