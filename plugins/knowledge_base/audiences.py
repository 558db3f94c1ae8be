"""Whom articles are for: nobody whom their category is not for. So a category can be kept for some clients with all
that is in it, and an article in it for fewer of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.api import Misfit, WalledSession, gettext
from plugins.knowledge_base.models import Article, Category

#: how an audience says that it is for all clients; else it is the ids of segments, or nothing, for staff alone
_ALL = "all"


def narrowed(audience: str, by: str) -> str:
    """What of an audience is one of `by`, too. Of segments, those that both name: who is in two that only one of them
    names each, is kept out."""
    if by == _ALL or audience == by:
        return audience
    common = set(audience.split()) & set(by.split())
    return by if audience == _ALL else " ".join(sorted(common, key=int))


def check(session: WalledSession, article: Article) -> None:
    """Raise Misfit for an article that is for others than its category is. The session is the staff's."""
    category = session.get(Category, article.category_id) if article.category_id else None
    audience = _ALL if article.audience is None else article.audience
    if category is not None and narrowed(audience, category.audience) != audience:
        said = gettext("The category “%(title)s” is for fewer clients. Tick only those whom it is for.")
        raise Misfit("audience", said % {"title": category.title})


def restrict(session: WalledSession, category: Category, values: Mapping[str, Any]) -> None:
    """Write what was typed of a category, and narrow its articles to whom it is for now."""
    for name, value in values.items():
        setattr(category, name, value)
    _narrow(session, category)


def narrow_all(session: WalledSession) -> None:
    """Narrow the articles of all categories: what an import brings asks nobody whom it is for."""
    for category in session.scalars(select(Category).where(Category.audience != _ALL).order_by(Category.id)).all():
        _narrow(session, category)


def _narrow(session: WalledSession, category: Category) -> None:
    for article in session.scalars(select(Article).where(Article.category_id == category.id)).all():
        article.audience = narrowed(article.audience, category.audience)
