"""Quotes: offers that a client accepts or declines."""

from collections.abc import Sequence

from core.api import Module, Resource, Widget, hookimpl, lazy_gettext


class Quotes(Module):
    """The module's hooks."""

    name = "quotes"
    title = lazy_gettext("Quotes")
    version = "1.0"
    icon = "quote"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Quotes, for clients and staff, and the lines that staff write into them."""
        from plugins.quotes.resources import LINE, QUOTE

        return [QUOTE, LINE]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """What waits for the client's answer."""
        from plugins.quotes import widget

        return [widget.WIDGET]


module = Quotes()
