"""The module's first page, and where readers say whether an article helped."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.api import gettext, language
from plugins.knowledge_base import domain, reading
from plugins.knowledge_base.models import PUBLISHED, Article

pages = Blueprint("knowledge_base", __name__)

#: how long a reason may be
LONGEST_REASON = 2000


@pages.get("/")
def home() -> str:
    """Categories, the newest articles, and those that have helped most."""
    return render_template(
        "knowledge_base/home.html",
        page_title=gettext("Knowledge base"),
        categories=reading.categories(g.session),
        newest=reading.articles(g.session, "newest"),
        helpful=reading.articles(g.session, "helpful"),
        search_url=url_for("portal.listing", module="knowledge_base", resource="article"),
        all_url=url_for("portal.listing", module="knowledge_base", resource="article", language=language()),
    )


@pages.post("/<int:record_id>/helped")
def rate(record_id: int) -> Response:
    """Take what a reader says of an article, and lead back to it."""
    article: Any = g.session.scalar(select(Article).where(Article.id == record_id, Article.state == PUBLISHED))
    helped = {"yes": True, "no": False}.get(request.form.get("helped", ""))
    if article is None:
        abort(404)
    if helped is None:
        flash(gettext("Say whether it has helped: yes or no."), "error")
    else:
        text = request.form.get("reason", "").replace("\x00", "").strip()
        domain.rate(g.session, article, helped, text[:LONGEST_REASON])
        flash(gettext("Thank you: we have taken it down."), "success")
    return redirect(f"{url_for('portal.detail', module='knowledge_base', record_id=record_id)}#helped", 303)
