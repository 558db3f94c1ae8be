"""What a record is linked to, as a box on its page: the other ends that whoever looks sees."""

from typing import Any

from flask import g

from core.installation import installation
from core.records.links import MOST, Linked, linked
from core.web.record_url import page_of_record


def related_box(record_id: int, edit_url: str = "") -> dict[str, Any] | None:
    """The `related` of portal/detail.html and staff/detail.html; None where there is nothing to show.
    `edit_url` is where links are added and removed, for whoever may."""
    registry = installation().registry
    found = linked(g.session, registry.resources, record_id)
    if not found and not edit_url:
        return None
    return {
        "items": [item(each) for each in found[:MOST]],
        "more": len(found) > MOST,
        "edit_url": edit_url,
    }


def item(link: Linked) -> dict[str, Any]:
    """One link for a template; it stands on the staff's page that removes it, too."""
    module = installation().registry.modules[link.module]
    status = link.status
    return {
        "id": link.link_id,
        "label": link.label,
        "icon": module.icon,
        "kind": link.resource.singular,
        "name": link.name,
        "title": link.title,
        "status": None if status is None else {"text": status.label, "tone": status.tone, "icon": status.icon or None},
        "url": page_of_record(link.module, link.record_id),
    }
