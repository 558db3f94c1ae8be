"""The seeded world with contracts on in the first tenant, and what tests do with one."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select

from core.api import Model
from core.db.session import open_session
from core.db.viewer import system
from core.outbox.models import Job, Mail
from plugins.contracts.models import ACTIVE, Contract, Service, Use
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.visibility.changes import switch
from tests.worlds.copied import copied
from tests.worlds.world import World

LIST, OFFICE = "/portal/contracts/", "/staff/records/contracts/"
TODAY = date.today()


def day(days: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days)


@pytest.fixture(scope="module")
def house(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world, without a contract."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        switch(made, made.one, "contracts", "tenant", made.one.id, True)
        yield made


@pytest.fixture
def contracts(house: World) -> Iterator[World]:
    """The same; what a test adds is taken away after it."""
    yield house
    with house.writing() as session:
        for contract in session.scalars(select(Contract)).all():
            session.delete(contract)
        session.execute(delete(Mail))
        session.execute(delete(Job))


def add(world: World, account: str | None = "alpha", **columns: Any) -> int:
    """A contract of an account's that runs for a year; gives its id."""
    values = {"number": "K-1", "title": "Yearly care", "status": ACTIVE, "currency": "EUR", "starts_on": day(-100),
              "ends_on": day(265), **columns}  # fmt: skip
    account_id = world.one.accounts[account] if account else None
    return put(world, Contract(account_id=account_id, **values))


def add_service(world: World, contract_id: int, bought: int, *used: int, position: int = 1, **columns: Any) -> int:
    """A service of a contract of which units are counted, and what was used of it."""
    values = {"description": "Visits", "unit": "visits", "counted": True, "currency": "EUR", **columns}
    service_id = put(
        world, Service(parent_id=contract_id, position=position, quantity=Decimal(bought), **values)
    )  # fmt: skip
    for units in used:
        put(world, Use(parent_id=contract_id, line=position, used_on=TODAY, units=Decimal(units)))
    return service_id


def put(world: World, row: Any) -> int:
    """Write a row of the first tenant's, and give its id."""
    with world.writing() as session:
        session.add(row)
        session.flush()
        found: int = row.id
        return found


def read(world: World, model: type[Model], row_id: int) -> Any:
    """A row as it is now."""
    with open_session(world.engine, system(world.one.id)) as session:
        return session.scalars(select(model).where(model.id == row_id)).one()  # type: ignore[attr-defined]
