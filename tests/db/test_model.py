"""Column types and names that are ours."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import StatementError

from core.crm.models import Tenant
from core.db.model import Model, money, now
from core.db.session import open_session
from core.db.viewer import installation
from tests.db.conftest import World


def test_moments_come_back_in_utc_with_their_zone(world: World, engine: Engine) -> None:
    moment = datetime(2026, 3, 29, 1, 30, 15, 123456, timezone(timedelta(hours=2)))
    with open_session(engine, installation(), writes=True) as session:
        tenant = Tenant(slug="when", name="when", updated_at=moment)
        session.add(tenant)
        session.flush()
        stored = session.scalar(select(Tenant.updated_at).where(Tenant.id == tenant.id))
    assert stored == moment
    assert stored is not None
    assert stored.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(world: World, engine: Engine) -> None:
    with open_session(engine, installation(), writes=True) as session:
        session.add(Tenant(slug="when", name="when", updated_at=datetime(2026, 1, 1)))
        with pytest.raises(StatementError, match="time zone"):
            session.flush()
    assert now().tzinfo is UTC


def test_money_is_marked_as_such() -> None:
    assert money(default=0)["info"] == {"kind": "money"}
    assert money(default=0)["default"] == 0


def test_every_constraint_has_a_name_that_both_databases_take() -> None:
    """A migration can only drop what has a name; PostgreSQL cuts names at 63 letters."""
    names = [
        constraint.name
        for table in Model.metadata.tables.values()
        for constraint in (*table.constraints, *table.indexes)
    ]
    assert all(names)
    assert [name for name in names if len(str(name)) > 63] == []
