"""The command for authors of modules."""

from pathlib import Path

import click

from core.scaffold import new_module


@click.command("new")
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
