"""Who is found by what they type."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from time_machine import travel

from core.access.people import identifier_key, may_come_in, people_by_key, shared_identifiers
from core.crm.models import Contact, Membership, Tenant
from core.db.session import open_session
from core.db.viewer import system
from core.modules.models import Switch
from tests.access import world

TODAY = date.today()


def found(engine: Engine, tenant: Tenant, text: str) -> list[int]:
    with open_session(engine, system(tenant.id)) as session:
        return [p.id for p in people_by_key(session, tenant, identifier_key(text, tenant))]


@pytest.mark.parametrize(
    "written",
    [
        "612345678",
        "612 34 56 78",
        "612-345-678",
        "612.345.678",
        "(612) 345 678",
        "+34 612 345 678",
        "+34612345678",
        "0034 612 345 678",
        "34 612345678",
        "  tel:+34-612-34-56-78 ",
    ],
)
def test_a_phone_is_the_same_however_one_writes_it(engine: Engine, tenant: Tenant, written: str) -> None:
    person = world.add_contact(engine, tenant, mobile="612 345 678")
    assert found(engine, tenant, written) == [person.id]


def test_a_phone_is_read_as_one_writes_it_in_the_tenants_country(engine: Engine) -> None:
    tenant = world.make_tenant(engine, country="GB")
    person = world.add_contact(engine, tenant, phone="020 7946 0018")
    assert found(engine, tenant, "+44 20 7946 0018") == [person.id]
    assert found(engine, tenant, "+34 20 7946 0018") == []


def test_a_phone_that_cannot_be_read_is_kept_and_blocks_no_email(engine: Engine, tenant: Tenant) -> None:
    person = world.add_contact(engine, tenant, "ana@example.org", phone="ask Marta")
    assert (person.phone, person.phone_key) == ("ask Marta", None)
    assert found(engine, tenant, "ANA@Example.org") == [person.id]
    assert found(engine, tenant, "ask Marta") == []


def test_nobody_is_found_by_nothing(engine: Engine, tenant: Tenant) -> None:
    world.add_contact(engine, tenant, "ana@example.org")
    world.add_staff(engine, tenant, "sara@example.org")
    assert [found(engine, tenant, text) for text in ("", "@", "x", "\x00", " ")] == [[]] * 5


@pytest.mark.parametrize(
    "values",
    [
        {"portal_user": False},
        {"support_start": None},
        {"portal_end": None},
        {"support_start": TODAY + timedelta(days=2)},
        {"portal_end": TODAY - timedelta(days=2)},
    ],
)
def test_a_contact_without_access_is_not_found(engine: Engine, tenant: Tenant, values: dict[str, Any]) -> None:
    person = world.add_contact(engine, tenant, "ana@example.org", **values)
    assert found(engine, tenant, "ana@example.org") == []
    with open_session(engine, system(tenant.id)) as session:
        assert not may_come_in(session, tenant, person)


def test_a_member_with_an_email_is_found_where_the_tenant_says_so(engine: Engine, tenant: Tenant) -> None:
    member = world.add_contact(engine, tenant, "ana@example.org", portal_user=False)
    stranger = world.add_contact(engine, tenant, "luis@example.org", portal_user=False)
    with open_session(engine, system(tenant.id), writes=True) as session:
        own = session.get_one(Contact, stranger.id).memberships
        session.delete(session.get_one(Membership, own[0].id))
        session.commit()
    tenant.access_mode = "members"
    assert found(engine, tenant, "ana@example.org") == [member.id]
    assert found(engine, tenant, "luis@example.org") == []


def test_the_last_day_ends_when_it_ends_for_the_tenant(engine: Engine) -> None:
    tenant = world.make_tenant(engine, time_zone="Atlantic/Canary")
    world.add_contact(engine, tenant, "ana@example.org", portal_end=date(2026, 7, 31))
    with travel("2026-07-31T22:59:00Z", tick=False):  # 23:59 there
        assert len(found(engine, tenant, "ana@example.org")) == 1
    with travel("2026-07-31T23:01:00Z", tick=False):
        assert found(engine, tenant, "ana@example.org") == []


def test_a_contact_whose_portal_is_off_everywhere_is_not_found(engine: Engine, tenant: Tenant) -> None:
    person = world.add_contact(engine, tenant, "ana@example.org")
    with open_session(engine, system(tenant.id), writes=True) as session:
        session.add(Switch(module="portal", level="contact", target_id=person.id, on=False))
        session.commit()
    assert found(engine, tenant, "ana@example.org") == []


def test_an_inactive_staff_user_is_not_found(engine: Engine, tenant: Tenant) -> None:
    person = world.add_staff(engine, tenant, "sara@example.org", phone="912 345 678")
    assert found(engine, tenant, "912345678") == [person.id]
    world.change(engine, tenant, person, active=False)
    assert found(engine, tenant, "912345678") == []


def test_people_of_another_tenant_are_not_found(engine: Engine, tenant: Tenant) -> None:
    other = world.make_tenant(engine, "fuego", "fuego.example.es")
    world.add_contact(engine, other, "ana@example.org")
    assert found(engine, tenant, "ana@example.org") == []


def test_staff_are_told_what_several_active_people_share(engine: Engine, tenant: Tenant) -> None:
    ana = world.add_contact(engine, tenant, "info@example.org", phone="612345678", mobile="612345678")
    luis = world.add_contact(engine, tenant, "INFO@example.org")
    world.add_contact(engine, tenant, "info@example.org", portal_user=False)
    sara = world.add_staff(engine, tenant, "sara@example.org", phone="0034 612345678")
    world.add_contact(engine, tenant, "old@example.org")
    world.add_contact(engine, tenant, "old@example.org", portal_end=date(2020, 1, 2))
    with open_session(engine, system(tenant.id)) as session:
        told = shared_identifiers(session)
    ids = [(t.identifier, {c.id for c in t.contacts}, [s.id for s in t.staff]) for t in told]
    assert ids == [("+34612345678", {ana.id}, [sara.id]), ("info@example.org", {ana.id, luis.id}, [])]


def test_telling_staff_takes_as_many_statements_for_many_people_as_for_few(engine: Engine, tenant: Tenant) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for _ in range(2):
        for n in range(4):
            world.add_contact(engine, tenant, f"info{n % 2}@example.org")
        statements.clear()
        with open_session(engine, system(tenant.id)) as session:
            assert len(shared_identifiers(session)) == 2
        counts.append(len([s for s in statements if "set_config" not in s]))
    assert counts[0] == counts[1] <= 5
