"""The seeded world with the knowledge base on, and what tests do with an article."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from core.crm.segments import Segment, SegmentAccount
from core.db.session import open_session
from core.db.viewer import system
from plugins.knowledge_base.models import PUBLISHED, Article, Category
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.visibility.changes import switch
from tests.worlds.copied import copied
from tests.worlds.world import World

HOME = "/portal/knowledge_base/"
LIST, OFFICE = f"{HOME}article/", "/staff/records/knowledge_base/"
WRITE = f"{OFFICE}article/do/write"


@pytest.fixture(scope="module")
def library(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The world, with cases on too; tests add what they need and leave it there."""
    with copied(databases, tmp_path_factory.mktemp) as made:
        for slug in ("one", "two"):
            for module in ("knowledge_base", "cases"):
                switch(made, made.tenancies[slug], module, "tenant", made.tenancies[slug].id, True)
        yield made


def add(world: World, title: str, body: str = "", category: str = "", **columns: Any) -> int:
    """A published article in English; gives its id. A category is made where it is not there yet."""
    with world.writing() as session:
        found = session.scalar(select(Category).where(Category.title == category)) if category else None
        if category and found is None:
            session.add(found := Category(title=category))
            session.flush()
        rest = {"language": "en", "state": PUBLISHED, "edition": 1, "category_id": found and found.id, **columns}
        row = Article(title=title, body=body, next_title=title, next_body=body, **rest)
        row.published = row.state == PUBLISHED
        session.add(row)
        session.flush()
        return row.id


def segment(world: World, account: str) -> str:
    """The audience of a new segment with one account in it."""
    with world.writing() as session:
        session.add(row := Segment(name=f"Segment of {account} {account}"))
        session.flush()
        session.add(SegmentAccount(segment_id=row.id, account_id=world.one.accounts[account]))
        return str(row.id)


def read(world: World, article_id: int) -> Article:
    """An article as it is now, with its revisions."""
    with open_session(world.engine, system(world.one.id)) as session:
        article = session.scalars(select(Article).where(Article.id == article_id)).one()
        assert article.revisions is not None
        return article


__all__ = ["HOME", "LIST", "OFFICE", "WRITE", "add", "library", "read", "segment"]
