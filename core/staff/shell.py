"""The menu of the staff's pages."""

from typing import Any

from flask import request, url_for

from core.i18n import gettext
from core.installation import installation
from core.modules.registry import Registry
from core.records.parts import part_of
from core.staff.blueprint import listing_url
from core.staff.roles import is_administrator


def menu() -> list[dict[str, Any]]:
    """Home, contacts, accounts; for administrators what they set and read; then the records of each module, on or
    off, without what is part of others."""
    registry = installation().registry
    places: list[tuple[Any, str, str, str | None]] = [
        (gettext("Home"), url_for("staff.home"), "home", None),
        (gettext("Contacts"), url_for("staff.contacts"), "users", None),
        (gettext("Clients"), url_for("staff.accounts"), "building", None),
    ]
    if any(of.conversation for named in registry.resources.values() for of in named.values()):
        places.append((gettext("Replies"), url_for("staff.replies"), "case", None))
    places.append((gettext("Segments"), url_for("staff.segments"), "users", None))
    places.append((gettext("Outbox"), url_for("staff.outbox"), "mail", None))
    if is_administrator():
        places += _of_administrators()
    data = gettext("Records")
    for name, module in registry.modules.items():
        for resource in registry.resources.get(name, {}).values():
            if part_of(resource) is not None:
                continue  # its rows are reached from the page of the record that they belong to
            places.append((resource.title, listing_url(resource), module.icon, data))
    here = _longest([url for _, url, _, _ in places], _path(registry))
    return [{"title": t, "url": u, "icon": i, "active": u == here, "group": g} for t, u, i, g in places]


def _of_administrators() -> list[tuple[Any, str, str, str | None]]:
    return [
        (gettext("Modules"), url_for("staff.modules"), "switch", None),
        (gettext("Fields"), url_for("staff.fields"), "filter", None),
        (gettext("Texts"), url_for("staff.texts"), "mail", None),
        (gettext("Staff"), url_for("staff.people"), "key", None),
        (gettext("Audit"), url_for("staff.audit"), "pulse", None),
        (gettext("Health"), url_for("staff.health"), "heart", None),
    ]


def _path(registry: Registry) -> str:
    """The page's address; of what is part of a record, that of the list on which the record stands."""
    named = request.view_args or {}
    resource = registry.resource(named.get("module", ""), named.get("resource", ""))
    whole: Any = part_of(resource) if resource is not None else None
    if whole is None:
        return request.path
    return url_for("staff.listing", module=whole.portal_module, resource=whole.portal_resource)


def _longest(urls: list[str], path: str) -> str:
    """The place that the page belongs to: the most precise address that begins the page's."""
    return max((u for u in urls if path.startswith(u)), key=len, default="")
