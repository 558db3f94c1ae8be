"""Statements that are built once: as walled as any other, for everybody who runs them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import BigInteger, Engine, bindparam, event, false, literal, select
from sqlalchemy.exc import StatementError

from core.crm.models import Account
from core.db import ready
from core.db.keys import InKeys
from core.db.session import ReadOnly, WalledSession, go_on_as, keep, open_session
from core.db.viewer import system
from tests.db.conftest import World, ids
from tests.db.things import Note, Part, Thing

PLAIN = {model: select(model.id) for model in (Thing, Part, Note)}
OF_OBJECTS = {model: keep(select(model)) for model in PLAIN}
KEPT = {model: keep(select(model.id)) for model in PLAIN}
ALL_KEPT = (*KEPT.values(), *OF_OBJECTS.values())
#: the first run makes a statement ready, the second learns its values, the third is as all that follow
RUNS = 3


def differences(world: World, engine: Engine) -> list[str]:
    """Whoever sees something else through a kept statement than through one of the same words."""
    found = []
    for looker in (*world.lookers, *reversed(world.lookers)):
        with open_session(engine, looker.sight()) as session:
            for model in PLAIN:
                right = sorted(session.scalars(PLAIN[model]))
                seen = [sorted(session.scalars(KEPT[model])) for _ in range(RUNS)]
                if [*seen, ids(session.scalars(OF_OBJECTS[model]))] != [right] * (RUNS + 1):
                    found.append(f"{looker.kind}: {model.__name__}")
    return found


def test_everybody_sees_through_it_what_they_see(world: World, engine: Engine) -> None:
    assert differences(world, engine) == []


class Shapeless(dict[Any, Any]):
    """What is ready, whatever the shape."""

    def get(self, token: Any, default: Any = None) -> Any:
        return next(iter(self.values()), default)


def test_one_that_is_kept_whatever_the_shape_would_be_found(
    world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {statement: ready._Kept(statement in KEPT.values(), Shapeless()) for statement in ALL_KEPT}
    monkeypatch.setattr(ready, "_KEPT", kept)
    assert differences(world, engine) != []


def sent(engine: Engine, world: World, run: Callable[[WalledSession], Any], **how: bool) -> list[tuple[str, Any]]:
    """What `run` sends in a session of the client's."""
    found: list[tuple[str, Any]] = []
    listens = lambda conn, cursor, text, values, context, many: found.append((text, values))  # noqa: E731
    with open_session(engine, world.client.sight(), **how) as session:
        event.listen(engine, "before_cursor_execute", listens)
        try:
            run(session)
        finally:
            event.remove(engine, "before_cursor_execute", listens)
    return found


def test_the_shortest_way_says_to_the_database_what_the_sessions_own_says(world: World, engine: Engine) -> None:
    run = lambda session: [session.scalars(KEPT[model]).all() for model in KEPT]  # noqa: E731
    for _ in range(RUNS):
        shortest = sent(engine, world, run)
    assert shortest == sent(engine, world, run, writes=True)
    assert len(shortest) == len(KEPT)


def test_what_is_ready_takes_the_shortest_way_and_objects_and_writers_the_sessions_own(
    world: World, engine: Engine
) -> None:
    def own_way(statement: Any, **how: bool) -> int:
        taken = []
        with open_session(engine, world.client.sight(), **how) as session:
            for _ in range(RUNS):
                session.execute(statement)
            event.listen(session, "do_orm_execute", taken.append)
            session.execute(statement)
        return len(taken)

    assert [own_way(KEPT[Thing]), own_way(OF_OBJECTS[Thing]), own_way(KEPT[Thing], writes=True)] == [0, 1, 1]


def test_what_a_writer_has_not_yet_sent_is_found_by_it(world: World, engine: Engine) -> None:
    with open_session(engine, system(world.tenancies[0].id), writes=True) as session:
        for _ in range(RUNS):
            session.scalars(KEPT[Thing]).all()
        thing = Thing(name="new", account_id=session.scalars(select(Account.id)).first())
        session.add(thing)
        found = session.scalars(KEPT[Thing]).all()
        assert thing.id in found


def test_the_callers_parameters_do_not_move_the_wall(world: World, engine: Engine) -> None:
    everything = tuple(account.id for account in world.rows["account"])
    given = {"wall_in_walltest_keys": everything, "wall_tenant": world.tenancies[1].id}
    with open_session(engine, world.client.sight()) as session:
        told = [sorted(session.scalars(KEPT[Thing], given)) for _ in range(RUNS)]
    assert told == [sorted(ids(world.seen(world.client).thing))] * RUNS


