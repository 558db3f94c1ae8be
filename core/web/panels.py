"""The boxes that modules put on a record's page, beside what is derived from its resource."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import g

from core.installation import installation
from core.records.detail import Detail
from core.records.document import shown as as_shown
from core.records.fields import full_name
from core.records.resource import Resource
from core.web.boxes import render_box


def panels(resource: Resource, detail: Detail, modules: Iterable[str]) -> list[dict[str, Any]]:
    """The `panels` of portal/detail.html and staff/detail.html: those of these modules that are for whoever looks, for
    a record that was read for them."""
    registry, shown = installation().registry, []
    for name in modules:
        for panel in registry.panels.get(name, []):
            if panel.resource == full_name(resource) and g.viewer.kind in panel.by:
                given = as_shown(resource, detail) if panel.of_shown else detail.row.id
                box = render_box(registry, name, f"panel {panel.name}", partial(panel.render, g.session, given), [])
                shown += [] if box is None else [{"title": panel.title, "wide": panel.wide, **box}]
    return shown
