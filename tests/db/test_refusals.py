"""What slips past the predicate is refused; a control without the refusal shows that it would slip."""

from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, selectinload, with_expression, with_loader_criteria

import core.db.session as session_module
from core.crm.models import Account, Membership
from core.db.engine import make_engine
from core.db.session import Refused, open_session
from tests.db.conftest import World
from tests.db.leaks import LEAKS, Leak
from tests.db.things import Paper, Part, Secret, Share, Thing


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_what_would_leak_is_refused(world: World, engine: Engine, leak: Leak) -> None:
    with open_session(engine, world.client.sight(), writes=True) as session, pytest.raises(Refused):
        session.execute(leak.statement())


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
@pytest.mark.parametrize("leak", [leak for leak in LEAKS if leak.runs], ids=lambda leak: leak.name)
def test_without_the_refusal_it_would_leak(world: World, leak: Leak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "refuse_statement", lambda *args: None)
    monkeypatch.setattr(session_module, "refuse_walk", lambda *args: None)
    engine = make_engine(world.database.url, guarded=False)
    with open_session(engine, world.client.sight()) as session:
        told = set(session.execute(leak.statement()).scalars())
    engine.dispose()
    assert told - leak.innocent(world.seen(world.client))


OPTIONS: list[Any] = [
    lambda: select(Thing).options(with_loader_criteria(Thing, text("1=1 OR 1=1"))),
    lambda: select(Thing).options(selectinload(Thing.parts.and_(text("1=1 OR 1=1")))),
    lambda: select(Paper).join(Paper.things.and_(text("1=1 OR 1=1"))),
    lambda: select(Thing).options(
        with_expression(Thing.size, select(func.max(Secret.__table__.c.id)).scalar_subquery())
    ),  # type: ignore[arg-type]
    lambda: select(Thing.id).order_by(text("(SELECT count(*) FROM walltest_secret)")),
    lambda: select(Thing.id).group_by(Thing.id).having(text("1=1")),
    lambda: select(func.json_each("[1]").table_valued("value").c.value).join(Thing, Thing.id > 0),
]


@pytest.mark.parametrize("make", OPTIONS)
def test_raw_sql_is_refused_wherever_it_hides(world: World, engine: Engine, make: Any) -> None:
    with open_session(engine, world.client.sight()) as session, pytest.raises(Refused):
        session.execute(make())


WRITES: list[Any] = [
    lambda: update(Thing).values(owner=1),
    lambda: update(Thing).values(account_id=1),
    lambda: update(Thing).values({Thing.site_id: 1}),
    lambda: update(Thing).values({"contact_id": 1}),
    lambda: update(Thing).values(published=True),
    lambda: update(Thing).values(tenant_id=2),
    lambda: update(Thing).values(id=2),
    lambda: update(Thing).values(other_id=2),
    lambda: update(Thing).values(name="not what the record's entry says"),
    lambda: update(Thing).ordered_values((Thing.size, 1), (Thing.owner, 1)),
    lambda: update(Part).values({Part.parent_id: 1}),
    lambda: update(Share).values(owner=1),
    lambda: update(Part).values(name=Thing.name).where(Part.parent_id == Thing.id),
    lambda: update(Part).where(Part.parent_id == Secret.thing_id).values(name="x"),
    lambda: update(Part).where(text("1=1 OR 1=1")).values(name="x"),
    lambda: update(Part).values(name=select(func.max(Secret.__table__.c.name)).scalar_subquery()),
    lambda: update(Part.__table__).values(name="x"),  # type: ignore[arg-type]
    lambda: delete(Part).where(Part.parent_id == Secret.thing_id),
    lambda: delete(Part.__table__),  # type: ignore[arg-type]
    lambda: delete(Thing),
    lambda: insert(Part).values(name="x", parent_id=1),
]


