"""The boxes that modules put on a record's page, beside what is derived from its resource."""

from functools import partial
from typing import Any

from flask import g

from core.installation import installation
from core.portal.boxes import render_box
from core.portal.shell import open_modules
from core.records.fields import full_name
from core.records.resource import Resource


def panels(resource: Resource, record_id: int) -> list[dict[str, Any]]:
    """The `panels` of portal/detail.html: those of the modules that are on for the request's contact, for a
    record that they were found to see."""
    registry, shown = installation().registry, []
    for name in open_modules():
        for panel in registry.panels.get(name, []):
            if panel.resource == full_name(resource):
                box = render_box(registry, name, f"panel {panel.name}", partial(panel.render, g.session, record_id), [])
                shown += [] if box is None else [{"title": panel.title, **box}]
    return shown
