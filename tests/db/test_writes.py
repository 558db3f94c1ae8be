"""What a flush writes of its own, and what it refuses. Nothing here is committed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from core.crm.models import Account, Contact, Membership, Tenant, TenantHost
from core.db.record import Record
from core.db.session import ReadOnly, Refused, WalledSession, open_session
from core.db.viewer import installation, visitor
from tests.db.conftest import World
from tests.db.things import Note, Part, Secret, Share, Thing


@pytest.fixture
def client(world: World, engine: Engine) -> Any:
    with open_session(engine, world.client.sight(), writes=True) as session:
        yield session


@pytest.fixture
def staff(world: World, engine: Engine) -> Any:
    with open_session(engine, world.staff.sight(), writes=True) as session:
        yield session


def mine(world: World) -> dict[str, Any]:
    """The account and the person of the client who writes."""
    return {"account_id": world.client.accounts[0], "contact_id": world.client.person}


def unseen(world: World, table: str) -> int:
    """The id of a row of the client's own tenant that they may not see."""
    seen = {row.id for row in getattr(world.seen(world.client), table)}
    tenant = world.client.tenant
    return next(row.id for row in world.rows[table] if row.tenant_id == tenant and row.id not in seen)


def foreign(world: World, table: str) -> int:
    """The id of a row of the other tenant."""
    return next(row.id for row in world.rows[table] if row.tenant_id != world.client.tenant)


def first(session: WalledSession, cls: Any = Thing) -> Any:
    return session.scalars(select(cls).order_by(cls.id)).first()


def of_account(session: WalledSession) -> Any:
    return session.scalars(select(Thing).where(Thing.account_id.is_not(None)).order_by(Thing.id)).first()


def test_the_core_stamps_tenant_and_owner_and_keeps_the_entry(world: World, client: WalledSession) -> None:
    thing = Thing(name="new", **mine(world))
    client.add(thing)
    client.flush()
    record = client.get_one(Record, thing.id)
    assert (thing.tenant_id, thing.owner, thing.published) == (world.client.tenant, thing.account_id, True)
    assert (record.module, record.resource, record.number) == ("walltest", "thing", "new")
    assert (record.owner, record.account_id, record.contact_id) == (thing.owner, thing.account_id, thing.contact_id)


@pytest.mark.parametrize(
    ("account", "contact", "owner"), [(True, True, "account"), (False, True, "contact"), (False, False, None)]
)
def test_the_owner_is_the_account_else_the_contact_else_nobody(
    world: World, staff: WalledSession, account: bool, contact: bool, owner: str | None
) -> None:
    ids = mine(world)
    thing = Thing(name="new", account_id=ids["account_id"] if account else None)
    thing.contact_id = ids["contact_id"] if contact else None
    staff.add(thing)
    staff.flush()
    assert thing.owner == {"account": ids["account_id"], "contact": -ids["contact_id"], None: None}[owner]
    assert thing.record.owner == thing.owner


def test_the_entry_follows_its_row_and_goes_with_it(staff: WalledSession) -> None:
    thing = Thing(name="new")
    staff.add(thing)
    staff.flush()
    thing.name, thing.published = "renamed", False
    staff.flush()
    record = staff.get_one(Record, thing.id)
    assert (record.number, record.published) == ("renamed", False)
    staff.delete(thing)
    staff.flush()
    assert staff.scalar(select(Record.id).where(Record.id == record.id)) is None


