"""Offers that a client accepts or declines."""

from core.api import Module, lazy_gettext


class Quotes(Module):
    """The module's hooks."""

    name = "quotes"
    title = lazy_gettext("Quotes")
    version = "1.0"
    icon = "quote"


module = Quotes()