def test_a_bind_that_is_forgotten_raises(world: World, engine: Engine) -> None:
    for _ in range(RUNS):
        with open_session(engine, world.client.sight()) as session:
            assert session.scalars(KEPT[Thing]).all()
            session._binds = {k: v for k, v in session._binds.items() if k != "wall_in_walltest_keys"}
            with pytest.raises((StatementError, KeyError), match="wall_in_walltest_keys"):
                session.scalars(KEPT[Thing]).all()


def test_a_statement_made_out_of_a_kept_one_is_another(world: World, engine: Engine) -> None:
    with open_session(engine, world.client.sight()) as session:
        assert session.scalars(KEPT[Thing]).all() != []
        assert session.scalars(KEPT[Thing].where(false())).all() == []


def test_of_two_in_the_same_words_each_asks_for_its_own_values(world: World, engine: Engine) -> None:
    with open_session(engine, world.client.sight()) as session:
        mine = sorted(session.scalars(KEPT[Thing]))
        assert len(mine) > 1
        of_each = [keep(select(Thing.id).where(Thing.id == each)) for each in mine]
        assert [session.scalar(statement) for statement in of_each] == mine
        assert [session.scalar(statement) for statement in reversed(of_each)] == mine[::-1]


def test_what_never_changes_is_written_out_and_means_itself(world: World, engine: Engine) -> None:
    words = ["O'Brien", '100 %s "ñ" :tenant \\ $1 {é}', "%%", "--", ""]
    columns = [literal(word).label(f"word{at}") for at, word in enumerate(words)]
    asked = select(*columns, literal(-7).label("number"), literal(True).label("truth"))
    among = Thing.name.in_([*words, "other"]).label("among")
    statement = keep(asked.add_columns(Thing.id, among).where(Thing.id == bindparam("wanted", type_=BigInteger())))
    mine = min(ids(world.seen(world.client).thing))
    rows: list[Any] = []
    said = sent(engine, world, lambda session: rows.append(session.execute(statement, {"wanted": mine}).one()))
    row = rows[0]
    assert list(row[: len(words)]) == words
    assert (row.number, bool(row.truth), row.id, bool(row.among)) == (-7, True, mine, False)
    assert len(said) == 1
    assert not {"O'Brien", "%%", "other", -7} & {value for value in said[0][1] if isinstance(value, str | int)}


def test_a_session_that_goes_on_sees_with_the_new_sight_alone(world: World, engine: Engine) -> None:
    tenant = world.tenancies[0].id
    with open_session(engine, system(tenant)) as session:
        everything = session.scalars(OF_OBJECTS[Thing]).all()
        go_on_as(session, world.client.sight())
        mine = ids(session.scalars(OF_OBJECTS[Thing]))
        assert mine == ids(world.seen(world.client).thing)
        assert len(mine) < len(everything)
        assert all(thing not in session or thing.id in mine for thing in everything)
        hidden = next(thing.id for thing in everything if thing.id not in mine)
        assert session.get(Thing, hidden) is None
        go_on_as(session, system(world.tenancies[1].id))
        assert not {thing.id for thing in everything} & set(ids(session.scalars(OF_OBJECTS[Thing])))


def test_a_session_that_writes_stays_its_viewers(world: World, engine: Engine) -> None:
    with open_session(engine, system(world.tenancies[0].id), writes=True) as session, pytest.raises(ReadOnly):
        go_on_as(session, world.client.sight())


@pytest.mark.parametrize("words", [["plain"], ['a"b', "c\\d", "e,f", "{g}", "ñ é", " ", "", "NULL", "null", "h'i"], []])
def test_keys_of_text_are_found_as_they_are(world: World, engine: Engine, words: list[str]) -> None:
    asked = {word: InKeys(literal(word), "words", of_text=True) for word in ("plain", 'a"b', "c\\d", "{g}", "NULL", "")}
    columns = [found.label(f"found{at}") for at, found in enumerate(asked.values())]
    statement = select(*columns, Thing.id).order_by(Thing.id).limit(1)
    with open_session(engine, world.client.sight()) as session:
        row = session.execute(statement, {"words": words}).one()
    assert [bool(found) for found in row[:-1]] == [word in words for word in asked]
