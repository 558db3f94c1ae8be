"""Links between two records of any modules: seen by those who see both ends, as things are now, and by nobody else."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.api import link, unlink
from core.db.session import Refused, open_session
from core.db.viewer import Sight, staff, system
from core.modules.reach import sight_of
from core.records.links import Linked, linked
from core.records.models import RecordLink
from plugins.invoices.models import Invoice
from tests.petitions import Petition, add
from tests.petitions.fixtures import petitions, world
from tests.portal.counting import statements
from tests.visibility import changes
from tests.visibility.oracle import TABLES, Oracle, read_tables
from tests.worlds.seed import LONG_AGO, PEOPLE
from tests.worlds.world import World

__all__ = ["petitions", "world"]


def sight(world: World, kind: str) -> Sight:
    """How far a contact reaches now."""
    with open_session(world.engine, system(world.one.id)) as session:
        return sight_of(session, world.registry, world.one.people[kind])[0]


def linked_to(world: World, looker: Sight, record_id: int) -> list[Linked]:
    """The links of a record that somebody sees."""
    with open_session(world.engine, looker) as session:
        return linked(session, world.registry.resources, record_id)


def of_staff(world: World) -> Sight:
    """A member of staff."""
    return staff(world.one.id, world.one.staff)


def join(world: World, one: int, other: int, kind: str = "led_to") -> None:
    """Link two records, as the system."""
    with world.writing() as session:
        link(session, one, other, kind)


def test_a_link_is_read_from_both_ends(world: World) -> None:
    petition_id, invoice_id = add(world, subject="A lift", number="P-7"), world.one.invoices["alpha"]
    with world.writing() as session:
        invoice: Any = session.get(Invoice, invoice_id)
        invoice.status, invoice.due_on = "pending", LONG_AGO
    join(world, petition_id, invoice_id)
    (forth,) = linked_to(world, sight(world, "whole"), petition_id)
    (back,) = linked_to(world, sight(world, "whole"), invoice_id)
    assert (str(forth.label), forth.module, forth.record_id) == ("Led to", "invoices", invoice_id)
    assert (str(back.label), back.module, back.record_id, back.number) == ("Came from", "petitions", petition_id, "P-7")
    assert (back.title, str(back.status.label if back.status else "")) == ("A lift", "Open")
    assert forth.status
    assert str(forth.status.label) == "Overdue"  # an expression of the other module's, and not what stands there


def test_each_contact_sees_the_links_of_which_they_see_both_ends(world: World) -> None:
    """Every petition is linked to every invoice; what anybody sees of each is what a naive reading of the rows says,
    before and after the one module is off for an account, and with the guard off it would not be."""
    petition_ids = [add(world, account) for account in ("alpha", "north", "beta", "gamma", None)]
    petition_ids.append(add(world, "alpha", published=False))
    invoice_ids = list(world.one.invoices.values())[::3]
    with world.writing() as session:
        session.add_all(RecordLink(from_id=p, to_id=i, kind="about") for p in petition_ids for i in invoice_ids)
    some = 0
    for switched in (False, True):
        if switched:
            changes.switch(world, world.one, "petitions", "account", world.one.accounts["beta"], False)
        for kind in sorted(PEOPLE.keys() - {"ended", "outsider"}):  # who do not come in at all
            seen = visible(world, kind)
            with open_session(world.engine, sight(world, kind)) as session:
                found = set(session.execute(select(RecordLink.from_id, RecordLink.to_id)))
            expected = {(p, i) for p in petition_ids for i in invoice_ids if p in seen and i in seen}
            assert found == expected, kind
            some += len(found)
    assert some


def visible(world: World, kind: str) -> set[int]:
    """The records that a contact sees, by the oracle, which knows nothing of the core."""
    tables = read_tables(world.database.owner_url, (*TABLES, "petitions_petition"))
    oracle = Oracle(tables, world.one.people[kind], date.today(), "petitions")
    return {row["id"] for row in tables["petitions_petition"] if oracle.sees(row)} | set(oracle.invoices())


def test_it_takes_one_statement_and_one_more_for_states(world: World) -> None:
    petition_id = add(world)
    looker = sight(world, "whole")
    for invoices in ([], list(world.one.invoices.values())):
        for invoice_id in invoices:
            join(world, petition_id, invoice_id)
        with statements(world.engine) as sent:
            found = linked_to(world, looker, petition_id)
        assert len(sent) == (2 if invoices else 1)
        assert bool(found) is bool(invoices)


def test_nobody_links_what_they_do_not_see_nor_a_record_to_itself(world: World) -> None:
    mine, theirs = add(world), add(world, "beta")
    invoice_id, foreign = world.one.invoices["alpha"], world.two.invoices["alpha"]
    with open_session(world.engine, sight(world, "whole"), writes=True) as session:
        link(session, mine, invoice_id, "about")
        for one, other in ((mine, theirs), (theirs, mine), (mine, foreign), (mine, mine), (mine, 10**12)):
            with pytest.raises(Refused):
                link(session, one, other)
        with pytest.raises(ValueError, match="no kind of link"):
            link(session, mine, invoice_id, "married_to")
        session.commit()
    assert links_of(world, mine) == [(mine, invoice_id, "about")]


def test_a_link_is_made_once_and_goes_with_a_record_or_by_itself(world: World) -> None:
    one, other, third = add(world), add(world), add(world)
    for _ in range(2):
        join(world, one, other)
    join(world, one, third)
    assert len(links_of(world, one)) == 2
    with world.writing() as session:
        unlink(session, session.get(Petition, one), session.get(Petition, other))
        unlink(session, one, other)  # once more: nothing happens
        session.delete(session.get(Petition, third))
    assert links_of(world, one) == []


def links_of(world: World, record_id: int) -> list[Any]:
    """The rows of a record's links."""
    with open_session(world.engine, system(world.one.id)) as session:
        here = (RecordLink.from_id == record_id) | (RecordLink.to_id == record_id)
        asked = select(RecordLink.from_id, RecordLink.to_id, RecordLink.kind).where(here)
        return [tuple(row) for row in session.execute(asked)]