@pytest.mark.parametrize("make", WRITES)
@pytest.mark.parametrize("who", ["client", "staff"])
def test_what_moves_rows_or_reaches_further_is_no_bulk_statement(
    world: World, engine: Engine, who: str, make: Any
) -> None:
    with open_session(engine, getattr(world, who).sight(), writes=True) as session, pytest.raises(Refused):
        session.execute(make())


@pytest.mark.parametrize("values", [{"owner": 1}, {"tenant_id": 2}, {"published": True}, {"other_id": 1}])
def test_values_do_not_come_in_as_parameters(world: World, engine: Engine, values: dict[str, Any]) -> None:
    with open_session(engine, world.client.sight(), writes=True) as session, pytest.raises(Refused):
        session.execute(update(Thing), values)


def test_many_sets_of_parameters_are_refused(world: World, engine: Engine) -> None:
    with open_session(engine, world.staff.sight(), writes=True) as session:
        for statement in (update(Thing), insert(Part), select(Thing)):
            with pytest.raises(Refused):
                session.execute(statement, [{"id": 1, "size": 2}, {"id": 2, "size": 2}])


def test_clients_write_no_table_of_the_core(world: World, engine: Engine) -> None:
    with open_session(engine, world.client.sight(), writes=True) as session:
        for statement in (update(Account).values(name="x"), delete(Membership)):
            with pytest.raises(Refused, match="a contact writes no"):
                session.execute(statement)


def test_there_is_no_way_round_the_session(world: World, engine: Engine) -> None:
    with open_session(engine, world.client.sight()) as session:
        thing = session.scalars(select(Thing).limit(1)).one()
        transaction: Any = session.get_transaction()
        ways: list[Any] = [
            session.connection,
            lambda: session.get_bind().connect().execute(text("SELECT 1")),  # type: ignore[union-attr]
            lambda: transaction.connection(None).execute(text("SELECT 1")),
            lambda: transaction.connection(None).execute(select(Thing.id)),
            lambda: transaction.connection(None).exec_driver_sql("SELECT 1"),
            lambda: Session(engine).scalars(select(Thing)).all(),
            lambda: Session(session.get_bind()).scalars(select(Thing)).all(),
            lambda: session.bulk_save_objects([thing]),
            lambda: session.bulk_insert_mappings(Part, [{"name": "x", "parent_id": thing.id}]),
            lambda: session.bulk_update_mappings(Thing, [{"id": thing.id, "size": 1}]),
            lambda: session.merge(Thing(id=thing.id)),
            lambda: session.merge_all([Thing(id=thing.id)]),
        ]
        for way in ways:
            with pytest.raises(Refused):
                way()


def test_without_the_guard_a_connection_beside_the_session_reads_all(world: World) -> None:
    engine = make_engine(world.database.url, guarded=False)
    with open_session(engine, world.client.sight()) as session:
        session.scalars(select(Thing)).all()
        transaction: Any = session.get_transaction()
        told = set(transaction.connection(None).scalars(select(Thing.id)))
    engine.dispose()
    assert told - {thing.id for thing in world.seen(world.client).thing}


def test_a_bind_that_is_forgotten_raises(world: World, engine: Engine) -> None:
    with open_session(engine, world.client.sight()) as session:
        session._binds = {k: v for k, v in session._binds.items() if k != "wall_in_walltest_keys"}
        with pytest.raises(StatementError, match="wall_in_walltest_keys"):
            session.scalars(select(Thing)).all()


def test_the_callers_parameters_do_not_move_the_wall(world: World, engine: Engine) -> None:
    everything = tuple(account.id for account in world.rows["account"])
    with open_session(engine, world.client.sight()) as session:
        told = session.scalars(
            select(Thing.id), {"wall_in_walltest_keys": everything, "wall_tenant": world.tenancies[1].id}
        ).all()
        also = session.scalars(select(Thing.id).params(wall_in_walltest_keys=everything)).all()
    assert sorted(told) == sorted(also) == sorted(thing.id for thing in world.seen(world.client).thing)
