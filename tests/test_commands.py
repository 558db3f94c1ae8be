"""The `postigo` command: help everywhere, one clear line for each error, a server that starts and ends well."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import click
import pytest
from sqlalchemy import select

from core.cli import cli, main
from core.config import Settings
from core.crm.models import Contact
from core.crm.tenants import find_tenant
from core.crm.window import one_year_on
from core.db.engine import make_engine
from core.db.session import open_session
from core.db.viewer import installation, system
from core.i18n import today_in
from core.outbox.models import Mail
from tests.databases import PostgresDatabases
from tests.server import environment, free_port

# Promised: scripts of operators use them.
PROMISED = {
    "serve", "worker", "demo", "db upgrade", "tenant create", "staff create", "contact activate", "module list",
    "module enable", "module disable", "module purge", "import", "explain",
}  # fmt: skip


def commands(group: click.Group = cli, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Postigo = Callable[..., Said]


@pytest.fixture
def postigo(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Postigo:
    """Run a command in this process, with the settings and the environment that are given."""

    def run(settings: Settings, *arguments: str, **changes: str) -> Said:
        with monkeypatch.context() as patch:
            for name, value in {**environment(settings), **changes}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["postigo", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


def tenant(postigo: Postigo, settings: Settings) -> None:
    """Make the tenant "fuego" of the host fuego.localhost."""
    made = postigo(settings, "tenant", "create", "fuego", "--name", "Fuego", "--host", "fuego.localhost")
    assert made.code == 0, made.err


def add_contact(settings: Settings, **values: object) -> int:
    """Add a contact to "fuego"; give the id."""
    engine = make_engine(settings.database_url)
    with open_session(engine, installation()) as session:
        tenant_id = find_tenant(session, "fuego").id
    with open_session(engine, system(tenant_id), writes=True) as session:
        contact = Contact(**values)
        session.add(contact)
        session.commit()
        contact_id = contact.id
    engine.dispose()
    return contact_id


def read_contact(settings: Settings, contact_id: int) -> Contact:
    """Read a contact of "fuego"."""
    engine = make_engine(settings.database_url)
    with open_session(engine, installation()) as session:
        tenant_id = find_tenant(session, "fuego").id
    with open_session(engine, system(tenant_id)) as session:
        found = session.get_one(Contact, contact_id)
    engine.dispose()
    return found


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
    postigo: Postigo, tmp_path: Path, arguments: list[str], changes: dict[str, str], says: str
) -> None:
    home = tmp_path / "home"
    url = f"sqlite:///{home}/postigo.db"
    settings = Settings(home, url, url, free_port(), home / "secret.key")
    said = postigo(settings, *arguments, **changes)
    assert said.code not in (0, 130)
    assert said.out == ""
    assert len(said.err.splitlines()) == 1, said.err
    assert says in said.err


def test_a_database_without_the_schema_is_refused_with_the_command_that_mends_it(
    postigo: Postigo, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/postigo.db"
    settings = Settings(tmp_path, url, url, 8000, tmp_path / "secret.key")
    said = postigo(settings, "module", "list", "--tenant", "fuego")
    assert (said.code, said.out) == (1, "")
    assert said.err == ("postigo: The database has an old schema; bring it up to date with: postigo db upgrade\n")


def test_an_operator_makes_a_tenant_and_switches_its_modules(postigo: Postigo, settings: Settings) -> None:
    made = postigo(settings, "tenant", "create", "fuego", "--name", "Fuego", "--host", "fuego.localhost")
    assert (made.code, made.out) == (0, ""), made.err
    again = postigo(settings, "tenant", "create", "fuego", "--name", "Fuego", "--host", "other.localhost")
    assert (again.code, again.err) == (1, "postigo: There is a tenant 'fuego' already.\n")

    def states() -> dict[str, list[str]]:
        said = postigo(settings, "module", "list", "--tenant", "fuego")
        assert (said.code, said.err) == (0, "")
        return {line.split("\t")[0]: line.split("\t")[2:] for line in said.out.splitlines()}

    assert states()["invoices"] == ["off", "account"]
    enabled = postigo(settings, "module", "enable", "invoices", "--tenant", "fuego", "--scope", "contact")
    assert enabled.code == 0
    assert states()["invoices"] == ["on", "contact"]
    assert postigo(settings, "module", "disable", "invoices", "--tenant", "fuego").code == 0
    assert states()["invoices"] == ["off", "contact"]
    wrong = postigo(settings, "module", "enable", "nonsense", "--tenant", "fuego")
    assert wrong.code == 1
    assert "nonsense" in wrong.err
    nowhere = postigo(settings, "module", "list", "--tenant", "agua")
    assert nowhere.err == "postigo: There is no tenant 'agua'.\n"


def test_a_new_staff_user_gets_a_link_that_stands_alone_on_standard_output(
    postigo: Postigo, settings: Settings
) -> None:
    tenant(postigo, settings)
    said = postigo(settings, "staff", "create", "ana@fuego.es", "--tenant", "fuego", "--name", "Ana")
    assert said.code == 0
    assert re.fullmatch(r"http://fuego\.localhost:8000/activate/[\w-]{43}\n", said.out)
    assert "7 days" in said.err
    again = postigo(settings, "staff", "create", "ANA@fuego.es", "--tenant", "fuego")
    assert again.code == 0
    assert again.out != said.out
    wrong = postigo(settings, "staff", "create", "ana", "--tenant", "fuego")
    assert (wrong.code, wrong.out, wrong.err) == (1, "", "postigo: 'ana' is no e-mail address.\n")


def test_links_name_the_port_in_use_and_a_public_address_goes_before_it(postigo: Postigo, settings: Settings) -> None:
    tenant(postigo, settings)
    (settings.home / "port").write_text("8123")
    said = postigo(settings, "staff", "create", "ana@fuego.es", "--tenant", "fuego")
    assert said.out.startswith("http://fuego.localhost:8123/activate/")
    public = ["--name", "Agua", "--host", "agua.es", "--url", "https://clientes.agua.es"]
    assert postigo(settings, "tenant", "create", "agua", *public).code == 0
    said = postigo(settings, "staff", "create", "ana@agua.es", "--tenant", "agua")
    assert said.out.startswith("https://clientes.agua.es/activate/")


def test_a_contact_is_activated_for_a_year_unless_told(postigo: Postigo, settings: Settings) -> None:
    tenant(postigo, settings)
    contact_id = add_contact(settings, email="Luz@cliente.es", email_key="luz@cliente.es")
    today = today_in("Europe/Madrid")
    said = postigo(settings, "contact", "activate", "luz@CLIENTE.es", "--tenant", "fuego")
    assert said.code == 0, said.err
    assert re.fullmatch(r"http://fuego\.localhost:8000/activate/[\w-]{43}\n", said.out)
    found = read_contact(settings, contact_id)
    assert (found.portal_user, found.support_start, found.portal_end) == (True, today, one_year_on(today))
    dates = ["--from", "2026-01-01", "--until", str(today)]
    assert postigo(settings, "contact", "activate", "luz@cliente.es", "--tenant", "fuego", *dates).code == 0
    found = read_contact(settings, contact_id)
    assert (found.support_start, found.portal_end) == (date(2026, 1, 1), today)
    assert waiting_mails(settings) == 1  # access began once


def test_a_contact_whose_support_starts_later_gets_a_mail_on_that_day_and_no_link(
    postigo: Postigo, settings: Settings
) -> None:
    tenant(postigo, settings)
    add_contact(settings, email="luz@cliente.es", email_key="luz@cliente.es")
    start = today_in("Europe/Madrid") + timedelta(days=40)
    said = postigo(settings, "contact", "activate", "luz@cliente.es", "--tenant", "fuego", "--from", str(start))
    assert (said.code, said.out) == (0, "")
    assert f"leaves for luz@cliente.es on {start}" in said.err
    assert waiting_mails(settings) == 1


def waiting_mails(settings: Settings) -> int:
    """How many mails wait for the contacts of "fuego"."""
    engine = make_engine(settings.database_url)
    with open_session(engine, installation()) as session:
        tenant_id = find_tenant(session, "fuego").id
    with open_session(engine, system(tenant_id)) as session:
        found = session.scalars(select(Mail).where(Mail.state == "waiting")).all()
    engine.dispose()
    return len(found)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nobody@cliente.es"], "No contact has the e-mail nobody@cliente.es."),
        (["twice@cliente.es"], "Several contacts have the e-mail twice@cliente.es."),
        (["luz@cliente.es", "--from", "2999-01-01"], "The end comes before the start."),
        (["luz@cliente.es", "--from", "2025-02-01", "--until", "2025-01-01"], "The end comes before the start."),
        (["luz@cliente.es", "--from", "2025-02-01", "--until", "2025-03-01"], "The last day has passed already."),
        (["luz@cliente.es", "--until", "yesterday"], "Invalid value for '--until'"),
    ],
)
def test_a_contact_who_cannot_be_activated_is_one_line_and_nothing_changes(
    postigo: Postigo, settings: Settings, arguments: list[str], says: str
) -> None:
    tenant(postigo, settings)
    luz = add_contact(settings, email="luz@cliente.es", email_key="luz@cliente.es")
    for _ in range(2):
        add_contact(settings, email="twice@cliente.es", email_key="twice@cliente.es")
    said = postigo(settings, "contact", "activate", *arguments, "--tenant", "fuego")
    assert said.code != 0
    assert said.out == ""
    assert said.err.startswith(f"postigo: {says}")
    assert len(said.err.splitlines()) == 1
    assert not read_contact(settings, luz).portal_user


def test_explain_says_each_rule_and_the_verdict(postigo: Postigo, settings: Settings) -> None:
    tenant(postigo, settings)
    add_contact(settings, email="luz@cliente.es", email_key="luz@cliente.es")
    said = postigo(settings, "explain", "luz@cliente.es", "invoices.invoice", "7", "--tenant", "fuego")
    assert said.code == 0, said.err
    *rules, verdict = said.out.splitlines()
    assert verdict == "They do not see it."
    assert [rule for rule in rules if rule.startswith("no ")]
    wrong = postigo(settings, "explain", "luz@cliente.es", "nonsense.nothing", "7", "--tenant", "fuego")
    assert wrong.code == 1
    assert "nonsense.nothing" in wrong.err


def test_on_postgresql_the_schema_waits_for_the_owners_command_and_the_rest_needs_no_owner(
    postigo: Postigo, postgres_databases: PostgresDatabases, tmp_path: Path
) -> None:
    with postgres_databases.empty() as database:
        settings = Settings(tmp_path, database.url, database.owner_url, free_port(), tmp_path / "secret.key")
        for command in (["serve"], ["demo"], ["module", "list", "--tenant", "fuego"]):
            refused = postigo(settings, *command)
            assert (refused.code, refused.out) == (1, "")
            assert refused.err.endswith("postigo db upgrade\n")
        assert postigo(settings, "db", "upgrade").code == 0
        without_owner = replace(settings, owner_url=settings.database_url)
        loaded = postigo(without_owner, "demo")
        assert loaded.code == 0, loaded.err
        assert "@" in loaded.out
        again = postigo(without_owner, "demo")
        assert again.out == loaded.out
