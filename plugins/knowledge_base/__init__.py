"""Articles that answer before anybody has to ask."""

from collections.abc import Sequence

from flask import Blueprint

from core.api import (
    Event,
    ImportFinished,
    Module,
    ModuleSwitched,
    Panel,
    Resource,
    Suggestion,
    WalledSession,
    Widget,
    hookimpl,
    lazy_gettext,
)


class KnowledgeBase(Module):
    """The module's hooks."""

    name = "knowledge_base"
    title = lazy_gettext("Knowledge base")
    version = "1.0"
    icon = "book"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Categories and articles for clients, revisions for staff."""
        from plugins.knowledge_base.resources import ARTICLE, CATEGORY, REVISION

        return [CATEGORY, ARTICLE, REVISION]

    @hookimpl
    def postigo_routes(self) -> Sequence[Blueprint]:
        """The first page, with categories and the newest, and where readers say whether an article helped."""
        from plugins.knowledge_base.pages import pages

        return [pages]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """The newest articles."""
        from plugins.knowledge_base import widget

        return [widget.WIDGET]

    @hookimpl
    def postigo_panels(self) -> Sequence[Panel]:
        """Beside an article: its languages, those like it, whether it helped; in a category, its articles."""
        from plugins.knowledge_base.panels import PANELS

        return PANELS

    @hookimpl
    def postigo_suggestions(self, session: WalledSession, resource: str, text: str) -> Sequence[Suggestion]:
        """Articles about what a client is about to write."""
        from plugins.knowledge_base.suggesting import suggest

        return suggest(session, text)

    @hookimpl
    def postigo_event(self, session: WalledSession, event: Event) -> None:
        """What readers say is counted; what was imported, now or while the module was off, is for nobody whom its
        category is not for."""
        from plugins.knowledge_base import audiences, domain

        if isinstance(event, domain.ArticleRated):
            domain.count(session, event)
        if isinstance(event, ImportFinished) or (isinstance(event, ModuleSwitched) and event.module == self.name):
            audiences.narrow_all(session)


module = KnowledgeBase()
