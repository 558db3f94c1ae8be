"""Segments: kept by administrators, read by agents; what is for one is read by the people of its clients alone."""

import re
from datetime import date

from sqlalchemy import select

from core.crm.models import Staff
from core.crm.segments import Segment, SegmentAccount
from core.db.session import open_session
from core.db.viewer import system
from core.modules.reach import sight_of
from tests.petitions.acting import post
from tests.staff.reading import words
from tests.visibility.oracle import Oracle, read_tables
from tests.worlds.fixtures import world
from tests.worlds.world import World

__all__ = ["world"]
LIST, NEW = "/staff/segments/", "/staff/segments/new"


def kept(world: World) -> dict[str, list[int]]:
    """The segments of the first tenant, with their accounts."""
    with open_session(world.engine, system(world.one.id)) as session:
        ties = session.execute(select(SegmentAccount.segment_id, SegmentAccount.account_id)).all()
        return {s.name: sorted(a for of, a in ties if of == s.id) for s in session.scalars(select(Segment))}


def reached(world: World, name: str) -> set[str]:
    """The names of the segments that a contact's reach in invoices has."""
    with open_session(world.engine, system(world.one.id)) as session:
        registry = world.app.extensions["postigo"].registry
        sight, _ = sight_of(session, registry, world.one.people[name])
        wanted = Segment.id.in_(sight.reach("invoices").segments)
        return set(session.scalars(select(Segment.name).where(wanted)))


def test_a_segment_is_begun_filled_renamed_and_removed(world: World) -> None:
    staff, account = world.staff(), next(iter(world.one.accounts.values()))
    assert post(staff, NEW, {"name": "Gold"}).status_code == 303
    assert post(staff, NEW, {"name": "Gold"}).status_code == 422
    url = re.search(r"/staff/segments/\d+", staff.get(LIST).text)
    assert url
    joined = post(staff, f"{url[0]}/accounts", {"account": str(account)})
    assert joined.status_code == 303
    assert post(staff, f"{url[0]}/accounts", {"account": str(account)}).status_code == 303
    assert kept(world) == {"Gold": [account]}
    assert "Gold" in words(staff.get(f"/staff/accounts/{account}"))
    assert post(staff, f"{url[0]}/edit", {"name": "Silver", "version": "1"}).status_code == 303
    assert post(staff, f"{url[0]}/edit", {"name": "Late", "version": "1"}).status_code == 422
    assert post(staff, url[0], {"account": str(account)}).status_code == 303
    assert kept(world) == {"Silver": []}
    assert post(staff, f"{url[0]}/edit", {"do": "remove"}).status_code == 422
    assert kept(world) == {"Silver": []}
    assert post(staff, f"{url[0]}/edit", {"do": "remove", "sure": "1"}).status_code == 303
    assert kept(world) == {}


def test_agents_read_and_change_nothing_and_other_tenants_see_nothing(world: World) -> None:
    with world.writing() as session:
        segment = Segment(name="Gold")
        session.add(segment)
        session.flush()
        session.get_one(Staff, world.one.staff).role = "agent"
        url, account = f"/staff/segments/{segment.id}", next(iter(world.one.accounts.values()))
    agent = world.staff()
    assert agent.get(LIST).status_code == agent.get(url).status_code == 200
    for address in (NEW, f"{url}/edit", f"{url}/accounts"):
        assert agent.get(address).status_code == 403
    assert post(agent, url, {"account": str(account)}).status_code == 403
    stranger = world.staff("two")
    assert stranger.get(url).status_code == 404
    assert "Gold" not in words(stranger.get(LIST))


def test_who_belongs_to_a_client_or_a_site_of_it_is_in_its_segments(world: World) -> None:
    with world.writing() as session:
        for name, account in world.one.accounts.items():
            segment = Segment(name=name)
            session.add(segment)
            session.flush()
            session.add(SegmentAccount(segment_id=segment.id, account_id=account))
    found = {name: reached(world, name) for name in world.one.people}
    assert any(found.values())
    for name, of in found.items():
        assert of == expected(world, name), name


def expected(world: World, name: str) -> set[str]:
    """The same as the naive rule has it."""
    oracle = Oracle(read_tables(world.database.owner_url), world.one.people[name], date.today())
    with world.writing() as session:
        return set(session.scalars(select(Segment.name).where(Segment.id.in_(oracle.segments()))))
