"""Equipment, licences and other goods of a client, where they stand and what happened to them."""

from core.api import Module, lazy_gettext


class Assets(Module):
    """The module's hooks."""

    name = "assets"
    title = lazy_gettext("Assets")
    version = "1.0"
    icon = "asset"


module = Assets()
