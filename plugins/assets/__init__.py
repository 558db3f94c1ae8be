"""Equipment, licences and other goods of a client, where they stand and what happened to them."""

from collections.abc import Sequence

from core.api import Module, Panel, Resource, Widget, hookimpl, lazy_gettext


class Assets(Module):
    """The module's hooks."""

    name = "assets"
    title = lazy_gettext("Assets")
    version = "1.0"
    icon = "asset"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Assets, for clients and staff; and the work on them, as staff write it."""
        from plugins.assets.resources import ASSET, WORK

        return [ASSET, WORK]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """How many are in service and how many are not, and whose warranty ends soon."""
        from plugins.assets import widget

        return [widget.WIDGET]

    @hookimpl
    def postigo_panels(self) -> Sequence[Panel]:
        """What an asset is part of, and what is part of it."""
        from plugins.assets import tree

        return [tree.PANEL]


module = Assets()
