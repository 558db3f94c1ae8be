"""Statements that are built once: as walled as any other, for everybody who runs them."""

from typing import Any

import pytest
from sqlalchemy import BigInteger, Engine, bindparam, event, false, literal, select

import core.db.session as session_module
from core.db.keys import InKeys
from core.db.session import ReadOnly, go_on_as, keep, open_session
from core.db.viewer import system
from tests.db.conftest import World, ids
from tests.db.things import Note, Part, Thing

PLAIN = {model: select(model) for model in (Thing, Part, Note)}
KEPT = {model: keep(select(model)) for model in PLAIN}


def differences(world: World, engine: Engine) -> list[str]:
    """Whoever sees something else through a kept statement than through one of the same words."""
    found = []
    for looker in (*world.lookers, *reversed(world.lookers)):
        with open_session(engine, looker.sight()) as session:
            for model in PLAIN:
                if ids(session.scalars(KEPT[model])) != ids(session.scalars(PLAIN[model])):
                    found.append(f"{looker.kind}: {model.__name__}")
    return found


def test_everybody_sees_through_it_what_they_see(world: World, engine: Engine) -> None:
    assert differences(world, engine) == []


def test_one_that_is_kept_whatever_the_shape_would_be_found(
    world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = session_module._kept

    def shapeless(statement: Any, session: Any, shapes: dict[Any, Any]) -> Any:
        return next(iter(shapes.values())) if shapes else kept(statement, session, shapes)

    monkeypatch.setattr(session_module, "_kept", shapeless)
    monkeypatch.setattr(session_module, "_KEPT", {statement: {} for statement in KEPT.values()})
    assert differences(world, engine) != []


def test_a_statement_made_out_of_a_kept_one_is_another(world: World, engine: Engine) -> None:
    with open_session(engine, world.client.sight()) as session:
        assert ids(session.scalars(KEPT[Thing])) != []
        assert ids(session.scalars(KEPT[Thing].where(false()))) == []


def test_of_two_in_the_same_words_each_asks_for_its_own_values(world: World, engine: Engine) -> None:
    with open_session(engine, world.client.sight()) as session:
        mine = sorted(ids(session.scalars(KEPT[Thing])))
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
    sent: list[Any] = []
    with open_session(engine, world.client.sight()) as session:
        listens = lambda conn, cursor, text, parameters, context, many: sent.append(parameters)  # noqa: E731
        event.listen(engine, "before_cursor_execute", listens)
        try:
            row = session.execute(statement, {"wanted": mine}).one()
        finally:
            event.remove(engine, "before_cursor_execute", listens)
    assert list(row[: len(words)]) == words
    assert (row.number, bool(row.truth), row.id, bool(row.among)) == (-7, True, mine, False)
    assert len(sent) == 1
    assert not {"O'Brien", "%%", "other", -7} & {value for value in sent[0] if isinstance(value, str | int)}


def test_a_session_that_goes_on_sees_with_the_new_sight_alone(world: World, engine: Engine) -> None:
    tenant = world.tenancies[0].id
    with open_session(engine, system(tenant)) as session:
        everything = session.scalars(KEPT[Thing]).all()
        go_on_as(session, world.client.sight())
        mine = ids(session.scalars(KEPT[Thing]))
        assert mine == ids(world.seen(world.client).thing)
        assert len(mine) < len(everything)
        assert all(thing not in session or thing.id in mine for thing in everything)
        hidden = next(thing.id for thing in everything if thing.id not in mine)
        assert session.get(Thing, hidden) is None
        go_on_as(session, system(world.tenancies[1].id))
        assert not {thing.id for thing in everything} & set(ids(session.scalars(KEPT[Thing])))


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
