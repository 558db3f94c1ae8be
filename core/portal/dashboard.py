"""The dashboard: first what needs the client's hand, then a box for each widget. A widget that fails
costs its own box."""

from typing import Any

from flask import g, render_template, url_for
from markupsafe import Markup

from core.db.session import ReadOnly, WalledSession
from core.installation import installation
from core.modules.registry import Registry
from core.portal.shell import open_modules
from core.records.fields import staff_only
from core.records.resource import Attention, Widget

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
    module = registry.modules[name]
    framed = {"title": widget.title, "icon": module.icon, "url": None, "label": None, "html": "", "error_id": None}
    first = registry.resource(name)
    if first is not None and not staff_only(first):
        framed["url"] = url_for("portal.module", module=name)
    try:
        box = widget.render(g.session)
        if _has_changes(g.session):
            # Whoever asks next would have to write it, and fail in its place.
            raise ReadOnly("a widget only reads; nothing may be changed in its session")
        if box is None:
            return None
        attention = [Attention(str(need.text), str(need.url), str(need.tone)) for need in box.attention]
        # What an autoescaping template has rendered is markup by definition.
        framed["html"] = Markup(render_template(box.template, **box.values)) if box.template else ""  # noqa: S704
        needs.extend(attention)
        return framed if box.template else None
    except Exception as error:  # noqa: BLE001 - a stranger's widget may raise anything
        # The transaction may be broken on PostgreSQL; what follows begins a new one. Nothing was written.
        g.session.rollback()
        failure = registry.health.failed(name, f"widget {widget.name}", error)
        return framed | {"error_id": failure.error_id}


def _has_changes(session: WalledSession) -> bool:
    return bool(session.new or session.deleted or any(session.is_modified(row) for row in session.dirty))
