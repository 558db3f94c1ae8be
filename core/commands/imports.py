"""The command `postigo import`, with its progress on standard error."""

import csv
import gc
import sys
from contextlib import suppress
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from core.commands.opening import of_tenant, ready
from core.db.engine import Busy, make_engine
from core.db.statistics import count_anew
from core.files.storage import Store
from core.imports import Progress, Report, run
from core.modules.delivery import listen

_WIDTH = 24


@click.command("import")
@click.argument("profile")
@click.argument("folder", type=click.Path(path_type=Path))
@of_tenant
@click.option(
    "--list", "listing", type=click.Path(path_type=Path), metavar="FILE", help="Write every listed row to a CSV file."
)
def import_export(profile: str, folder: Path, slug: str, listing: Path | None) -> None:
    """Import the CSV export of a CRM from FOLDER, by PROFILE.

    All of it is imported, or nothing: rows that cannot be taken are listed with their reason, and
    anything else that goes wrong undoes the whole. Importing again changes what changed in the CRM.
    """
    settings, registry = ready()
    for name in sorted(registry.quarantined):
        click.echo(f"Module {name} is set aside; what the profile has for it is left out.", err=True)
    engine = make_engine(settings.database_url)
    listen(engine, registry)
    # Rows come and go by the hundred thousand and make no circles; looking for some costs a tenth of the time.
    gc.disable()
    try:
        report = run(engine, registry, Store(settings.home / "files"), slug, profile, folder, Shown())
    finally:
        gc.enable()
        engine.dispose()
    with suppress(Busy, OperationalError):  # the import stands, whatever comes of this; the worker does it daily
        count_anew(settings.database_url)
    for line in report.lines():
        click.echo(line)
    if listing is not None:
        _write_list(report, listing)


def _write_list(report: Report, listing: Path) -> None:
    """Write the listed rows as a table; the import stands, whatever comes of it."""
    try:
        with listing.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("file", "line", "id", "taken", "reason"))
            for each in report.listed:
                rows.writerow((each.file, each.line, _inert(each.external), int(each.taken), _inert(each.reason)))
    except OSError as error:
        raise click.ClickException(f"The export is imported, but {listing} cannot be written: {error}.") from None


def _inert(text: str) -> str:
    """Text of the export as a cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class Shown:
    """Shows progress: a bar on a terminal, a line per table and per tenth of it elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._said: tuple[str, int] = ("", -1)

    def __call__(self, progress: Progress) -> None:
        """Show how far the import is."""
        tenth, name = int(progress.share * 10), f"{progress.file} -> {progress.kind}"
        if self._terminal:
            done = int(progress.share * _WIDTH)
            bar = "#" * done + "." * (_WIDTH - done)
            click.echo(f"\r{name} [{bar}] {progress.rows} rows", err=True, nl=progress.share >= 1)
        elif (name, tenth) != self._said:
            self._said = (name, tenth)
            click.echo(f"{name}: {progress.rows} rows, {progress.share:.0%}", err=True)
