"""Articles that answer before anybody has to ask."""

from core.api import Module, lazy_gettext


class KnowledgeBase(Module):
    """The module's hooks."""

    name = "knowledge_base"
    title = lazy_gettext("Knowledge base")
    version = "1.0"
    icon = "book"


module = KnowledgeBase()
