"""`explain` says of every contact and every record what their pages answer, and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.crm.models import Contact, Tenant
from core.db.session import open_session
from core.db.viewer import installation, system
from core.demo.load import load
from core.modules.registry import load_modules
from core.records.explain import Explanation, Unexplained, explain
from plugins.invoices.models import Invoice
from plugins.invoices.resources import INVOICE, PAYMENT
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.visibility import changes
from tests.visibility.exits import listed
from tests.worlds.snapshot import Snapshot
from tests.worlds.talk import talk
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World, bare

LIST = "/portal/invoices/"


@pytest.fixture(scope="module")
def demo(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demonstration, served."""
    with databases.fresh() as database, bare(database, Path(tmp_path_factory.mktemp("demo"))) as world:
        load(world.engine, load_modules(), world.settings)
        with open_session(world.engine, installation()) as session:
            made = Tenancy("demo", session.scalars(select(Tenant.id)).one())
        with open_session(world.engine, system(made.id)) as session:
            made.people = {f"{row}": row for row in session.scalars(select(Contact.id))}
            made.invoices = {f"{row}": row for row in session.scalars(select(Invoice.id))}
        world.tenancies["demo"] = made
        yield world


@pytest.mark.parametrize("scope", ["account", "contact"])
def test_of_what_was_granted_it_says_what_lists_show(world: World, scope: str) -> None:
    world.sign_everybody_in()
    base, made, decided = Snapshot(world), world.one, 0
    talk(world)
    changes.scope_of(world, made, "cases", scope)
    for kind, contact_id in made.people.items():
        in_list = set(listed(world.contact(kind), "/portal/cases/").ids)
        with open_session(world.engine, system(made.id)) as session:
            contact = session.get_one(Contact, contact_id)
            for case_id in made.cases.values():
                said = explain(session, world.registry, contact, "cases", "case", case_id)
                assert said.seen is (case_id in in_list) is all(holds for holds, _ in said.rules), (kind, case_id, said)
                decided += said.seen and "which counts" in said.rules[-1][1]
    made.cases.clear()
    base.restore()
    assert decided > 2


def explained(world: World, made: Tenancy, contact_id: int, record_id: int, field: str = "") -> Explanation:
    """What `explain` says of one invoice."""
    with open_session(world.engine, system(made.id)) as session:
        contact = session.get(Contact, contact_id)
        assert contact is not None
        return explain(session, world.registry, contact, "invoices", "invoice", record_id, field)


def compare(world: World, slug: str, opened: int) -> dict[bool, int]:
    """Hold `explain` against the list, for every contact and record; and against the record's own page for
    so many of those that are seen, and of those that are not. Gives how many there were of each."""
    made, found = world.tenancies[slug], {True: 0, False: 0}
    for kind, contact_id in made.people.items():
        browser = world.contact(kind, slug)
        in_list = set(listed(browser, LIST).ids)
        with open_session(world.engine, system(made.id)) as session:
            contact = session.get(Contact, contact_id)
            assert contact is not None
            said = {
                record_id: explain(session, world.registry, contact, "invoices", "invoice", record_id)
                for record_id in made.invoices.values()
            }
        for record_id, each in said.items():
            assert each.seen is (record_id in in_list) is all(holds for holds, _ in each.rules), (kind, record_id, each)
            found[each.seen] += 1
        for seen in (True, False):
            for record_id in [record_id for record_id, each in said.items() if each.seen is seen][:opened]:
                assert (browser.get(f"{LIST}{record_id}").status_code == 200) is seen, (kind, record_id)
    return found


def test_of_the_demonstration_it_says_what_pages_answer(demo: World) -> None:
    found = compare(demo, "demo", 2)
    assert min(found.values()) > 50, found


@pytest.mark.parametrize("scope", ["account", "contact"])
def test_of_every_ownership_it_says_what_pages_answer(world: World, scope: str) -> None:
    world.sign_everybody_in()
    base, made = Snapshot(world), world.one
    changes.scope_of(world, made, "invoices", scope)
    changes.switch(world, made, "invoices", "account", made.accounts["beta"], False)
    changes.switch(world, made, "portal", "contact", made.people["child"], False)
    changes.move_site(world, made, "a1", "gamma")
    try:
        assert min(compare(world, "one", 1).values()) > 5
    finally:
        base.restore()


def test_a_record_of_another_tenant_is_not_there(world: World) -> None:
    theirs = world.two.invoices["alpha"]
    said = explained(world, world.one, world.one.people["whole"], theirs)
    nothing = explained(world, world.one, world.one.people["whole"], 10**9)
    assert [text.replace(str(theirs), "N") for _, text in said.rules] == [
        text.replace(str(10**9), "N") for _, text in nothing.rules
    ]
    assert not said.seen


def test_of_each_field_it_says_whether_the_page_shows_it(world: World) -> None:
    made, record_id = world.one, world.one.invoices["whole_at_a1"]
    page = world.contact("whole").get(f"{LIST}{record_id}").get_data(as_text=True)
    shown = {field.name for field in INVOICE.fields if f"{field.label}<" in page}
    for field in INVOICE.fields:
        said = explained(world, made, made.people["whole"], record_id, field.name)
        assert said.seen is field.seen
        assert field.seen or field.name not in shown
    assert len(shown) > 5


def test_what_is_not_declared_cannot_be_explained(world: World) -> None:
    made = world.one
    with open_session(world.engine, system(made.id)) as session:
        contact = session.get(Contact, made.people["whole"])
        assert contact is not None
        for module, resource, field in (
            ("nonsense", "invoice", ""),
            ("invoices", "nonsense", ""),
            ("invoices", "invoice", "nonsense"),
        ):
            with pytest.raises(Unexplained):
                explain(session, world.registry, contact, module, resource, made.invoices["alpha"], field)


def test_what_is_the_staffs_is_said_to_be(world: World) -> None:
    made = world.one
    with open_session(world.engine, system(made.id)) as session:
        contact = session.get(Contact, made.people["whole"])
        assert contact is not None
        said = explain(session, world.registry, contact, "invoices", PAYMENT.name, made.payments["P-1"])
    assert not said.seen
    assert said.rules[-1] == (False, "invoices.payment is the staff's alone")
