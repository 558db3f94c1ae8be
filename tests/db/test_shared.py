"""What is shared is seen by every client of the tenant for whom its module is on, once it is published."""

from sqlalchemy import select

from core.db.engine import make_engine
from core.db.session import open_session
from tests.db.conftest import World, ids
from tests.db.things import Notice


def test_everybody_sees_what_the_oracle_says(world: World) -> None:
    engine = make_engine(world.database.url)
    numbers = set()
    for looker in world.lookers:
        with open_session(engine, looker.sight()) as session:
            seen = ids(session.scalars(select(Notice)))
        assert seen == ids(world.seen(looker).notice), looker
        numbers.add((looker.kind, len(seen)))
    engine.dispose()
    # Drafts are the staff's; clients see the rest where the module is on, and nothing where it is off.
    assert {("staff", 3), ("contact", 2), ("contact", 0), ("visitor", 0)} <= numbers
