"""The dashboard: first what needs the client's hand, then a box for each widget. A widget that fails
costs its own box."""

from functools import partial
from typing import Any

from flask import g

from core.installation import installation
from core.modules.registry import Registry
from core.portal.shell import open_modules
from core.records.fields import staff_only
from core.records.resource import Attention, Widget
from core.web.addresses import page_address
from core.web.boxes import render_box

_URGENCY = {"danger": 0, "warn": 1}


def dashboard() -> dict[str, Any]:
    """The context of portal/home.html for the request's contact."""
    registry = installation().registry
    needs: list[Attention] = []
    boxes = []
    for name in open_modules():
        for widget in registry.widgets.get(name, []):
            box = _box(registry, name, widget, needs)
            if box is not None:
                boxes.append(box)
    needs.sort(key=lambda need: _URGENCY.get(need.tone, 9))
    return {"needs": needs, "widgets": boxes}


def _box(registry: Registry, name: str, widget: Widget, needs: list[Attention]) -> dict[str, Any] | None:
    box = render_box(registry, name, f"widget {widget.name}", partial(widget.render, g.session), needs)
    if box is None:
        return None
    first = registry.resource(name)
    url = page_address("portal.module", module=name) if first is not None and not staff_only(first) else None
    return {"title": widget.title, "icon": registry.modules[name].icon, "url": url, "label": None, **box}
