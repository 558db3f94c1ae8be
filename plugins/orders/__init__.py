"""Orders: what a client ordered, and how far it has come."""

from collections.abc import Sequence

from core.api import Module, Resource, Widget, hookimpl, lazy_gettext


class Orders(Module):
    """The module's hooks."""

    name = "orders"
    title = lazy_gettext("Orders")
    version = "1.0"
    icon = "order"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Orders, and their lines as staff write them."""
        from plugins.orders.resources import LINE, ORDER

        return [ORDER, LINE]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """What is under way."""
        from plugins.orders import widget

        return [widget.WIDGET]


module = Orders()
