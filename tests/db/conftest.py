"""Fixtures: a world of two tenants with every kind of row, made once for the tests of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from core.crm.models import Account, Tenant
from core.db.engine import make_engine
from core.db.session import open_session
from core.db.viewer import installation, system
from tests.databases import Database, PostgresDatabases, SqliteDatabases
from tests.db.oracle import Rows, read_all, visible
from tests.db.things import make_tables
from tests.db.world import Looker, Tenancy, everybody, lookers, seed


def ids(rows: Any) -> list[int]:
    """Ids in order."""
    return sorted(row.id for row in rows)


@dataclass(frozen=True)
class World:
    """Two tenants, all their rows as the driver reads them, and all who look at them."""

    database: Database
    tenancies: list[Tenancy]
    rows: Rows

    @property
    def lookers(self) -> list[Looker]:
        """Everybody, of both tenants and of none."""
        return everybody(self.tenancies)

    @property
    def client(self) -> Looker:
        """A member of one whole account of the first tenant."""
        return next(each for each in lookers(self.tenancies[0]) if each.kind == "contact")

    @property
    def staff(self) -> Looker:
        """Staff of the first tenant."""
        return lookers(self.tenancies[0])[0]

    def seen(self, looker: Looker) -> Any:
        """What this looker may see, by name of the table."""
        seen = visible(self.rows, looker)
        seen.all_links = self.rows["link"]  # a bare table between two walled ones: both its ends are walled
        return seen


@pytest.fixture(scope="module")
def world(databases: SqliteDatabases | PostgresDatabases) -> Iterator[World]:
    """The world; who writes in it does not commit."""
    with databases.fresh() as database:
        make_tables(database)
        made = make_engine(database.url)
        tenancies = [seed(made, slug) for slug in ("one", "two")]
        made.dispose()
        yield World(database, tenancies, read_all(database))


@pytest.fixture
def engine(world: World) -> Iterator[Engine]:
    """An engine of the role that serves, whose cache of statements is empty."""
    made = make_engine(world.database.url)
    yield made
    made.dispose()


@pytest.fixture
def postgres(postgres_databases: PostgresDatabases) -> Iterator[Database]:
    """One fresh database of PostgreSQL's."""
    with postgres_databases.fresh() as made:
        yield made


@pytest.fixture
def tenants(postgres: Database) -> list[int]:
    """Two tenants with one account each."""
    engine = make_engine(postgres.url)
    ids = []
    for slug in ("one", "two"):
        with open_session(engine, installation(), writes=True) as session:
            tenant = Tenant(slug=slug, name=slug)
            session.add(tenant)
            session.commit()
            ids.append(tenant.id)
        with open_session(engine, system(tenant.id), writes=True) as session:
            session.add(Account(name=slug))
            session.commit()
    engine.dispose()
    return ids
