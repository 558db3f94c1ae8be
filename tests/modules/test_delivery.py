"""What modules are told: what happened and was kept, each once, within its transaction, whoever fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.crm.models import Contact
from core.db.session import Refused, WalledSession, beside, open_session
from core.db.viewer import Kind, Sight, Viewer, system
from core.files.storage import attach
from core.modules.delivery import merged
from core.modules.events import (
    AccessChanged,
    Event,
    ModuleSwitched,
    RecordChanged,
    RecordCreated,
    RecordRemoved,
)
from core.modules.reach import sight_of
from core.modules.registry import Registry, load_modules
from core.modules.switches import set_switch
from plugins.invoices.models import Invoice
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.modules.strangers import boom, make
from tests.worlds.world import World, seeded

Databases = SqliteDatabases | PostgresDatabases


@dataclass
class Ear:
    """A module's hook, which keeps what it is told and then does what a test says."""

    heard: list[Event] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    act: Callable[[WalledSession, Event], None] | None = None

    def __call__(self, session: WalledSession, event: Event) -> None:
        self.heard.append(event)
        self.sights.append(session.sight)
        if self.act is not None:
            self.act(session, event)


@dataclass
class Hearing:
    """A world with three modules that listen: two that are on for tenant one, and one that is off."""

    world: World
    first: Ear
    second: Ear
    off: Ear

    def quiet(self) -> None:
        """Begin anew."""
        for ear in (self.first, self.second, self.off):
            ear.heard, ear.sights, ear.act = [], [], None

    @contextmanager
    def session(self, sight: Sight) -> Iterator[WalledSession]:
        """A writing session; the test commits."""
        with open_session(self.world.engine, sight, writes=True) as session:
            yield session

    def invoice(self, **columns: Any) -> Invoice:
        """A new invoice of account alpha, not yet added."""
        more = {"account_id": self.world.one.accounts["alpha"], **columns}
        return Invoice(number="E-1", status="pending", issued_on=date(2026, 1, 1), currency="EUR", **more)


def listening(ear: Ear) -> Callable[..., None]:
    """The hook, as pluggy wants it."""

    def event(self: Any, session: WalledSession, event: Event) -> None:
        ear(session, event)

    return event


@pytest.fixture(scope="module")
def made(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hearing]:
    ears = {name: Ear() for name in ("a_first", "b_second", "c_off")}
    registry = load_modules()
    for name, ear in ears.items():
        registry.take(make(name, event=listening(ear)))
    home = Path(tmp_path_factory.mktemp("home"))
    with databases.fresh() as database, seeded(database, home, registry) as world:
        with world.writing() as session:
            for name in ("a_first", "b_second"):
                set_switch(session, registry, name, "tenant", world.one.id, True)
        yield Hearing(world, *ears.values())


@pytest.fixture
def hearing(made: Hearing) -> Hearing:
    made.quiet()
    made.world.registry.health.failures.clear()
    return made


def test_a_record_that_was_written_is_told_of_once_to_each_module_that_is_on(hearing: Hearing) -> None:
    with hearing.world.writing() as session:
        session.add(row := hearing.invoice())
        session.flush()
        row.note = "again"
        session.flush()
        row.reference = "and again"
        assert hearing.first.heard == []  # nothing is told before it is about to be kept
    told = [RecordCreated("invoices", "invoice", row.id, True)]
    assert hearing.first.heard == told
    assert hearing.second.heard == told
    assert hearing.off.heard == []


def test_a_change_names_what_differs_and_says_whether_clients_see_the_record(hearing: Hearing) -> None:
    with hearing.world.writing() as session:
        session.add(row := hearing.invoice())
    hearing.quiet()
    with hearing.world.writing() as session:
        row = session.get_one(Invoice, row.id)
        row.note = "new"
        session.flush()
        row.published, row.reference = False, "R"
    assert hearing.first.heard == [
        RecordChanged("invoices", "invoice", row.id, False, ("note", "published", "reference"))
    ]


def test_a_record_that_is_deleted_is_told_of_by_what_it_was_called(hearing: Hearing) -> None:
    with hearing.world.writing() as session:
        session.add(row := hearing.invoice(reference="Roof"))
    hearing.quiet()
    with hearing.world.writing() as session:
        session.delete(session.get_one(Invoice, row.id))
    assert hearing.first.heard == [RecordRemoved("invoices", "invoice", row.id, True, "E-1", "Roof")]


