"""Cases: what clients ask of the firm, and how far it is."""

from collections.abc import Sequence

from core.api import Event, MessageWritten, Module, Resource, WalledSession, Widget, hookimpl, lazy_gettext


class Cases(Module):
    """The module's hooks."""

    name = "cases"
    title = lazy_gettext("Cases")
    version = "1.0"
    icon = "case"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Cases, for clients and staff."""
        from plugins.cases.resources import CASE

        return [CASE]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """How many are open, how many wait for the client's reply, and the latest."""
        from plugins.cases import widget

        return [widget.WIDGET]

    @hookimpl
    def postigo_event(self, session: WalledSession, event: Event) -> None:
        """What was said moves the case on."""
        if isinstance(event, MessageWritten) and event.module == self.name:
            from plugins.cases import domain

            domain.heard(session, event)


module = Cases()
