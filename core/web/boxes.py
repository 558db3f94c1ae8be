"""The boxes that modules put on a client's pages: each is rendered by itself, and one that fails costs its
own place."""

from collections.abc import Callable
from typing import Any

from flask import current_app, g
from markupsafe import Markup

from core.db.session import ReadOnly, WalledSession
from core.modules.registry import Registry
from core.records.resource import Attention, Box


def render_box(
    registry: Registry, module: str, what: str, render: Callable[[], Box | None], needs: list[Attention]
) -> dict[str, Any] | None:
    """What a box shows: its `html`, or its `error_id` where `render` fails; None for one with nothing to
    show. What it says needs attention is added to `needs`. `what` names the box on the health page."""
    try:
        with registry.health.timed(module, what):
            box = render()
            if _has_changes(g.session):
                # Whoever asks next would have to write it, and fail in its place.
                raise ReadOnly("a box only reads; nothing may be changed in its session")
            if box is None:
                return None
            attention = [Attention(str(need.text), str(need.url), str(need.tone), need.on) for need in box.attention]
            html = _html(box)
        needs.extend(attention)
        return {"html": html, "error_id": None} if box.template else None
    except Exception as error:  # noqa: BLE001 - a stranger's box may raise anything
        # The transaction may be broken on PostgreSQL; what follows begins a new one. Nothing was written.
        g.session.rollback()
        return {"html": "", "error_id": registry.health.failed(module, what, error).error_id}


def _html(box: Box) -> Markup:
    """The box's template, rendered. What it knows of the page is asked once for all boxes of a page."""
    if not box.template:
        return Markup()
    page: dict[str, Any] | None = g.get("page_values")
    if page is None:
        page = g.page_values = {}
        current_app.update_template_context(page)
    template = current_app.jinja_env.get_template(box.template)
    # What an autoescaping template has rendered is markup by definition.
    return Markup(template.render({**page, **box.values}))  # noqa: S704


def _has_changes(session: WalledSession) -> bool:
    return bool(session.new or session.deleted or any(session.is_modified(row) for row in session.dirty))