def test_what_is_undone_is_not_told(hearing: Hearing) -> None:
    with hearing.world.writing() as session:
        session.add(hearing.invoice())
        session.flush()
        session.rollback()
        nested = session.begin_nested()
        session.add(hearing.invoice())
        session.flush()
        nested.rollback()
        with session.begin_nested():
            session.add(kept := hearing.invoice())
    assert [(e.name, e.record_id) for e in hearing.first.heard if isinstance(e, RecordCreated)] == [
        ("record.created", kept.id)
    ]
    assert len(hearing.first.heard) == 1


def test_a_transaction_that_fails_at_the_end_keeps_nothing_of_a_hook(hearing: Hearing) -> None:
    written: list[int] = []

    def write(session: WalledSession, event: Event) -> None:
        session.add(row := hearing.invoice(note="of a hook"))
        session.flush()
        written.append(row.id)

    hearing.first.act = write
    with hearing.world.writing() as session:
        session.get_one(Invoice, hearing.world.one.invoices["alpha"]).note = "doomed"

        def fail(session: WalledSession, event: Event) -> None:
            raise KeyboardInterrupt  # no failure of the module's, so the whole ends

        hearing.second.act = fail
        with pytest.raises(KeyboardInterrupt):
            session.commit()
        session.rollback()
    assert written
    with hearing.world.writing() as session:
        assert session.get(Invoice, written[0]) is None
        assert session.get_one(Invoice, hearing.world.one.invoices["alpha"]).note != "doomed"


def test_the_session_of_a_hook_is_the_systems_even_where_a_client_wrote(hearing: Hearing) -> None:
    world = hearing.world
    seen: list[int] = []

    def count(session: WalledSession, event: Event) -> None:
        seen.append(len(session.scalars(select(Invoice.id)).all()))

    hearing.first.act = count
    with world.writing() as session:
        sight, _ = sight_of(session, world.registry, world.one.people["whole"])
        everything = len(session.scalars(select(Invoice.id)).all())
    with hearing.session(sight) as session:
        theirs = session.scalars(select(Invoice).where(Invoice.account_id == world.one.accounts["alpha"])).first()
        assert theirs is not None
        assert len(session.scalars(select(Invoice.id)).all()) < everything
        theirs.note = "by a client"
        session.commit()
        # What the client's session sees afterwards is what it saw before: its wall is its own again.
        assert len(session.scalars(select(Invoice.id)).all()) < everything
    assert [sight.viewer for sight in hearing.first.sights] == [Viewer(Kind.SYSTEM, world.one.id)]
    assert seen == [everything]


@pytest.mark.parametrize("how", ["raises", "database", "pending", "commits", "foreign"])
def test_a_hook_that_fails_costs_neither_its_cause_nor_another_module(hearing: Hearing, how: str) -> None:
    def fail(session: WalledSession, event: Event) -> None:
        session.add(hearing.invoice(note="half a write"))
        session.flush()
        if how == "raises":
            boom()
        elif how == "database":
            session.add(Invoice(number="x", status=None, issued_on=None, currency="EUR"))
            session.flush()
        elif how == "pending":
            session.add(Invoice(number="x", status=None, issued_on=None, currency="EUR"))
        elif how == "commits":
            session.commit()
        else:
            session.add(Invoice(tenant_id=hearing.world.two.id, number="x", status="paid", currency="EUR"))

    hearing.first.act = fail
    with hearing.world.writing() as session:
        session.add(row := hearing.invoice(reference=f"cause {how}"))
    assert [failure.module for failure in hearing.world.registry.health.failures] == ["a_first"]
    assert [event.name for event in hearing.second.heard] == ["record.created"]
    with hearing.world.writing() as session:
        assert session.get_one(Invoice, row.id).reference == f"cause {how}"
        assert session.scalars(select(Invoice).where(Invoice.note == "half a write")).all() == []


