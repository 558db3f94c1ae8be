"""Service contracts: what they cover, until when, and what is left of them."""

from collections.abc import Sequence

from core.api import Module, Resource, hookimpl, lazy_gettext


class Contracts(Module):
    """The module's hooks."""

    name = "contracts"
    title = lazy_gettext("Contracts")
    version = "1.0"
    icon = "contract"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Contracts, for clients and staff."""
        from plugins.contracts.resources import CONTRACT

        return [CONTRACT]


module = Contracts()
