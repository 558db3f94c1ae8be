"""The module's part of the demonstration: what the made-up firm's clients ask again and again, answered."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from core.api import WalledSession, World
from plugins.knowledge_base.demo.plan import ARTICLES, CATEGORIES, Plan
from plugins.knowledge_base.models import DRAFT, PUBLISHED, Article, Category, Revision

_TEXTS = Path(__file__).parent / "articles"


def load(session: WalledSession, world: World) -> None:
    """Add the categories and the articles, each in the languages in which it is there."""
    categories: dict[tuple[str, str], Category] = {}
    for position, (name, titles) in enumerate(CATEGORIES.items()):
        for language, title in titles.items():
            categories[name, language] = Category(title=title, language=language, position=position)
    session.add_all(categories.values())
    session.flush()
    for plan in ARTICLES:
        for path in sorted(_TEXTS.glob(f"*/{plan.name}.txt")):
            language = path.parent.name
            session.add(_article(world, plan, path, categories[plan.category, language]))
    session.flush()


def _article(world: World, plan: Plan, path: Path, category: Category) -> Article:
    title, _, body = path.read_text("utf-8").removeprefix("# ").partition("\n")
    at = datetime.combine(world.today - timedelta(days=plan.days), time(9), UTC)
    article = Article(
        title=title,
        body=body.strip(),
        next_title=title,
        next_body=body.strip(),
        state=plan.state,
        published=plan.state == PUBLISHED,
        language=category.language,
        category_id=category.id,
        key=plan.name,
        edition=0 if plan.state == DRAFT else 1,
        published_at=None if plan.state == DRAFT else at,
        helped=plan.helped,
        audience=str(world.segments[plan.segment].id) if plan.segment else "all",
    )
    by = world.staff[0].id
    article.revisions = [Revision(number=1, title=title, body=body.strip(), saved_at=at, assignee_id=by)]
    return article
