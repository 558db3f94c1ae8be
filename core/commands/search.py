"""The commands of the search."""

import click

from core.commands.opening import ready
from core.db.engine import make_engine
from core.search.rebuild import rebuild


@click.group()
def search() -> None:
    """The search: what it finds of all records."""


@search.command("rebuild")
@click.option("--tenant", "slug", metavar="SLUG", help="One tenant alone, by its slug.")
def search_rebuild(slug: str | None) -> None:
    """Fill the index of the search anew.

    Needed where a module has come to search fields that it did not, and never for what is written day by day. The
    portal may go on meanwhile.
    """
    settings, registry = ready()
    engine = make_engine(settings.database_url)
    try:
        click.echo(f"The search knows {rebuild(engine, registry, slug)} records.", err=True)
    finally:
        engine.dispose()
