"""Parts that carry the owner of their record: it is always that one, whoever writes, and however."""

from typing import Any

import pytest
from sqlalchemy import Engine, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db.bulk import bulk_insert, bulk_insert_ids
from core.db.model import Id, Model
from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.db.wall import PartOf
from tests.db.conftest import World
from tests.db.things import Note, Share, Thing


@pytest.fixture
def session(world: World, engine: Engine) -> Any:
    """The system's session in the first tenant; nothing is committed."""
    with open_session(engine, system(world.tenancies[0].id), writes=True) as opened:
        yield opened


def owners(session: WalledSession, *, of: int) -> set[int | None]:
    """The owners that the parts of a thing carry, as the database has them."""
    return set(session.scalars(select(Share.owner).where(Share.parent_id == of)))


def test_every_part_of_the_world_carries_its_owner(session: WalledSession) -> None:
    rows = session.execute(select(Share.owner, Thing.owner).join(Thing, Thing.id == Share.parent_id)).all()
    assert len({mine for mine, _ in rows}) > 4
    assert all(mine == theirs for mine, theirs in rows)


def test_it_is_the_cores_to_write(world: World, session: WalledSession) -> None:
    one, other = world.tenancies[0].accounts[:2]
    thing = Thing(name="new", account_id=one)
    session.add(thing)
    session.flush()
    part = Share(parent_id=thing.id, name="by hand", owner=other)
    session.add(part)
    session.flush()
    assert part.owner == one
    assert owners(session, of=thing.id) == {one}
    part.owner = other
    session.flush()
    assert owners(session, of=thing.id) == {one}


def test_it_goes_with_the_record_and_with_the_part(world: World, session: WalledSession) -> None:
    one, other = world.tenancies[0].accounts[:2]
    first, second = Thing(name="first", account_id=one), Thing(name="second", account_id=one)
    session.add_all([first, second])
    session.flush()
    parts = [Share(parent_id=thing.id, name="part") for thing in (first, second, second)]
    session.add_all(parts)
    session.flush()
    second.account_id, parts[2].name = other, "written with it"
    session.flush()
    assert (owners(session, of=first.id), owners(session, of=second.id)) == ({one}, {other})
    parts[0].parent_id = second.id
    second.account_id, second.contact_id = None, world.client.person
    session.flush()
    assert owners(session, of=second.id) == {-world.client.person}
    assert not owners(session, of=first.id)
    parts[1].name = "changed later"
    second.contact_id = None
    session.flush()
    assert owners(session, of=second.id) == {None}


def test_an_import_writes_it_too(world: World, session: WalledSession) -> None:
    of = {thing.id: thing.owner for thing in session.scalars(select(Thing).limit(700))}
    bulk_insert(session, Share, [{"parent_id": i, "name": "in bulk"} for i in of])
    bulk_insert_ids(session, Share, [{"parent_id": i, "name": "in bulk", "owner": 99} for i in of])
    rows = session.execute(select(Share.parent_id, Share.owner).where(Share.name == "in bulk")).all()
    assert len(rows) == 2 * len(of)
    assert len(set(of.values())) > 4
    assert all(owner == of[parent_id] for parent_id, owner in rows)


def test_a_parent_without_an_owner_has_none_to_give() -> None:
    with pytest.raises(TypeError, match="Note has no owner"):

        class Scrap(PartOf(Note, owned=True), Model):  # type: ignore[misc]
            __tablename__ = "walltest_scrap"
            id: Mapped[int] = mapped_column(Id, primary_key=True)
            name: Mapped[str] = mapped_column(String(40))
