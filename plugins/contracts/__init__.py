"""Service contracts: what they cover, until when, and what is left of them."""

from collections.abc import Sequence

from core.api import MailKind, Module, Periodic, Resource, Widget, hookimpl, lazy_gettext


class Contracts(Module):
    """The module's hooks."""

    name = "contracts"
    title = lazy_gettext("Contracts")
    version = "1.0"
    icon = "contract"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Contracts, for clients and staff, and what staff write into them."""
        from plugins.contracts.resources import CONTRACT
        from plugins.contracts.staff import COVERED, SERVICE, USE

        return [CONTRACT, SERVICE, USE, COVERED]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """What is to be answered, what ends soon, and what is left."""
        from plugins.contracts import widget

        return [widget.WIDGET]

    @hookimpl
    def postigo_mails(self) -> Sequence[MailKind]:
        """The notice before the end."""
        from plugins.contracts import notices

        return [notices.ENDING]

    @hookimpl
    def postigo_periodic(self) -> Sequence[Periodic]:
        """Telling of what ends soon, once a day."""
        from plugins.contracts import notices

        return [notices.ENDINGS]


module = Contracts()
