"""Everything of a module goes, of all tenants, on command: after it was shown and asked for, and nothing else."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, inspect, text

from core.cli import main
from core.commands import opening
from core.crm.models import ExternalId
from core.db.engine import make_engine
from core.db.flags import FieldFlags
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import Scope, installation
from core.files.storage import StorageError
from core.modules.flags import save_flags
from core.modules.models import Switch
from core.modules.purge import PurgeError, belongings
from core.modules.registry import Registry
from core.modules.switches import set_scope, set_switch
from core.outbox.models import Job, MailText, MailTextBefore, PeriodicSlot
from core.records.models import Counter
from tests.databases import Database
from tests.server import environment
from tests.worlds.world import World, seeded

ITS = ("invoices_allocation", "invoices_invoice", "invoices_line", "invoices_payment", "alembic_version_invoices")
#: tables of the core that call something by a module's name and another, and all that hold rows of modules
CALLED = {"counter", "external_id", "job", "mail_text", "mail_text_before", "periodic_slot"}
CORES = ("record", "file", "switch", "module_scope", "field_settings", *CALLED)

Purge = Callable[..., int]


@pytest.fixture
def made(database: Database, tmp_path: Path) -> Iterator[World]:
    """A world of two tenants, whose module is off and has something in every table; and traces of another
    module, whose name begins as the first one's."""
    with seeded(database, tmp_path / "home", None) as world:
        for slug in ("one", "two"):
            with world.writing(slug) as session:
                set_switch(session, world.registry, "invoices", "tenant", world.tenancies[slug].id, False)
                set_scope(session, "invoices", Scope.CONTACT)
        with world.writing() as session:
            session.add(Switch(module="invoices_old", level="tenant", target_id=world.one.id, on=True))
            for module in ("invoices", "invoices_old"):
                save_flags(session, module, "invoice", FieldFlags(order=("number",)))
                kind = f"{module}.invoice"
                session.add(ExternalId(source="crm", kind=kind, external="1", local_id=1, digest="", gone=False))
                session.add(Counter(name=kind, value=3))
                for text_of in (MailText, MailTextBefore):
                    session.add(text_of(kind=f"{module}.due", language="es", subject="", body=""))
        with open_session(world.engine, installation(), writes=True) as session:
            for module in ("invoices", "invoices_old"):
                session.add(Job(kind=f"{module}.remind"))
                session.add(PeriodicSlot(name=f"{module}.remind", slot=now()))
            session.commit()
        owner = make_engine(database.owner_url, guarded=False)
        with owner.begin() as connection:
            other(connection)
        owner.dispose()
        yield world


def other(connection: Connection) -> None:
    """The tables of a module "invoices_old"."""
    for statement in (
        "CREATE TABLE invoices_old_thing (id INTEGER PRIMARY KEY)",
        "CREATE TABLE alembic_version_invoices_old (version_num VARCHAR(32))",
    ):
        connection.execute(text(statement))


@pytest.fixture
def purge(made: World, monkeypatch: pytest.MonkeyPatch) -> Purge:
    """Run the command with what its reader types; give its exit code."""

    def run(*arguments: str, typed: str = "") -> int:
        with monkeypatch.context() as patch:
            for name, value in environment(made.settings).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["postigo", "module", "purge", *arguments])
            patch.setattr("click.termui.visible_prompt_func", lambda text: typed)
            with pytest.raises(SystemExit) as ended:
                main()
        return int(ended.value.code or 0)

    return run


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {t: connection.execute(text(f"SELECT count(*) FROM {t}")).scalar_one() for t in CORES}


@pytest.fixture
def owner(made: World) -> Iterator[Engine]:
    engine = make_engine(made.database.owner_url, guarded=False)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("installed", [True, False])
def test_everything_of_it_goes_and_nothing_else(
    made: World, owner: Engine, purge: Purge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    installed: bool,
) -> None:  # fmt: skip
    if not installed:
        monkeypatch.setattr(opening, "load_modules", Registry)
    with owner.connect() as connection:
        keys = list(connection.execute(text("SELECT key FROM file")).scalars())
    assert made.store.get(keys[0])
    others = set(inspect(owner).get_table_names()) - set(ITS)
    assert purge("invoices", "--yes") == 0
    said = capsys.readouterr()
    assert "  the table invoices_invoice with " in said.out
    assert f"  the bytes of {len(keys)} files" in said.out
    assert ("must be started anew" in said.err) == installed
    assert set(inspect(owner).get_table_names()) == others
    left = {"record": 0, "file": 0, "switch": 1, "module_scope": 0, "field_settings": 1, **dict.fromkeys(CALLED, 1)}
    assert counts(owner) == left
    for key in keys:
        with pytest.raises(StorageError):
            made.store.get(key)
    backups = made.settings.home / "backups"
    assert backups.is_dir() == (made.database.name == "sqlite")
    assert purge("invoices", "--yes") == 1
    assert "there is nothing of a module 'invoices'" in capsys.readouterr().err


def test_nothing_goes_until_its_name_was_typed(made: World, owner: Engine, purge: Purge) -> None:
    before = counts(owner)
    assert purge("invoices", typed="yes") == 1
    assert counts(owner) == before
    assert purge("invoices", typed="invoices") == 0
    assert counts(owner)["record"] == 0


@pytest.mark.parametrize("level", ["tenant", "account"])
def test_it_is_refused_while_the_module_is_on_for_anybody(
    made: World, owner: Engine, purge: Purge, capsys: pytest.CaptureFixture[str], level: str
) -> None:
    with made.writing("two") as session:
        target = made.two.id if level == "tenant" else made.two.accounts["beta"]
        set_switch(session, made.registry, "invoices", level, target, True)
    before = counts(owner)
    assert purge("invoices", "--yes") == 1
    assert "on for two" in capsys.readouterr().err
    assert counts(owner) == before


def test_it_is_refused_where_another_table_refers_to_its_own(made: World, owner: Engine, purge: Purge) -> None:
    with owner.begin() as connection:
        connection.execute(text("CREATE TABLE notes_page (id BIGINT REFERENCES invoices_invoice (id))"))
    before = counts(owner)
    assert purge("invoices", "--yes") == 1
    assert counts(owner) == before


@pytest.mark.parametrize("name", ["core", "record", "alembic", "sqlite", "portal", "module", "", "in%", "invoices_"])
def test_what_is_no_module_of_a_stranger_is_left_alone(owner: Engine, name: str) -> None:
    with owner.connect() as connection, pytest.raises(PurgeError):
        belongings(connection, name, ())


def test_the_tables_that_name_a_module_are_those_that_are_looked_at(owner: Engine) -> None:
    inspected = inspect(owner)
    naming = {t for t in inspected.get_table_names() if "module" in {c["name"] for c in inspected.get_columns(t)}}
    with owner.connect() as connection:
        rows = belongings(connection, "invoices", ()).rows
    assert set(rows) == naming | CALLED
