"""The commands for modules: on and off, taken out for good, and begun by an author."""

from pathlib import Path

import click
from sqlalchemy import Engine

from core.commands.opening import of_tenant, ready, work
from core.config import Settings
from core.db.engine import make_engine
from core.db.migrations import UPGRADE_LOCK
from core.db.viewer import Scope
from core.files.storage import Store
from core.modules.left import left_behind
from core.modules.purge import Belongings, belongings, purge
from core.modules.switches import read_switches, set_scope, set_switch
from core.scaffold import new_module
from core.upgrade import copy_database


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
        its = _purge(engine, settings, name, known, yes)
    finally:
        engine.dispose()
    store = Store(settings.home / "files")
    for key in its.keys:
        store.delete(key)
    click.echo(f"Nothing of the module {name} is left.", err=True)
    if name in known:
        click.echo("Its package is still here; what serves now must be started anew.", err=True)


def _purge(engine: Engine, settings: Settings, name: str, known: set[str], yes: bool) -> Belongings:
    """Say what would go, ask, copy what can be copied, and delete it; gives what went."""
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
    return its


@module.command("new")
@click.argument("name")
def module_new(name: str) -> None:
    """Begin a module: write an installable distribution postigo-NAME into this folder.

    NAME stands in addresses and in names of tables: lower case letters, digits and underscores.
    """
    folder = new_module(name, Path.cwd())
    click.echo(f"{folder.name} is begun. What follows:", err=True)
    click.echo(
        f"  python -m pip install -e './{folder.name}[test]'\n"
        f"  python -m pytest {folder.name}        what every module has to pass\n"
        f"  postigo db upgrade\n"
        f"  postigo module enable {name} --tenant SLUG\n"
        f"Its list is then at /portal/{name}/ for that tenant's clients.",
        err=True,
    )
