"""The menu of the staff's pages."""

from typing import Any

from flask import request

from core.i18n import gettext
from core.installation import installation
from core.records.parts import part_of
from core.staff.roles import is_administrator
from core.web.addresses import page_address


def menu() -> list[dict[str, Any]]:
    """Home, contacts, accounts; for administrators what they set and read; then the records of each module, on or
    off, without what is part of others."""
    registry = installation().registry
    places: list[tuple[Any, str, str, str | None]] = [
        (gettext("Home"), page_address("staff.home"), "home", None),
        (gettext("Contacts"), page_address("staff.contacts"), "users", None),
        (gettext("Clients"), page_address("staff.accounts"), "building", None),
    ]
    if any(of.conversation for named in registry.resources.values() for of in named.values()):
        places.append((gettext("Replies"), page_address("staff.replies"), "case", None))
    places.append((gettext("Segments"), page_address("staff.segments"), "users", None))
    places.append((gettext("Outbox"), page_address("staff.outbox"), "mail", None))
    if is_administrator():
        places += _of_administrators()
    data = gettext("Records")
    for name, module in registry.modules.items():
        for resource in registry.resources.get(name, {}).values():
            if part_of(resource) is not None:
                continue  # its rows are reached from the page of the record that they belong to
            first = registry.resource(name) is resource
            url = page_address("staff.listing", module=name, resource=None if first else resource.name)
            places.append((resource.title, url, module.icon, data))
    here = _longest([url for _, url, _, _ in places], request.path)
    return [{"title": t, "url": u, "icon": i, "active": u == here, "group": g} for t, u, i, g in places]


def _of_administrators() -> list[tuple[Any, str, str, str | None]]:
    return [
        (gettext("Modules"), page_address("staff.modules"), "switch", None),
        (gettext("Fields"), page_address("staff.fields"), "filter", None),
        (gettext("Texts"), page_address("staff.texts"), "mail", None),
        (gettext("Staff"), page_address("staff.people"), "key", None),
        (gettext("Audit"), page_address("staff.audit"), "pulse", None),
        (gettext("Health"), page_address("staff.health"), "heart", None),
    ]


def _longest(urls: list[str], path: str) -> str:
    """The place that the page belongs to: the most precise address that begins the page's."""
    return max((u for u in urls if path.startswith(u)), key=len, default="")
