"""The dashboard: first what needs the client's hand, then a box for each widget, as the tenant's staff have placed
them. A widget that fails costs its own box."""

from datetime import date
from functools import partial
from typing import Any

from flask import g, url_for

from core.installation import installation
from core.modules.registry import Registry
from core.modules.widgets import NAME, Placed, arranged
from core.portal.shell import open_modules
from core.records.fields import staff_only
from core.records.resource import Attention
from core.web.boxes import render_box

#: so many things that need the client's hand stand open; the others are folded in behind them
MOST_NEEDS = 5
_URGENCY = {"danger": 0, "warn": 1}


def dashboard() -> dict[str, Any]:
    """The context of portal/home.html for the request's contact. A widget that staff have hidden is asked all the
    same: hiding its box hides nothing that needs the client's hand."""
    registry = installation().registry
    needs: list[Attention] = []
    boxes = []
    for placed in arranged(registry, g.sight.flags(NAME), open_modules()):
        box = _box(registry, placed, needs)
        if box is not None and not placed.hidden:
            boxes.append(box)
    needs.sort(key=lambda need: (_URGENCY.get(need.tone, 9), need.on or date.max))
    return {"needs": needs[:MOST_NEEDS], "more_needs": needs[MOST_NEEDS:], "widgets": boxes}


def _box(registry: Registry, placed: Placed, needs: list[Attention]) -> dict[str, Any] | None:
    name, widget = placed.module, placed.widget
    box = render_box(registry, name, f"widget {widget.name}", partial(widget.render, g.session), needs)
    if box is None:
        return None
    first = registry.resource(name)
    url = url_for("portal.module", module=name) if first is not None and not staff_only(first) else None
    return {"title": widget.title, "icon": registry.modules[name].icon, "url": url, "label": None, **box}
