"""A module with every exit that a module can have: a box, a panel, a mail, and pages of its own."""

from typing import Any

from flask import Blueprint

from core.api import MailKind, Module, Panel, Resource, Widget, hookimpl, lazy_gettext

PAGES = {
    "count": "/count",
    "csv": "/all.csv",
    "json": "/all.json",
    "find": "/find",
    "by": "/by",
    "file": "/f/<path:key>",
}


def part(name: str) -> Any:
    """One of its parts: as the leak has it, else as it should be."""
    from postigo_leaky import leak, parts

    return getattr(leak, name, None) or getattr(parts, name)


class Leaky(Module):
    """The module's hooks."""

    name = "leaky"
    title = lazy_gettext("Leaky")

    @hookimpl
    def postigo_resources(self) -> list[Resource]:
        """Its records."""
        from postigo_leaky.resources import ENTRY

        return [ENTRY]

    @hookimpl
    def postigo_widgets(self) -> list[Widget]:
        """One box."""
        return [Widget("latest", lazy_gettext("Latest entries"), part("widget"))]

    @hookimpl
    def postigo_panels(self) -> list[Panel]:
        """One box on its own records' pages."""
        return [Panel("others", lazy_gettext("Latest entries"), "leaky.entry", part("panel"))]

    @hookimpl
    def postigo_mails(self) -> list[MailKind]:
        """One kind of mail."""
        said = lazy_gettext("Latest entries")
        return [MailKind("leaky.new", said, said, said, {"number": said}, part("fill"))]

    @hookimpl
    def postigo_routes(self) -> list[Blueprint]:
        """Pages of its own."""
        blueprint = Blueprint("leaky", __name__)
        for name, path in PAGES.items():
            blueprint.add_url_rule(path, name, part(name))
        return [blueprint]

    @hookimpl
    def postigo_enabled(self, session: Any) -> None:
        """What it does when it is switched on."""
        part("enabled")(session)


module = Leaky()