REFUSED: list[Callable[[World, WalledSession], Any]] = [
    lambda w, s: s.add(Thing(name="x", account_id=unseen(w, "account"))),
    lambda w, s: s.add(Thing(name="x", account_id=foreign(w, "account"))),
    lambda w, s: s.add(Thing(name="x", account_id=99999)),
    lambda w, s: s.add(Thing(name="x", **{**mine(w), "site_id": unseen(w, "site")})),
    lambda w, s: s.add(Thing(name="x", **{**mine(w), "contact_id": unseen(w, "contact")})),
    lambda w, s: s.add(Thing(name="x", **mine(w), other_id=unseen(w, "thing"))),
    lambda w, s: s.add(Thing(name="x", **mine(w), other_id=foreign(w, "thing"))),
    lambda w, s: s.add(Thing(name="x", **mine(w), published=False)),
    lambda w, s: s.add(Thing(name="x")),
    lambda w, s: s.add(Thing(name="x", **mine(w), tenant_id=w.tenancies[1].id)),
    lambda w, s: s.add(Thing(name="x", **mine(w), id=unseen(w, "thing"))),
    lambda w, s: s.add(Thing(name="x", **mine(w), record=first(s, Record))),
    lambda w, s: s.add(Part(name="x", parent_id=unseen(w, "thing"))),
    lambda w, s: s.add(Part(name="x", parent_id=first(s).id, id=unseen(w, "part"))),
    lambda w, s: s.add(Share(name="x", parent_id=unseen(w, "thing"))),
    lambda w, s: s.add(Share(name="x", thing=of_account(s))),
    lambda w, s: s.add(Note(name="x", contact_id=unseen(w, "contact"))),
    lambda w, s: s.add(Secret(name="x")),
    lambda w, s: s.add(Record(module="walltest", resource="thing", **mine(w))),
    lambda w, s: s.add(Account(name="x")),
    lambda w, s: s.add(Membership(account_id=w.client.accounts[0], contact_id=w.client.person)),
    lambda w, s: s.add(TenantHost(host="x", owner_tenant=w.client.tenant)),
    lambda w, s: setattr(first(s), "account_id", unseen(w, "account")),
    lambda w, s: setattr(of_account(s), "account_id", None),
    lambda w, s: setattr(of_account(s), "account", None),
    lambda w, s: setattr(first(s), "owner", unseen(w, "account")) or setattr(first(s), "published", False),
    lambda w, s: setattr(first(s), "tenant_id", w.tenancies[1].id),
    lambda w, s: setattr(first(s), "published", False),
    lambda w, s: setattr(first(s), "id", 99999),
    lambda w, s: setattr(first(s), "record", s.scalars(select(Record).order_by(-Record.id)).first()),
    lambda w, s: setattr(first(s, Part), "id", 99999),
    lambda w, s: setattr(first(s, Part), "parent_id", unseen(w, "thing")),
    lambda w, s: setattr(first(s, Record), "owner", 1),
    lambda w, s: setattr(first(s, Contact), "portal_user", True),
    lambda w, s: setattr(first(s, Tenant), "name", "x"),
    lambda w, s: s.delete(first(s, Membership)),
    lambda w, s: s.delete(first(s, Record)),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_a_client_writes_nothing_beyond_their_reach(world: World, client: WalledSession, number: int) -> None:
    REFUSED[number](world, client)
    with pytest.raises(Refused):
        client.flush()


def test_what_a_client_may_write_is_taken(world: World, client: WalledSession) -> None:
    thing = Thing(name="new", **mine(world), other_id=first(client).id)
    client.add(thing)
    client.flush()
    part = Part(name="part", parent_id=thing.id)
    client.add_all([part, Note(name="note", contact_id=world.client.person)])
    client.flush()
    thing.name = "renamed"
    client.delete(part)
    client.flush()
    assert client.scalar(select(Thing.name).where(Thing.id == thing.id)) == "renamed"
    assert client.scalars(select(Part).where(Part.parent_id == thing.id)).all() == []


@pytest.mark.parametrize(
    "write",
    [
        lambda w, s: s.add(Thing(name="x", tenant_id=w.tenancies[1].id)),
        lambda w, s: s.add(Thing(name="x", account_id=foreign(w, "account"))),
        lambda w, s: s.add(Membership(account_id=foreign(w, "account"), contact_id=w.client.person)),
        lambda w, s: s.add(Thing(name="x", account_id=w.tenancies[0].accounts[0], site_id=w.tenancies[0].sites[3][0])),
        lambda w, s: s.add(Thing(name="x", site_id=w.tenancies[0].sites[0][0])),
        lambda w, s: s.add(Tenant(slug="x", name="x")),
        lambda w, s: s.add(TenantHost(host="x", owner_tenant=w.tenancies[1].id)),
        lambda w, s: s.add(Account(id=99999, name="x")),
        lambda w, s: setattr(first(s), "tenant_id", w.tenancies[1].id),
        lambda w, s: setattr(first(s, Record), "title", "x"),
    ],
)
def test_staff_write_within_their_tenant_alone(world: World, staff: WalledSession, write: Any) -> None:
    write(world, staff)
    with pytest.raises(Refused):
        staff.flush()


@pytest.mark.parametrize("move", ["to another", "to none", "new"])
def test_a_relationship_does_not_move_a_row_past_its_stamp(staff: WalledSession, move: str) -> None:
    thing = Thing(name="new") if move == "new" else of_account(staff)
    other = staff.scalars(select(Account).where(Account.id != (thing.account_id or 0))).first()
    thing.account = None if move == "to none" else other
    staff.add(thing)
    with pytest.raises(Refused, match="not through a relationship"):
        staff.flush()


def test_what_a_relationship_refers_to_is_seen_by_its_writer(world: World, staff: WalledSession) -> None:
    account = first(staff, Account)
    membership = Membership(account=account, contact_id=world.client.person)
    staff.add(membership)
    staff.flush()
    assert membership.account_id == account.id


def test_a_visitor_writes_nothing_and_the_installation_no_tenants_rows(world: World, engine: Engine) -> None:
    tenant = world.tenancies[0].id
    with open_session(engine, visitor(tenant), writes=True) as session:
        session.add(Note(name="x"))
        with pytest.raises(Refused):
            session.flush()
    with open_session(engine, installation(), writes=True) as session:
        session.add(Account(name="x", tenant_id=tenant))
        with pytest.raises(Refused):
            session.flush()


def test_a_session_that_reads_refuses_to_write(world: World, engine: Engine) -> None:
    ways: list[Callable[[WalledSession], Any]] = [
        lambda s: s.add(Thing(name="x")),
        lambda s: setattr(first(s), "name", "x"),
        lambda s: s.delete(first(s)),
    ]
    for way in ways:
        with open_session(engine, world.staff.sight()) as session:
            way(session)
            with pytest.raises(ReadOnly):
                session.flush()
    with open_session(engine, world.staff.sight()) as session:
        for statement in (update(Thing).values(size=1), delete(Part)):
            with pytest.raises(ReadOnly):
                session.execute(statement)


def test_an_object_from_elsewhere_is_not_taken_in(world: World, engine: Engine, client: WalledSession) -> None:
    with open_session(engine, world.staff.sight()) as session:
        thing = session.scalars(select(Thing).where(Thing.id == unseen(world, "thing"))).one()
    made_up = Thing(id=unseen(world, "thing"))
    make_transient_to_detached(made_up)
    for detached in (thing, made_up):
        with pytest.raises(Refused):
            client.add(detached)
        assert detached not in client
        assert client.get(Thing, detached.id) is None


def test_a_savepoint_takes_back_what_came_after_it(world: World, client: WalledSession) -> None:
    kept = Thing(name="kept", **mine(world))
    client.add(kept)
    client.flush()
    with pytest.raises(ZeroDivisionError), client.begin_nested():
        client.add(Thing(name="not kept", **mine(world)))
        client.flush()
        raise ZeroDivisionError
    with client.begin_nested():
        client.add(Thing(name="kept too", **mine(world)))
    names = set(client.scalars(select(Thing.name)))
    assert {"kept", "kept too"} <= names
    assert "not kept" not in names


def test_one_who_saves_an_older_version_is_told(staff: WalledSession) -> None:
    thing = first(staff)
    set_committed_value(thing, "version", thing.version - 1)  # as it was when somebody else read it
    thing.name = "mine"
    with pytest.raises(StaleDataError):
        staff.flush()
