"""What happens to articles: written, published, archived, brought back; and what readers said of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, func, or_, select

from core.api import Event, Kind, WalledSession, now, send
from plugins.knowledge_base import audiences
from plugins.knowledge_base.models import ARCHIVED, PUBLISHED, Article, Feedback, Revision

_LEAD = "article:"


@dataclass(frozen=True)
class ArticleRated(Event):
    """A client has said whether an article helped, or has said otherwise than before."""

    name: ClassVar[str] = "knowledge_base.rated"

    article_id: int


def can_be_published(article: Any) -> ColumnElement[bool]:
    """Whether there is a text that its readers do not have yet."""
    changed = or_(article.title != article.next_title, article.body != article.next_body)
    return or_(article.state != PUBLISHED, changed)


def is_published(article: Any) -> ColumnElement[bool]:
    """Whether it has readers."""
    found: ColumnElement[bool] = article.state == PUBLISHED
    return found


def write(session: WalledSession, article: Article, values: Mapping[str, Any]) -> None:
    """Begin an article, as a draft."""
    article.published, article.revisions = False, []
    edit(session, article, values)


def edit(session: WalledSession, article: Article, values: Mapping[str, Any]) -> None:
    """Write what was typed. Whoever reads the article has the text that was published, until the next is."""
    before = article.next_title, article.next_body
    for name, value in values.items():
        setattr(article, name, value)
    audiences.check(session, article)
    if (article.next_title, article.next_body or "") != before:
        if before[0] and not article.revisions:  # it came with an import
            _keep(session, article, *before)
        _keep(session, article, article.next_title, article.next_body or "")
    if not article.edition:
        article.title, article.body = article.next_title, article.next_body or ""


def publish(session: WalledSession, article: Article, values: Mapping[str, Any]) -> None:
    """Let its readers have the text as it stands now."""
    if not article.edition or (article.title, article.body) != (article.next_title, article.next_body):
        article.edition = article.edition + 1
        article.published_at = now()
        article.helped = article.not_helped = 0
    article.title, article.body = article.next_title, article.next_body
    article.state, article.published = PUBLISHED, True


def archive(session: WalledSession, article: Article, values: Mapping[str, Any]) -> None:
    """Take it from its readers; it stays with the staff."""
    article.state, article.published = ARCHIVED, False


def restore(session: WalledSession, revision: Revision, values: Mapping[str, Any]) -> None:
    """Let a revision be the next text of its article."""
    article = revision.article
    edit(session, article, {"next_title": revision.title, "next_body": revision.body})


def _keep(session: WalledSession, article: Article, title: str, body: str) -> None:
    viewer = session.sight.viewer
    by = viewer.person_id if viewer.kind is Kind.STAFF else None
    number = 1 + max((each.number for each in article.revisions), default=0)
    article.revisions.append(Revision(number=number, title=title, body=body, assignee_id=by))


def leads(session: WalledSession, targets: Collection[str]) -> dict[str, int | None]:
    """The articles that links of a text lead to ("article:billing/due-dates.md#how"): None where the session's viewer
    sees no such article."""
    keys = {each: each.removeprefix(_LEAD).partition("#")[0] for each in targets if each.startswith(_LEAD)}
    asked = select(Article.key, Article.id).where(Article.key.in_(sorted({key for key in keys.values() if key})))
    there: dict[str, int] = {}
    for row in session.execute(asked.order_by(Article.id.desc())):
        there[row.key] = row.id
    return {target: there.get(key) for target, key in keys.items()}


def rate(session: WalledSession, article: Article, helped: bool, reason: str) -> None:
    """Take what the session's contact says of an article, in the place of what they have said before."""
    mine = select(Feedback).where(Feedback.article_id == article.id, Feedback.edition == article.edition)
    said = session.scalar(mine)
    if said is None:
        contact = session.sight.viewer.person_id
        said = Feedback(article_id=article.id, edition=article.edition, contact_id=contact)
        session.add(said)
    said.helped, said.reason = helped, reason
    session.flush()
    send(session, ArticleRated(article.id))


def count(session: WalledSession, rated: ArticleRated) -> None:
    """Count what was said of the article's edition. The session is the system's: clients write no article."""
    article = session.get(Article, rated.article_id)
    if article is None:
        return
    of_edition = Feedback.article_id == article.id, Feedback.edition == article.edition
    asked = select(Feedback.helped, func.count(Feedback.id)).where(*of_edition).group_by(Feedback.helped)
    numbers = {bool(helped): number for helped, number in session.execute(asked)}
    article.helped, article.not_helped = numbers.get(True, 0), numbers.get(False, 0)
