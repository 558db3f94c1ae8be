"""Objects read as values: what a session's own are once they have left it."""

import pytest
from sqlalchemy import Engine, inspect, literal, select

from core.db.detached import Detached
from core.db.session import Refused, open_session
from core.db.viewer import system
from tests.db.conftest import World
from tests.db.things import Part, Thing


def test_they_say_what_the_sessions_own_say_and_belong_to_none(world: World, engine: Engine) -> None:
    read = Detached(Thing)
    with open_session(engine, system(world.tenancies[0].id)) as session:
        rows = session.execute(select(literal("before"), *read.columns).order_by(Thing.id)).all()
        own = session.scalars(select(Thing).order_by(Thing.id)).all()
        made = [read.made(row, 1) for row in rows]
        assert len(own) > 1
        names = [attribute.key for attribute in inspect(Thing).column_attrs]
        assert [[getattr(each, name) for name in names] for each in made] == [
            [getattr(each, name) for name in names] for each in own
        ]
        assert all(inspect(each).detached and each not in session for each in made)


def test_a_session_that_writes_takes_none_of_them(world: World, engine: Engine) -> None:
    read = Detached(Thing)
    with open_session(engine, system(world.tenancies[0].id), writes=True) as session:
        made = read.made(session.execute(select(*read.columns)).all()[0])
        with pytest.raises(Refused, match="another session"):
            session.add(made)


def test_where_an_outer_join_found_nothing_there_is_none(world: World, engine: Engine) -> None:
    read = Detached(Part)
    nothing = select(*read.columns).select_from(Thing).outerjoin(Part, Part.id == -Thing.id)
    with open_session(engine, system(world.tenancies[0].id)) as session:
        assert {read.made(row) for row in session.execute(nothing)} == {None}
