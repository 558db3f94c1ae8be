"""What is shared is seen by the clients whom it is meant for, once it is published, where its module is on; and
written by none of them."""

import pytest
from sqlalchemy import select, update

from core.db.engine import make_engine
from core.db.record import Record
from core.db.session import Refused, open_session
from core.db.shared import RecordSegment
from core.db.viewer import system
from core.files.models import File
from tests.db.conftest import World, ids
from tests.db.things import Notice


def test_everybody_sees_what_the_oracle_says(world: World) -> None:
    engine = make_engine(world.database.url)
    numbers = set()
    for looker in world.lookers:
        with open_session(engine, looker.sight()) as session:
            seen = ids(session.scalars(select(Notice)))
            assert ids(session.scalars(select(Record))) == ids(world.seen(looker).record), looker
        assert seen == ids(world.seen(looker).notice), looker
        numbers.add((looker.kind, len(seen)))
    engine.dispose()
    # Drafts are the staff's; clients see what is for all, or for segments of theirs, and nothing where it is off.
    assert {("staff", 10), ("contact", 1), ("contact", 3), ("contact", 4), ("contact", 0), ("visitor", 0)} <= numbers


def test_a_change_of_audience_is_felt_on_the_row_its_record_and_its_files(world: World) -> None:
    engine, made = make_engine(world.database.url), world.tenancies[0]
    one = next(iter(made.segments))
    looker = next(each for each in world.lookers if one in each.within("papertest") and each.tenant == made.id)
    with open_session(engine, system(made.id), writes=True) as session:
        notice = Notice(name="new", audience="")
        session.add(notice)
        session.flush()
        rest = {"media_type": "text/plain", "size": 1, "sha256": "0", "published": True}
        session.add(File(parent_id=notice.id, name="file", key=f"{made.id}/new", **rest))
        session.commit()
        for audience, seen in (("", 0), (f"{one}", 3), ("", 0), ("all", 3), (f"{one} {one}", 3)):
            notice.audience = audience
            session.commit()
            with open_session(engine, looker.sight()) as theirs:
                found = [theirs.scalar(select(each.id).where(each.id == notice.id)) for each in (Notice, Record)]
                found.append(theirs.scalar(select(File.id).where(File.parent_id == notice.id)))
                assert sum(each is not None for each in found) == seen, audience
        session.delete(notice)
        session.flush()
        assert session.scalars(select(RecordSegment).where(RecordSegment.record_id == notice.id)).all() == []
        session.rollback()
    engine.dispose()


def test_a_client_writes_no_shared_row_and_nobody_a_segment_of_another_tenant(world: World) -> None:
    engine, (made, other) = make_engine(world.database.url), world.tenancies[:2]
    looker = next(each for each in world.lookers if each.kind == "contact" and "papertest" in each.modules)
    with open_session(engine, looker.sight(), writes=True) as session:
        session.add(Notice(name="mine"))
        with pytest.raises(Refused, match="a contact writes no Notice"):
            session.flush()
        session.rollback()
        with pytest.raises(Refused, match="a contact writes no Notice"):
            session.execute(update(Notice).values(name="mine"))
    with open_session(engine, system(made.id), writes=True) as session:
        for audience in ("everybody", "1;2", "-1", str(next(iter(other.segments)))):
            session.add(Notice(name="x", audience=audience))
            with pytest.raises(Refused):
                session.flush()
            session.rollback()
        with pytest.raises(Refused, match="may not touch audience"):
            session.execute(update(Notice).values(audience="all"))
    engine.dispose()
