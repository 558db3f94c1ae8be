"""In which order the widgets of all modules stand on the dashboard of a tenant's clients, and which are hidden.

Kept like the flags of fields, as those of a resource that is none: a client's session has them with its sight, and
the dashboard asks nothing for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.db.flags import FieldFlags, Flags
from core.modules.registry import Registry
from core.modules.switches import PORTAL

if TYPE_CHECKING:
    from core.records.resource import Widget

#: what flags of the dashboard are kept under, and what a sight has them by; no module is called as the portal is
DASHBOARD = "dashboard"
NAME = f"{PORTAL}.{DASHBOARD}"


@dataclass(frozen=True)
class Placed:
    """A widget in its place. One that is hidden shows no box; what of it needs the client's hand still stands on
    top."""

    module: str
    widget: "Widget"
    hidden: bool

    @property
    def name(self) -> str:
        """What the widget is called among those of all modules."""
        return f"{self.module}.{self.widget.name}"


def arranged(registry: Registry, flags: FieldFlags, modules: Iterable[str]) -> list[Placed]:
    """The widgets of these modules as the tenant has placed them; those that were never moved come behind, in the
    order of their modules."""
    found = [
        Placed(module, widget, flags.of(f"{module}.{widget.name}").seen is False)
        for module in modules
        for widget in registry.widgets.get(module, [])
    ]
    place = {name: i for i, name in enumerate(flags.order)}
    return sorted(found, key=lambda each: place.get(each.name, len(place)))


def moved(widgets: Sequence[Placed], name: str, by: int) -> tuple[str, ...]:
    """The names of the widgets once the one of that name has moved by so many places."""
    names = [each.name for each in widgets]
    place = names.index(name)
    names.insert(max(place + by, 0), names.pop(place))
    return tuple(names)


def hidden(flags: FieldFlags, name: str, hide: bool) -> FieldFlags:
    """The flags with the widget of that name hidden, or shown."""
    others = tuple((each, said) for each, said in flags.fields if each != name)
    return FieldFlags((*others, (name, Flags(seen=False))) if hide else others, flags.order)
