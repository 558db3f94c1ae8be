"""Rows in bulk: the importer's way, and nobody else's."""

import pytest
from sqlalchemy import Engine, delete, insert, select

from core.crm.models import Account
from core.db.bulk import bulk_insert, bulk_insert_ids
from core.db.session import Refused, open_session
from core.db.viewer import system
from tests.db.conftest import World


def rows(*names: str) -> list[dict[str, object]]:
    return [{"name": name} for name in names]


def test_rows_are_written_for_the_systems_tenant_with_ids_in_order(world: World, engine: Engine) -> None:
    tenant = world.tenancies[0].id
    with open_session(engine, system(tenant), writes=True) as session:
        ids = bulk_insert_ids(session, Account, rows("bulk b", "bulk a"))
        bulk_insert(session, Account, rows("bulk c"))
        bulk_insert(session, Account, [])
        assert bulk_insert_ids(session, Account, []) == []
        found = session.execute(select(Account.id, Account.name, Account.tenant_id).where(Account.name.like("bulk%")))
        names = {name: (id_, of) for id_, name, of in found}
    assert set(names) == {"bulk a", "bulk b", "bulk c"}
    assert [names["bulk b"][0], names["bulk a"][0]] == ids
    assert {of for _, of in names.values()} == {tenant}


def test_an_id_is_given_to_one_row_ever(world: World, engine: Engine) -> None:
    with open_session(engine, system(world.tenancies[0].id), writes=True) as session:
        first, last = bulk_insert_ids(session, Account, rows("bulk a", "bulk b"))
        session.execute(delete(Account).where(Account.id == last))
        [after] = bulk_insert_ids(session, Account, rows("bulk c"))
        session.add(one := Account(name="one by one"))
        session.flush()
        assert first < last < after < one.id
        session.commit()


def test_rows_that_speak_of_other_columns_are_written_all_the_same(world: World, engine: Engine) -> None:
    with open_session(engine, system(world.tenancies[0].id), writes=True) as session:
        ids = bulk_insert_ids(session, Account, [{"name": "bulk a"}, {"name": "bulk b", "town": "Lugo"}, {"name": "c"}])
        found = dict(session.execute(select(Account.id, Account.town).where(Account.id.in_(ids))).all())
    assert [found[i] for i in ids] == ["", "Lugo", ""]


def test_only_the_system_may_and_only_for_its_tenant(world: World, engine: Engine) -> None:
    mine, other = (tenancy.id for tenancy in world.tenancies)
    for sight in (world.client.sight(), world.staff.sight()):
        with open_session(engine, sight, writes=True) as session, pytest.raises(Refused, match="only an import"):
            bulk_insert(session, Account, rows("x"))
    with open_session(engine, system(mine)) as session, pytest.raises(Refused, match="only an import"):
        bulk_insert(session, Account, rows("x"))
    with open_session(engine, system(mine), writes=True) as session:
        for write in (bulk_insert, bulk_insert_ids):
            with pytest.raises(Refused, match="another tenant"):
                write(session, Account, [{"name": "x", "tenant_id": other}])
        with pytest.raises(Refused):
            session.execute(insert(Account), rows("x"))
