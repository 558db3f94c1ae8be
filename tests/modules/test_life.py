"""The life of a module: a new version brings its data along; without its package the portal goes on and
shows nothing of it; when it is back, everything is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, inspect, select, text

from core.crm.models import Contact
from core.db.engine import make_engine
from core.db.migrations import upgrade
from core.db.record import Record
from core.files.models import File
from core.imports import ImportFailed, run
from core.modules.left import Left, left_behind
from core.modules.models import Switch
from core.modules.registry import Registry, load_modules
from core.modules.switches import SwitchError, set_switch
from core.records.explain import Unexplained, explain
from tests.databases import Database
from tests.db.strangers import TABLE, registry_of, stranger
from tests.imports.exports import SMALL
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World, bare

FILL = """
    op.add_column("{name}_thing", sa.Column("title", sa.String(40), nullable=False, server_default=""))
    op.execute("UPDATE {name}_thing SET title = 'was ' || note")
    with op.batch_alter_table("{name}_thing") as batch:
        batch.alter_column("title", server_default=None)
"""


def test_a_new_version_fills_its_column_from_the_rows_that_are_there(database: Database, tmp_path: Path) -> None:
    module = stranger(tmp_path, "notes", TABLE)
    owner = make_engine(database.owner_url, guarded=False)
    try:
        assert upgrade(owner, registry_of(module)) == []
        _fill(owner)
        module.revise("0002", FILL, "0001")
        assert upgrade(owner, registry_of(module)) == []
        with owner.connect() as connection:
            titles = connection.execute(text("SELECT title FROM notes_thing ORDER BY id")).scalars().all()
        assert titles == ["was one", "was two"]
    finally:
        owner.dispose()


def _fill(owner: Engine) -> None:
    """A tenant, and two rows of the first version."""
    columns = {column["name"] for column in inspect(owner).get_columns("tenant")} - {"id", "version", "updated_at"}
    names = ", ".join(sorted(columns))
    values = ", ".join(["'x'"] * len(columns))
    with owner.begin() as connection:
        connection.execute(
            text(f"INSERT INTO tenant ({names}, version, updated_at) VALUES ({values}, 1, '2026-01-01')")
        )
        for note in ("one", "two"):
            connection.execute(
                text("INSERT INTO notes_thing (tenant_id, note) SELECT id, :note FROM tenant"), {"note": note}
            )


@pytest.fixture
def without(world: World, tmp_path: Path) -> Iterator[World]:
    """The seeded world as it is served once the package of its only module has been removed."""
    with bare(world.database, tmp_path, Registry()) as made:
        made.tenancies, made.tokens = world.tenancies, world.tokens
        yield made


def addresses(one: Tenancy) -> list[str]:
    """Where a client could look for something of the module."""
    record, file = one.invoices["alpha"], next(iter(one.files))
    return [
        "/portal/invoices/", "/portal/invoices/invoice/", "/portal/invoices/invoice.csv", f"/portal/invoices/{record}",
        f"/portal/invoices/{record}/files/{file}", f"/portal/invoices/{record}/document",
        "/api/v1/invoices/invoice/", f"/api/v1/invoices/invoice/{record}",
    ]  # fmt: skip


def test_clients_see_nothing_of_a_module_that_is_not_installed_any_more(without: World) -> None:
    browser = without.contact("whole")
    home = browser.get("/portal/")
    assert home.status_code == 200
    assert "/portal/invoices" not in home.text
    for address in addresses(without.one):
        assert browser.get(address).status_code == 404, address


def test_staff_are_told_what_is_kept_and_their_pages_go_on(without: World) -> None:
    browser = without.staff()
    with without.writing() as session:
        records = session.scalar(select(func.count(Record.id)))
    for page in ("/staff/modules/", "/staff/health/"):
        said = browser.get(page)
        assert said.status_code == 200
        assert "Not installed any more" in said.text
        assert f"{records} records are kept." in said.text
    account, person = without.one.accounts["alpha"], without.one.people["whole"]
    for page in ("/staff/", f"/staff/accounts/{account}", f"/staff/contacts/{person}", "/staff/contacts/"):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert "/invoices" not in answer.text
    for page in ("/staff/records/invoices/", f"/staff/records/invoices/{without.one.invoices['alpha']}"):
        assert browser.get(page).status_code == 404, page


def test_commands_and_imports_go_on_without_it(without: World) -> None:
    with without.writing() as session:
        person = session.get_one(Contact, without.one.people["whole"])
        with pytest.raises(Unexplained):
            explain(session, without.registry, person, "invoices", "invoice", without.one.invoices["alpha"], "")
        with pytest.raises(SwitchError, match="there is no module"):
            set_switch(session, without.registry, "invoices", "tenant", without.one.id, True)
        session.rollback()
    try:
        report = run(without.engine, without.registry, without.store, "two", "dolibarr", SMALL)
    except ImportFailed as error:
        pytest.fail(str(error))
    assert {table.kind.partition(".")[0] for table in report.tables} == {"core"}


def test_it_may_be_switched_off_while_it_is_away_and_stays_off(without: World, world: World) -> None:
    with without.writing() as session:
        set_switch(session, without.registry, "invoices", "tenant", without.one.id, False)
    assert world.contact("whole").get("/portal/invoices/").status_code == 404
    with world.writing() as session:
        set_switch(session, world.registry, "invoices", "tenant", world.one.id, True)
    assert world.contact("whole").get("/portal/invoices/").status_code == 200


def test_when_it_is_back_everything_is(world: World, without: World) -> None:
    assert without.contact("whole").get("/portal/invoices/").status_code == 404
    assert load_modules().modules.keys() == world.registry.modules.keys()
    browser = world.contact("whole")
    file, record = next((f, r) for f, r in world.one.files.items() if r == world.one.invoices["alpha"])
    assert browser.get("/portal/invoices/").status_code == 200
    assert browser.get(f"/portal/invoices/{record}").status_code == 200
    assert browser.get(f"/portal/invoices/{record}/files/{file}").status_code == 200
    with world.writing() as session:
        assert session.scalar(select(func.count(File.id)))
        assert session.scalar(select(func.count(Switch.id)).where(Switch.module == "invoices"))
        assert left_behind(session, world.registry) == []


def test_what_is_left_is_told_apart_from_what_is_there(world: World) -> None:
    registry = Registry()
    registry.modules = dict.fromkeys(("a", "inv", "invoices_old", "zebra"), world.registry.modules["invoices"])
    with world.writing() as session:
        set_switch(session, registry, "zebra", "tenant", world.one.id, True)
        records = session.scalar(select(func.count(Record.id)))
        assert left_behind(session, registry) == [Left("invoices", records or 0)]
        assert left_behind(session, Registry()) == [Left("invoices", records or 0), Left("zebra", 0)]
        session.rollback()
