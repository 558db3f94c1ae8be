"""What was done to a record, as lines of its history: by whom, seen by whom, and once."""

import threading
from pathlib import Path
from typing import Any

import pytest

from core.conversations.history import note
from core.conversations.read import read_thread
from core.conversations.say import Newer, say
from core.db.flags import Flags
from core.db.session import WalledSession, beside
from core.db.viewer import system
from core.modules.delivery import at_once
from core.modules.events import Event, MessageWritten, RecordChanged
from tests.conversations.talking import STAFF, messages, said, session_of
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.modules.strangers import make
from tests.petitions import APPROVED, OPEN, PETITION, WITHDRAWN, Petition, add, make_tables, registry
from tests.petitions.acting import flagged
from tests.petitions.fixtures import petitions
from tests.visibility.changes import switch
from tests.worlds.world import World, seeded

__all__ = ["petitions"]


def changes(world: World, record_id: int, who: str = "whole") -> list[tuple[str, str, str, str]]:
    """Author, field, before and after of each line that somebody reads."""
    with session_of(world, who) as session:
        thread = read_thread(session, PETITION, record_id)
        return [(s.author, s.change.label, s.change.before, s.change.after) for s in thread.said if s.change]


def set_status(world: World, record_id: int, status: str, who: str) -> None:
    """Write a new state as somebody."""
    with session_of(world, who) as session:
        session.get_one(Petition, record_id).status = status


def test_whoever_changes_the_state_is_named(petitions: World) -> None:
    record_id = add(petitions)
    set_status(petitions, record_id, WITHDRAWN, "whole")
    set_status(petitions, record_id, OPEN, STAFF)
    with petitions.writing() as session:
        session.get_one(Petition, record_id).status = APPROVED
    told = [
        ("whole one", "State", "Open", "Withdrawn"),
        ("Staff", "State", "Withdrawn", "Open"),
        ("", "State", "Open", "Approved"),
    ]
    assert changes(petitions, record_id) == changes(petitions, record_id, STAFF) == told


def test_an_import_and_what_stays_the_same_tell_nothing(petitions: World) -> None:
    record_id = add(petitions)
    with petitions.writing() as session:
        at_once(session)
        session.get_one(Petition, record_id).status = APPROVED
    with petitions.writing() as session:
        session.get_one(Petition, record_id).subject = "Another"
    assert changes(petitions, record_id, STAFF) == []


def test_what_is_undone_leaves_no_line(petitions: World) -> None:
    record_id = add(petitions)
    with session_of(petitions, STAFF) as session:
        session.get_one(Petition, record_id).status = APPROVED
        session.flush()
        session.rollback()
    assert messages(petitions, record_id) == []


def test_notes_are_for_staff_unless_they_are_published(petitions: World) -> None:
    record_id = add(petitions)
    with session_of(petitions, STAFF) as session:
        note(session, record_id, "reason", "", "Because")
        note(session, record_id, "priority", "low", "normal", published=True)
        note(session, record_id, "priority", "normal", "secret", published=True)
        note(session, record_id, "priority", "secret", "low", published=True)
        note(session, record_id, "nothing", 1, 2, published=True)
    of_staff = [
        ("Staff", "Reason", "", "Because"),
        ("Staff", "Priority", "Low", "Normal"),
        ("Staff", "Priority", "Normal", "Secret"),
        ("Staff", "Priority", "Secret", "Low"),
    ]
    assert changes(petitions, record_id, STAFF) == of_staff
    # A client does not meet the value "secret", not in the past either.
    seen = [
        ("Staff", "Priority", "Low", "Normal"),
        ("Staff", "Priority", "Normal", ""),
        ("Staff", "Priority", "", "Low"),
    ]
    assert changes(petitions, record_id) == seen
    with flagged(petitions, ("priority", Flags(seen=False))):
        assert changes(petitions, record_id) == []
        assert changes(petitions, record_id, STAFF) == of_staff


def hold(world: World, record_id: int, ready: threading.Event, go_on: threading.Event) -> None:
    """Say something, and keep the transaction open until told."""
    with session_of(world, STAFF) as session:
        say(session, PETITION, record_id, "First.", seen=0)
        ready.set()
        go_on.wait(60)


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_at_the_same_moment_the_second_is_told(
    petitions: World, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = add(petitions)
    if not guarded:
        monkeypatch.setattr("core.conversations.say.lock", lambda *_: None)
    ready, go_on, outcome = threading.Event(), threading.Event(), []

    def second() -> None:
        try:
            outcome.append(said(petitions, record_id, "Second.", STAFF, seen=0))
        except Newer as late:
            outcome.append(late)

    threads = [
        threading.Thread(target=hold, args=(petitions, record_id, ready, go_on)),
        threading.Thread(target=second),
    ]
    threads[0].start()
    ready.wait(60)
    threads[1].start()
    # SQLite has one writer at a time, whatever is locked.
    told = guarded or petitions.database.name == "sqlite"
    threads[1].join(0.5 if told else 60)  # who is not told waits for nobody
    go_on.set()
    for thread in threads:
        thread.join()
    assert isinstance(outcome[0], Newer if told else int)
    assert len(messages(petitions, record_id)) == (1 if told else 2)


@pytest.fixture(scope="module")
def heard(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The world with a module that hears everything and answers a client's message by approving."""
    events: list[Event] = []

    def event(self: Any, session: WalledSession, event: Event) -> None:
        events.append(event)
        if isinstance(event, MessageWritten) and event.by == "contact":
            session.get_one(Petition, event.record_id).status = APPROVED

    modules = registry()
    modules.take(make("ears", event=event))
    with databases.fresh() as database:
        make_tables(database)
        with seeded(database, Path(tmp_path_factory.mktemp("home")), modules) as world:
            for name in ("petitions", "ears"):
                switch(world, world.one, name, "tenant", world.one.id, True)
            yield world, events


def test_modules_are_told_of_each_message_within_its_transaction(heard: tuple[World, list[Event]]) -> None:
    world, events = heard
    record_id = add(world)
    events.clear()
    message_id = said(world, record_id, "Please.")
    note_id = said(world, record_id, "Hm.", STAFF, published=False)
    with world.writing() as session, beside(session, system(world.one.id)) as inner:
        inner.get_one(Petition, record_id).subject = "Another"
        with world.app.test_request_context("/"):
            system_id = say(inner, PETITION, record_id, "Automatic.").id
    which = ("petitions", "petition", record_id)
    assert [each for each in events if isinstance(each, MessageWritten)] == [
        MessageWritten(*which, True, message_id, "contact"),
        MessageWritten(*which, False, note_id, "staff"),
        MessageWritten(*which, True, system_id, "system"),
    ]
    assert [each.fields for each in events if isinstance(each, RecordChanged)] == [("status",), ("subject",)]
    assert changes(world, record_id) == [("", "State", "Open", "Approved")]
