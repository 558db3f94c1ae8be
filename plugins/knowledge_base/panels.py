"""The boxes beside an article: other languages, articles like it, whether it helped; and a category's articles."""

import difflib
from typing import Any

from babel import Locale
from sqlalchemy import func, select

from core.api import Box, Kind, Panel, WalledSession, language, lazy_gettext
from plugins.knowledge_base import reading
from plugins.knowledge_base.models import PUBLISHED, Article, Feedback

_ARTICLE = "knowledge_base.article"
_MOST, _REASONS = 200, 20


def _article(session: WalledSession, article_id: int) -> Article:
    return session.scalars(select(Article).where(Article.id == article_id)).one()


def languages(session: WalledSession, article_id: int) -> Box | None:
    """That an article is not in the reader's language, and where it is."""
    article = _article(session, article_id)
    if article.language == language():
        return None
    same = select(Article.id, Article.title, Article.language).where(
        Article.key == article.key, Article.key != "", Article.language == language(), Article.state == PUBLISHED
    )
    row = session.execute(same).first()
    names = Locale(language()).languages
    here, wanted = (names.get(code, code) for code in (article.language, language()))
    other = reading.item(session, row) if row else None
    return Box("knowledge_base/languages.html", {"other": other, "wanted": wanted, "here": here})


def related(session: WalledSession, article_id: int) -> Box | None:
    """Other articles of the same category."""
    category_id = _article(session, article_id).category_id
    if category_id is None:
        return None
    found = [each for each in reading.of_category(session, category_id, reading.FEW + 1) if each["id"] != article_id]
    return Box("knowledge_base/articles.html", {"articles": found[: reading.FEW]}) if found else None


def helped(session: WalledSession, article_id: int) -> Box:
    """The question whether it has helped, with what this reader has said."""
    article = _article(session, article_id)
    mine = select(Feedback).where(Feedback.article_id == article_id, Feedback.edition == article.edition)
    return Box("knowledge_base/helped.html", {"article_id": article_id, "said": session.scalar(mine)})


def in_category(session: WalledSession, category_id: int) -> Box:
    """The articles of a category."""
    return Box("knowledge_base/articles.html", {"articles": reading.of_category(session, category_id, _MOST)})


def said(session: WalledSession, article_id: int) -> Box:
    """For staff: how many the present edition has helped, and the reasons of those whom it has not."""
    article = _article(session, article_id)
    asked = select(Feedback.reason, Feedback.said_at).where(Feedback.article_id == article_id, Feedback.reason != "")
    reasons = session.execute(asked.order_by(Feedback.said_at.desc()).limit(_REASONS)).all()
    all_said = session.scalar(select(func.count(Feedback.id)).where(Feedback.article_id == article_id))
    values = {"helped": article.helped, "not_helped": article.not_helped, "all_said": all_said, "reasons": reasons}
    return Box("knowledge_base/said.html", values)


def changes(session: WalledSession, article_id: int) -> Box | None:
    """For staff: what the next edition changes in what readers have."""
    article = _article(session, article_id)
    if not article.edition or (article.title, article.body) == (article.next_title, article.next_body):
        return None
    return Box("knowledge_base/changes.html", {"lines": compared(article)})


def compared(article: Article) -> list[dict[str, Any]]:
    """The lines that differ between an article and its next edition, with one line around each change."""
    before, after = (
        [title, "", *body.splitlines()]
        for title, body in ((article.title, article.body), (article.next_title, article.next_body))
    )
    marks = {"+": "added", "-": "removed", " ": "same"}
    found = list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]
    return [{"kind": marks.get(line[0], "gap"), "text": "" if line[0] == "@" else line[1:]} for line in found[:400]]


_STAFF = (Kind.STAFF,)
PANELS = (
    Panel("languages", lazy_gettext("Language"), _ARTICLE, languages, wide=True),
    Panel("changes", lazy_gettext("What the next edition changes"), _ARTICLE, changes, by=_STAFF, wide=True),
    Panel("related", lazy_gettext("Related articles"), _ARTICLE, related),
    Panel("helped", lazy_gettext("Did this help?"), _ARTICLE, helped),
    Panel("said", lazy_gettext("Did it help?"), _ARTICLE, said, by=_STAFF),
    Panel("articles", lazy_gettext("Articles"), "knowledge_base.category", in_category, wide=True),
)
