"""The `postigo` command. Each command is thin: it reads its arguments and calls the room that does
the work. What a person asked for goes to standard output, all else to standard error."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import click
from sqlalchemy.exc import DatabaseError

from core.commands import explaining, imports, modules, people, search, tenants
from core.config import Settings, SettingsError, load_settings, make_home, secret_keys
from core.crm.tenants import TenantError
from core.db.engine import make_engine
from core.db.migrations import SchemaError
from core.demo.load import DemoError, load
from core.demo.sign_ins import SignIn, read_sign_ins
from core.files.storage import StorageError
from core.imports import ImportFailed
from core.modules.purge import PurgeError
from core.modules.registry import load_modules
from core.modules.switches import SwitchError
from core.records.explain import Unexplained
from core.scaffold import ScaffoldError
from core.serve import Server, listen
from core.upgrade import bring_up_to_date, check_schema, has_tenant

# What an operator can mend; shown as one line. Anything else is a fault of ours, and shows where.
_MENDABLE = (
    SettingsError, SchemaError, TenantError, SwitchError, Unexplained,
    DemoError, StorageError, ImportFailed, ScaffoldError, PurgeError,
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="postigo")
def cli() -> None:
    """Postigo: the customer portal set into a company's CRM."""


@cli.command()
@click.option("--bind", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port, instead of POSTIGO_PORT (8000).")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option(
    "--behind-https",
    is_flag=True,
    help="A proxy in front speaks https with the world; listening beyond this machine is then allowed.",
)
def serve(bind: str, port: int | None, workers: int, behind_https: bool) -> None:
    """Serve the portal.

    Migrates a SQLite database first, after taking a copy of it, and loads the demonstration when
    there is no tenant yet. On PostgreSQL it refuses an old schema.
    """
    settings = _settings(port)
    secret_keys(settings)
    listener = listen(bind, settings.port, behind_https)
    registry = load_modules()
    prepare = check_schema if settings.database_file is None else bring_up_to_date
    _report(prepare(settings, registry))
    if not has_tenant(settings):
        _first_tenant(behind_https)
    Server(settings, registry, listener, workers, lambda: _announce(settings, bind)).run()


def _first_tenant(behind_https: bool) -> None:
    """Load the demonstration, unless this looks like an installation for real clients."""
    if behind_https:
        _say("There is no tenant yet; make one with: postigo tenant create")
        return
    # In a process of its own: what it loads must not be used on both sides of the server's fork.
    _say("Loading the demonstration ...")
    command = [sys.executable, "-m", "core.cli", "demo"]
    loading = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own command
    if loading.returncode:
        raise click.ClickException("The demonstration could not be loaded.")


def _announce(settings: Settings, bind: str) -> None:
    """Say where the portal is, and how to sign in to the demonstration."""
    host = f"[{bind}]" if ":" in bind else bind
    _say(f"Postigo listens on http://{host}:{settings.port}")
    if sign_ins := read_sign_ins(settings.home):
        _say(f"The demonstration's sign-ins:\n{_table(sign_ins)}")


@cli.command()
def worker() -> None:
    """Do what waits: send mails, clear away what is old.

    `serve` has one of these running beside it; start more where that is not enough, on any machine that
    reaches the database and the files. Ctrl-C ends it after what it is at.
    """
    from core.work import work  # with the whole application, which no other command needs

    work()


@cli.command()
def demo() -> None:
    """Load the demonstration, and print its sign-ins.

    It is made up: a maintenance firm, its clients and a year of their invoices. It holds the hosts
    127.0.0.1 and localhost. Loaded already, it stays as it is.
    """
    settings = _settings()
    registry = load_modules()
    _report(check_schema(settings, registry))
    engine = make_engine(settings.database_url)
    try:
        click.echo(_table(load(engine, registry, settings)))
    finally:
        engine.dispose()


def _table(sign_ins: list[SignIn]) -> str:
    """One line for each sign-in: e-mail, password, and what its person sees."""
    width = max((len(each.email) for each in sign_ins), default=0)
    return "\n".join(f"  {each.email:{width}}  {each.password}  {each.shows}" for each in sign_ins)


@cli.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the schema of this version.

    A SQLite database is copied first. On PostgreSQL this runs as the role of POSTIGO_OWNER_URL.
    """
    registry = load_modules()
    for each in registry.quarantined.values():
        _say(f"Module {each.name} cannot be loaded, and its tables stay as they are: {each.reason}")
    if _report(bring_up_to_date(_settings(), registry)):
        raise click.ClickException("Some modules could not be upgraded; they stay off until they can.")
    _say("The database has the schema of this version.")


for command in (tenants.tenant, people.staff, people.contact, modules.module, explaining.explain):
    cli.add_command(command)
cli.add_command(imports.import_export)
cli.add_command(search.search)


def _settings(port: int | None = None) -> Settings:
    """Read the settings and make the home folder; `port` goes before POSTIGO_PORT."""
    settings = load_settings()
    make_home(settings)
    return settings if port is None else replace(settings, port=port)


def _report(failures: list[Any]) -> list[Any]:
    """Name the modules that are set aside, and give them back."""
    for failure in failures:
        _say(f"Module {failure.module} is set aside: {failure.message}")
    return failures


def _say(text: str) -> None:
    """Tell the person at the terminal, beside whatever a program reads."""
    click.echo(text, err=True)


def main() -> None:
    """Run the command line; an error that its reader can mend is one line on standard error."""
    try:
        sys.exit(cli.main(prog_name="postigo", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        _say(error.format_message())
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _say(f"postigo: {error.format_message()}")
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except _MENDABLE as error:
        _say(f"postigo: {error}")
        sys.exit(1)
    except DatabaseError as error:
        _say(f"postigo: the database says: {' '.join(str(error.orig).split())}")
        sys.exit(1)


if __name__ == "__main__":
    main()
