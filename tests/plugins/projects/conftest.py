"""The seeded world with projects on in both tenants, and what tests do with one."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.db.session import open_session
from core.db.viewer import system
from plugins.projects.models import ACTIVE, Milestone, Project, Task
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.visibility.changes import switch
from tests.worlds.copied import copied
from tests.worlds.world import World

LIST, OFFICE = "/portal/projects/", "/staff/records/projects/"


@pytest.fixture(scope="module")
def projects(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The world; tests add what they need and leave it there."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        for slug in ("one", "two"):
            switch(made, made.tenancies[slug], "projects", "tenant", made.tenancies[slug].id, True)
        yield made


def add(
    world: World,
    account: str | None = "alpha",
    slug: str = "one",
    tasks: list[dict[str, Any]] | None = None,
    milestones: list[dict[str, Any]] | None = None,
    **columns: Any,
) -> int:
    """A project of an account's with these tasks and milestones; gives its id."""
    with world.writing(slug) as session:
        account_id = world.tenancies[slug].accounts[account] if account else None
        given = {"account_id": account_id, "number": "P-1", "title": "New sprinklers", "status": ACTIVE, **columns}
        row = Project(**given)
        session.add(row)
        session.flush()
        session.add_all(Task(parent_id=row.id, **{"position": n, **each}) for n, each in enumerate(tasks or []))
        session.add_all(Milestone(parent_id=row.id, **each) for each in milestones or [])
        session.flush()
        return row.id


def read(world: World, model: Any, row_id: int | None, slug: str = "one") -> Any:
    """A row as it is now; None where it is gone."""
    with open_session(world.engine, system(world.tenancies[slug].id)) as session:
        return session.get(model, row_id)
