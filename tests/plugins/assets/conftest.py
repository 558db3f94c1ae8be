"""The seeded world with assets on in its first tenant, and what tests do with one."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from plugins.assets.models import Asset
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.visibility.changes import switch
from tests.worlds.copied import copied
from tests.worlds.world import World

LIST, OFFICE = "/portal/assets/", "/staff/records/assets/"


@pytest.fixture(scope="module")
def assets(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world; tests add what they need and leave it there."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        switch(made, made.one, "assets", "tenant", made.one.id, True)
        yield made


def add(world: World, number: str, account: str | None = "alpha", site: str | None = None, **columns: Any) -> int:
    """An asset of an account's; gives its id."""
    with world.writing() as session:
        made = world.one
        place = {
            "account_id": made.accounts[account] if account else None,
            "site_id": made.sites[site] if site else None,
        }
        session.add(row := Asset(**{**place, "number": number, "name": f"Thing {number}", **columns}))
        session.flush()
        return row.id


def read(world: World, record_id: int) -> Asset:
    """An asset as it is now."""
    with open_session(world.engine, system(world.one.id)) as session:
        return session.scalars(select(Asset).where(Asset.id == record_id)).one()
