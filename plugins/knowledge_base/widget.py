"""The dashboard's box: the newest articles."""

from flask import url_for

from core.api import Box, WalledSession, Widget, lazy_gettext
from plugins.knowledge_base import reading


def render(session: WalledSession) -> Box | None:
    """The box of the session's viewer; none where there is nothing to read."""
    found = reading.articles(session, "newest")
    values = {"articles": found, "more_url": url_for("knowledge_base.home")}
    return Box("knowledge_base/articles.html", values) if found else None


WIDGET = Widget("newest", lazy_gettext("Knowledge base"), render)
