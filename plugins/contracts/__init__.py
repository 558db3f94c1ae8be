"""Service contracts: what they cover, until when, and what is left of them."""

from core.api import Module, lazy_gettext


class Contracts(Module):
    """The module's hooks."""

    name = "contracts"
    title = lazy_gettext("Contracts")
    version = "1.0"
    icon = "contract"


module = Contracts()
