"""What was ordered, and how far it has come."""

from core.api import Module, lazy_gettext


class Orders(Module):
    """The module's hooks."""

    name = "orders"
    title = lazy_gettext("Orders")
    version = "1.0"
    icon = "order"


module = Orders()
