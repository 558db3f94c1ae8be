"""Which actions there are for whom, and that a claim has one winner whoever asks from wherever."""

import threading
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core.api import Action, Field, Kind, current_day
from core.db.engine import make_engine
from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import Sight, Viewer, system
from core.modules.reach import sight_of
from core.records import actions, doing
from core.records.resource import Resource
from tests.petitions import APPROVED, PETITION, Petition, add
from tests.petitions.acting import read
from tests.petitions.fixtures import petitions
from tests.worlds.world import World

__all__ = ["petitions"]
AT_ONCE = 6


def sight(kind: Kind, flags: FieldFlags = NO_FLAGS) -> Sight:
    """Somebody of that kind, for whom these flags of petitions hold."""
    return Sight(Viewer(kind, 1, 1), fields={"petitions.petition": flags})


def names(found: Any) -> list[str]:
    """Names of actions or fields."""
    return [each.name for each in found]


def test_each_kind_of_viewer_has_its_actions(petitions: World) -> None:
    assert names(actions.possible(PETITION, sight(Kind.CONTACT))) == ["edit", "withdraw", "remind"]
    assert names(actions.possible(PETITION, sight(Kind.STAFF))) == ["edit", "withdraw", "approve"]
    assert names(actions.possible(PETITION, sight(Kind.STAFF), creates=True)) == ["new"]
    assert names(actions.possible(PETITION, system(1))) == []


def test_what_an_action_is_called_says_nothing_of_what_it_does() -> None:
    """Its button says that something is saved where it edits, or writes what was typed and nothing else."""

    def run(session: Any, row: Any, values: Any) -> None:
        """Do something else."""

    found = [Action("edit", "Edit", run=run), Action("change", "Change", run=run, edits=True), Action("note", "Note")]
    assert [each.saves for each in found] == [False, True, True]


def test_no_form_asks_for_what_has_no_column_or_is_the_cores() -> None:
    fields = [Field(name, "") for name in ("id", "owner", "published", "tenant_id", "version", "updated_at", "subject")]
    made = Resource("r", "", "", Petition, [*fields, Field("half", "", expression=lambda p: p.people / 2)])
    assert [f.name for f in made.fields if actions.can_be_filled(made, f)] == ["subject"]
    elsewhere = Field("people", "", "account")  # another account than the record's own
    assert not actions.can_be_filled(made, elsewhere)


def test_what_no_action_asks_for_has_no_say_in_forms(petitions: World) -> None:
    asked = {f.name for f in PETITION.fields if actions.may_be_asked(PETITION, f)}
    assert {"subject", "reason", "site_id"} <= asked
    assert not {"number", "status", "double", "account_id"} & asked


def test_what_staff_alone_fill_in_can_be_hidden_from_clients_and_they_are_asked_as_before() -> None:
    edit = Action("edit", "Edit", None, by=[Kind.STAFF])
    theirs = replace(PETITION, actions=[edit])
    assert not [f.name for f in theirs.fields if actions.may_be_asked(theirs, f)]  # no box "filled in by clients"
    hidden = FieldFlags((("subject", Flags(seen=False)),))
    assert "subject" in names(actions.asked(theirs, edit, sight(Kind.STAFF, hidden)))


def test_what_is_hidden_or_not_filled_in_is_not_asked(petitions: World) -> None:
    edit = PETITION.actions[0]
    flags = FieldFlags((("body", Flags(seen=False)), ("hours", Flags(filled=False))))
    assert {"body", "hours"} <= set(names(actions.asked(PETITION, edit, sight(Kind.CONTACT))))
    assert not {"body", "hours", "contact_id"} & set(names(actions.asked(PETITION, edit, sight(Kind.CONTACT, flags))))
    assert {"body", "contact_id"} <= set(names(actions.asked(PETITION, edit, sight(Kind.STAFF, flags))))


def test_fields_are_asked_in_the_tenants_order(petitions: World) -> None:
    found = actions.asked(PETITION, PETITION.actions[0], sight(Kind.CONTACT, FieldFlags(order=("people", "body"))))
    assert names(found)[:2] == ["people", "body"]


def claims(world: World, record_id: int, guarded: bool = True) -> list[bool]:
    """So many claim one record at once, each through an engine of its own, as processes do."""
    remind = next(action for action in PETITION.actions if action.name == "remind")
    start, won = threading.Barrier(AT_ONCE), []

    def run(engine: Any) -> None:
        start.wait()
        with open_session(engine, system(world.one.id), writes=True) as session:
            if guarded:
                won.append(doing.claim(session, PETITION, remind, record_id, 1))
            else:  # what was read when the page was shown decides
                won.append(True)
                session.get(Petition, record_id)
            session.commit()

    with ExitStack() as stack:
        engines = [make_engine(world.database.url) for _ in range(AT_ONCE)]
        for engine in engines:
            stack.callback(engine.dispose)
        threads = [threading.Thread(target=run, args=(engine,)) for engine in engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return won


def test_of_several_processes_one_wins(petitions: World) -> None:
    record_id = add(petitions)
    assert sorted(claims(petitions, record_id)) == [False] * (AT_ONCE - 1) + [True]
    assert read(petitions, record_id).version == 2
    assert claims(petitions, record_id, guarded=False) == [True] * AT_ONCE


def test_a_claim_goes_no_further_than_its_viewer_sees(petitions: World) -> None:
    ours, theirs = add(petitions), add(petitions, "beta")
    edit = PETITION.actions[0]
    with open_session(petitions.engine, system(petitions.one.id)) as session:
        contact, _ = sight_of(session, petitions.registry, petitions.one.people["whole"])
    with open_session(petitions.engine, contact, writes=True) as session:
        assert not doing.claim(session, PETITION, edit, theirs, 1)
        assert doing.claim(session, PETITION, edit, ours, 1)


def test_a_condition_that_is_unknown_does_not_hold(petitions: World) -> None:
    record_id = add(petitions, status=APPROVED)
    vague = Action("vague", "", when=lambda petition: petition.needed_on > date(2020, 1, 1))
    with open_session(petitions.engine, system(petitions.one.id), writes=True) as session:
        found = doing.find(session, PETITION, vague, record_id)
        assert found is not None
        assert found[1] is False
        assert not doing.claim(session, PETITION, vague, record_id, 1)


def test_a_condition_may_hang_on_the_day(petitions: World) -> None:
    soon = Action("soon", "", when=lambda petition: petition.needed_on >= current_day())
    for days, holds in ((-3, False), (3, True)):
        record_id = add(petitions, needed_on=date.today() + timedelta(days=days))
        with open_session(petitions.engine, system(petitions.one.id), writes=True) as session:
            found = doing.find(session, PETITION, soon, record_id)
            assert found is not None
            assert found[1] is holds
            assert doing.claim(session, PETITION, soon, record_id, 1) is holds
