"""The `postigo` command: help everywhere, one clear line for each error, a server that starts and ends well."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from core.cli import cli
from core.config import Settings
from tests.server import POSTIGO, environment, free_port

ROOT = Path(__file__).parents[1]

# Promised: scripts of operators use them.
PROMISED = {
    "serve", "demo", "db upgrade", "tenant create", "staff create", "contact activate", "module list",
    "module enable", "module disable", "import", "explain",
}  # fmt: skip


def commands(group: click.Group = cli, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def postigo(
    settings: Settings, *arguments: str, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does."""
    env = {**environment(settings), **changes}
    return subprocess.run([POSTIGO, *arguments], env=env, capture_output=True, text=True, check=False, timeout=120)


def test_the_promised_commands_are_there() -> None:
    assert {name for name, _ in commands()} >= PROMISED


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_and_option_explains_itself(name: str) -> None:
    command = dict(commands())[name]
    assert command.help
    assert len(command.help.splitlines()[0]) < 100
    with click.Context(command, info_name=name) as context:
        said = command.get_help(context)
    assert "--help" in said
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name


@pytest.mark.parametrize(
    ("arguments", "changes", "says"),
    [
        (["bake"], {}, "No such command 'bake'"),
        (["serve", "--port", "http"], {}, "--port"),
        (["serve", "--port", "70000"], {}, "--port"),
        (["serve", "--bind", "0.0.0.0"], {}, "--behind-https"),
        (["serve", "--bind", "example.com"], {}, "--bind"),
        (["serve"], {"POSTIGO_PORT": "eighty"}, "POSTIGO_PORT"),
        (["serve"], {"POSTIGO_DATABASE_URL": "mysql://host/name"}, "POSTIGO_DATABASE_URL"),
        (["serve"], {"POSTIGO_HOME": "/dev/null/home"}, "POSTIGO_HOME"),
        (["db", "upgrade"], {"POSTIGO_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "database"),
    ],
)
def test_an_error_is_one_line_on_standard_error(
    tmp_path: Path, arguments: list[str], changes: dict[str, str], says: str
) -> None:
    home = tmp_path / "home"
    url = f"sqlite:///{home}/postigo.db"
    settings = Settings(home, url, url, free_port(), home / "secret.key")
    said = postigo(settings, *arguments, **changes)
    assert said.returncode not in (0, 130)
    assert said.stdout == ""
    assert len(said.stderr.splitlines()) == 1, said.stderr
    assert says in said.stderr


def test_a_database_without_the_schema_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/postigo.db"
    settings = Settings(tmp_path, url, url, 8000, tmp_path / "secret.key")
    said = postigo(settings, "module", "list", "--tenant", "fuego")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == (
        "postigo: The database has an old schema; bring it up to date with: postigo db upgrade\n"
    )


def test_an_operator_makes_a_tenant_and_switches_its_modules(settings: Settings) -> None:
    made = postigo(settings, "tenant", "create", "fuego", "--name", "Fuego", "--host", "fuego.localhost")
    assert (made.returncode, made.stdout) == (0, ""), made.stderr
    again = postigo(settings, "tenant", "create", "fuego", "--name", "Fuego", "--host", "other.localhost")
    assert (again.returncode, again.stderr) == (1, "postigo: There is a tenant 'fuego' already.\n")

    def states() -> dict[str, list[str]]:
        said = postigo(settings, "module", "list", "--tenant", "fuego")
        assert (said.returncode, said.stderr) == (0, "")
        return {line.split("\t")[0]: line.split("\t")[2:] for line in said.stdout.splitlines()}

    assert states()["invoices"] == ["off", "account"]
    assert postigo(settings, "module", "enable", "invoices", "--tenant", "fuego", "--scope", "contact").returncode == 0
    assert states()["invoices"] == ["on", "contact"]
    assert postigo(settings, "module", "disable", "invoices", "--tenant", "fuego").returncode == 0
    assert states()["invoices"] == ["off", "contact"]
    wrong = postigo(settings, "module", "enable", "nonsense", "--tenant", "fuego")
    assert wrong.returncode == 1
    assert "nonsense" in wrong.stderr
    assert postigo(settings, "module", "list", "--tenant", "agua").stderr == "postigo: There is no tenant 'agua'.\n"
