"""What a reader finds: articles in their language, and those of another where there is no translation."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from core.api import WalledSession, keep, language, language_names, sees
from plugins.knowledge_base.models import PUBLISHED, Article, Category
from plugins.knowledge_base.resources import ARTICLE, CATEGORY

#: so many articles stand in a box
FEW = 5
_LANGUAGE: Any = bindparam("language")
_SHOWN: tuple[Any, ...] = (Article.id, Article.title, Article.language)


def in_language(article: Any) -> ColumnElement[bool]:
    """Whether an article is in the language `language` (a bind), or is not there in that one for its reader."""
    same = aliased(Article)
    translated = select(same.id).where(
        same.key == article.key, same.key != "", same.language == _LANGUAGE, same.state == PUBLISHED
    )
    return and_(
        article.state == PUBLISHED, or_(article.language == _LANGUAGE, ~translated.correlate_except(same).exists())
    )


@lru_cache
def _categories() -> Select[Any]:
    counted = aliased(Article)
    number = select(func.count(counted.id)).where(counted.category_id == Category.id, in_language(counted))
    columns = Category.id, Category.title, Category.language, number.scalar_subquery().label("number")
    return keep(select(*columns).order_by(Category.position, Category.title, Category.id))


@lru_cache
def _articles(order: str) -> Select[Any]:
    asked: Select[Any] = select(*_SHOWN).where(in_language(Article))
    if order == "helpful":
        asked = asked.where(Article.helped > 0).order_by(
            (Article.helped - Article.not_helped).desc(), Article.id.desc()
        )
    else:
        asked = asked.order_by(Article.published_at.desc(), Article.id.desc())
    return keep(asked.limit(FEW))


@lru_cache
def _of_category() -> Select[Any]:
    of = Article.category_id == bindparam("category")
    asked: Select[Any] = select(*_SHOWN).where(of, in_language(Article))
    return keep(asked.order_by(Article.title, Article.id).limit(bindparam("most")))


def categories(session: WalledSession) -> list[dict[str, Any]]:
    """The categories of the reader's language with how many articles are in each, and those of others that hold what
    is not in the reader's."""
    rows, named = session.execute(_categories(), {"language": language()}), sees(session, CATEGORY, "title")
    return [
        {
            "title": row.title if named else CATEGORY.singular,
            "number": row.number,
            "url": _url(row.id),
            **_told(row.language or language()),
        }
        for row in rows
        if row.number or row.language in ("", language())
    ]


def articles(session: WalledSession, order: str) -> list[dict[str, Any]]:
    """The newest articles, or (`order` "helpful") those that have helped most."""
    return [item(session, row) for row in session.execute(_articles(order), {"language": language()})]


def of_category(session: WalledSession, category_id: int, most: int) -> list[dict[str, Any]]:
    """The articles of a category, by title."""
    values = {"language": language(), "category": category_id, "most": most}
    return [item(session, row) for row in session.execute(_of_category(), values)]


def of_ids(session: WalledSession, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Those of these articles that the reader finds in their language, in this order."""
    asked: Select[Any] = select(*_SHOWN).where(Article.id.in_(ids), in_language(Article))
    found = {row.id: item(session, row) for row in session.execute(asked, {"language": language()})} if ids else {}
    return [found[record] for record in ids if record in found]


def item(session: WalledSession, row: Any) -> dict[str, Any]:
    """An article as lists show it: by what its reader sees of it, with its language where that is not theirs."""
    title = row.title if sees(session, ARTICLE, "title") else ARTICLE.singular
    return {"id": row.id, "title": title, "url": _url(row.id), **_told(row.language)}


def _told(code: str) -> dict[str, str]:
    """The code of a language, and its name where it is not the reader's."""
    return {"lang": code, "language": language_names().get(code, code) if code != language() else ""}


def _url(record_id: int) -> str:
    return url_for("portal.detail", module="knowledge_base", record_id=record_id)
