"""What a session remembers, loads again and shares."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, true
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.orm.exc import ObjectDeletedError

import core.db.session as session_module
from core.db.engine import make_engine
from core.db.session import WalledSession, open_session
from core.db.viewer import system
from tests.db.conftest import World, ids
from tests.db.things import Note, Paper, Part, Thing


@pytest.fixture
def hidden(world: World, engine: Engine) -> Iterator[int]:
    """A thing of the client's that is no longer published once `hide` was called; put back afterwards."""
    thing_id: int = world.seen(world.client).part[0].parent_id
    yield thing_id
    publish(world, engine, thing_id, True)


def publish(world: World, engine: Engine, thing_id: int, published: bool) -> None:
    with open_session(engine, system(world.tenancies[0].id), writes=True) as session:
        session.get_one(Thing, thing_id).published = published
        session.commit()


def loaded(session: WalledSession, thing_id: int) -> Thing:
    """The thing, as a client's session has it in memory; its transaction is over."""
    thing = session.scalars(select(Thing).where(Thing.id == thing_id).options(defer(Thing.size))).one()
    session.commit()
    return thing


def test_what_is_in_memory_is_asked_for_anew(world: World, engine: Engine, hidden: int) -> None:
    with open_session(engine, world.client.sight()) as session:
        thing = loaded(session, hidden)
        assert session.get(Thing, hidden) is thing
        session.commit()
        publish(world, engine, hidden, False)
        assert session.get(Thing, hidden) is None


def test_what_is_loaded_again_goes_through_the_wall(world: World, engine: Engine, hidden: int) -> None:
    with open_session(engine, world.client.sight()) as session:
        thing = loaded(session, hidden)
        publish(world, engine, hidden, False)
        with pytest.raises(ObjectDeletedError):
            _ = thing.size  # deferred
        with pytest.raises(InvalidRequestError):
            session.refresh(thing)
        session.expire(thing)
        with pytest.raises(ObjectDeletedError):
            _ = thing.name


def test_without_the_predicate_a_refresh_would_show_it(
    world: World, engine: Engine, hidden: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_session(engine, world.client.sight()) as session:
        thing = loaded(session, hidden)
        publish(world, engine, hidden, False)
        monkeypatch.setattr(session._shape, "predicate", lambda cls: true())
        session.refresh(thing)
        assert thing.published is False


def test_parts_that_are_hidden_meanwhile_are_not_loaded_with_their_row(
    world: World, engine: Engine, hidden: int
) -> None:
    with open_session(engine, world.client.sight()) as session:
        thing = loaded(session, hidden)
        publish(world, engine, hidden, False)
        assert thing.parts == []
        assert session.scalars(select(Part).where(Part.parent_id == hidden)).all() == []


def test_what_was_loaded_with_a_row_is_what_its_viewer_sees(world: World, engine: Engine) -> None:
    seen = world.seen(world.client)
    things = ids(seen.thing)
    with open_session(engine, world.client.sight()) as session:
        for thing in session.scalars(select(Thing).options(joinedload(Thing.other), joinedload(Thing.parts))).unique():
            assert (thing.other.id if thing.other else None) in (None, *things)
            assert ids(thing.parts) == ids(part for part in seen.part if part.parent_id == thing.id)
        for paper in session.scalars(select(Paper)):
            assert set(ids(paper.things)) <= set(things)


def test_every_order_of_viewers_over_one_statement(world: World) -> None:
    kinds = {repr(looker.sight().modules): looker for looker in world.lookers if looker.kind == "contact"}
    some = [world.staff, *list(kinds.values())[:4]]
    statement = select(func.count()).select_from(Thing)
    expected = {id(looker): len(world.seen(looker).thing) for looker in some}
    assert len(set(expected.values())) > 2
    for order in permutations(some):
        engine = make_engine(world.database.url)  # with an empty cache
        for looker in order:
            with open_session(engine, looker.sight()) as session:
                assert session.scalar(statement) == expected[id(looker)]
        engine.dispose()


def test_viewers_in_many_threads_see_their_own(world: World, engine: Engine) -> None:
    def look(number: int) -> bool:
        looker = world.lookers[number % len(world.lookers)]
        with open_session(engine, looker.sight()) as session:
            told = [session.scalars(select(cls.id).order_by(cls.id)).all() for cls in (Thing, Note, Part)]
        seen = world.seen(looker)
        return told == [ids(seen.thing), ids(seen.note), ids(seen.part)]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look, range(200)))


def test_nothing_grows_when_sessions_are_opened(world: World, engine: Engine) -> None:
    """One statement in one shape is compiled once, whoever asks and however often."""

    def ask() -> int:
        for looker in world.lookers:
            with open_session(engine, looker.sight()) as session:
                session.scalars(select(Thing).where(Thing.size > 1)).all()
        cache: Any = engine._compiled_cache
        return len(cache)

    assert ask() == ask()


def test_the_session_is_named_where_the_guard_refuses(world: World, engine: Engine) -> None:
    with pytest.raises(session_module.Refused, match="outside a walled session"), engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
