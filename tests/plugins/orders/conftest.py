"""The seeded world with orders on in the first tenant, and what tests do with one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from plugins.orders.models import CONFIRMED, Line, Order
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.visibility.changes import switch
from tests.worlds.copied import copied
from tests.worlds.world import World

LIST, OFFICE = "/portal/orders/", "/staff/records/orders/"


@pytest.fixture(scope="module")
def orders(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world; tests add what they need and leave it there."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        switch(made, made.one, "orders", "tenant", made.one.id, True)
        yield made


def add(world: World, account: str | None = "alpha", **columns: Any) -> int:
    """An order of an account's with one line; gives its id."""
    with world.writing() as session:
        account_id = world.one.accounts[account] if account else None
        values = {"number": "PE-1", "status": CONFIRMED, "currency": "EUR", "ordered_on": date(2026, 5, 4), **columns}
        row = Order(account_id=account_id, **values)
        session.add(row)
        session.flush()
        session.add(Line(parent_id=row.id, description="A pump", currency="EUR", net=1000, total=1210, tax=210))
        return row.id


def read(world: World, record_id: int) -> Order:
    """An order as it is now."""
    with open_session(world.engine, system(world.one.id)) as session:
        return session.scalars(select(Order).where(Order.id == record_id)).one()