def test_without_a_session_of_its_own_a_hook_would_leave_half_a_write(
    hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def in_the_open(outer: WalledSession) -> Iterator[WalledSession]:
        yield outer

    def fail(session: WalledSession, event: Event) -> None:
        session.add(hearing.invoice(note="half a write"))
        session.flush()
        boom()

    hearing.first.act = fail
    with hearing.world.writing() as session:
        session.add(hearing.invoice())
        monkeypatch.setattr("core.modules.registry.beside_as_system", in_the_open)
        session.commit()
    monkeypatch.undo()
    with hearing.world.writing() as session:
        left = session.scalars(select(Invoice).where(Invoice.note == "half a write")).all()
        assert left
        for row in left:
            session.delete(row)


def test_what_a_hook_writes_is_told_in_its_turn_and_circles_end(hearing: Hearing) -> None:
    def again(session: WalledSession, event: Event) -> None:
        if isinstance(event, RecordCreated | RecordChanged):
            row = session.get_one(Invoice, event.record_id)
            row.note = (row.note or "") + "."

    hearing.first.act = again
    with hearing.world.writing() as session:
        session.add(row := hearing.invoice())
    names = [event.name for event in hearing.second.heard]
    assert names == ["record.created", *["record.changed"] * 4]
    with hearing.world.writing() as session:
        assert session.get_one(Invoice, row.id).note == "....."


def test_files_of_a_hook_are_kept_or_dropped_with_the_cause(hearing: Hearing) -> None:
    world, keys = hearing.world, []

    def hang(session: WalledSession, event: Event) -> None:
        assert isinstance(event, RecordCreated)
        keys.append(attach(session, world.store, event.record_id, "a.txt", b"bytes", "text/plain").key)

    hearing.first.act = hang
    with world.writing() as session:
        session.add(hearing.invoice())
    assert world.store.get(keys[0]) == b"bytes"
    with world.writing() as session:
        session.add(hearing.invoice())

        def end(session: WalledSession, event: Event) -> None:
            raise KeyboardInterrupt

        hearing.second.act = end
        with pytest.raises(KeyboardInterrupt):
            session.commit()
        session.rollback()
    with pytest.raises(Exception, match="could not be read"):
        world.store.get(keys[1])


def test_access_is_told_of_where_the_portal_fields_change(hearing: Hearing) -> None:
    person = hearing.world.one.people["outsider"]
    with hearing.world.writing() as session:
        contact = session.get_one(Contact, person)
        contact.first_name = "Other"
        session.flush()
        contact.portal_end += timedelta(days=1)
    assert hearing.first.heard == [AccessChanged(person, ("portal_end",))]


def test_switches_are_told_of_and_a_module_for_one_client_alone_listens_too(hearing: Hearing) -> None:
    world = hearing.world
    account = world.one.accounts["beta"]
    with world.writing() as session:
        set_switch(session, world.registry, "c_off", "account", account, True)
    told = [ModuleSwitched("c_off", "account", account, True)]
    assert hearing.first.heard == hearing.off.heard == told
    hearing.quiet()
    with world.writing() as session:
        set_switch(session, world.registry, "c_off", "account", account, None)
    assert hearing.first.heard == [ModuleSwitched("c_off", "account", account, None)]
    assert hearing.off.heard == []


def test_a_module_hears_nothing_of_a_tenant_that_has_it_off(hearing: Hearing) -> None:
    with hearing.world.writing("two") as session:
        session.add(hearing.invoice(account_id=hearing.world.two.accounts["alpha"]))
    assert hearing.first.heard == []


def test_a_session_within_another_is_of_the_same_tenant_and_keeps_nothing_by_itself(hearing: Hearing) -> None:
    world = hearing.world
    with world.writing() as session, pytest.raises(Refused), beside(session, system(world.two.id)):
        pass
    sight = system(world.one.id)
    with open_session(world.engine, sight) as reading, pytest.raises(Refused), beside(reading, sight):
        pass


def test_only_what_is_left_of_a_transaction_is_told() -> None:
    created, removed = RecordCreated("m", "r", 1, False), RecordRemoved("m", "r", 1, True, "", "")
    first, second = RecordChanged("m", "r", 1, True, ("a",)), RecordChanged("m", "r", 1, False, ("b",))
    assert merged([created, first]) == [RecordCreated("m", "r", 1, True)]
    assert merged([created, removed]) == []
    assert merged([first, second]) == [RecordChanged("m", "r", 1, False, ("a", "b"))]
    assert merged([first, removed]) == [removed]
    other = RecordChanged("m", "r", 2, True, ("a",))
    assert merged([first, other, AccessChanged(1, ())]) == [first, other, AccessChanged(1, ())]


def test_where_no_module_listens_nothing_is_noted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(world.registry, Registry)
    assert world.registry.listens
    monkeypatch.setattr(world.registry, "implements", lambda name, hook: False)
    with world.writing() as session:
        row = session.get_one(Invoice, world.one.invoices["alpha"])
        row.note = "x"
        session.flush()
        assert not session.info.get("events_waiting")
        session.rollback()
