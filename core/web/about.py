"""Beginning a record about another: the buttons on the other's page, and what the form says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, g, request, url_for

from core.db.ids import id_in
from core.db.viewer import Kind
from core.installation import installation
from core.records.about import beginnings, called, find_about
from core.records.actions import Action
from core.records.places import Place
from core.records.resource import Resource


@dataclass(frozen=True)
class About:
    """What a new record is about: its id, where it belongs, what it is and is called, and its page."""

    id: int
    place: Place
    kind: Any
    name: str
    url: str


def about_named(action: Action) -> About | None:
    """The record that the address names (`?about=`); None where it names none. Answers 404 for one that the reader
    does not see, or that such a record is never about."""
    text = request.args.get("about", "")
    if not text:
        return None
    about_id = id_in(text)
    record = None if about_id is None else find_about(g.session, action, about_id)
    resource = installation().registry.resource(record.module, record.resource) if record is not None else None
    if record is None or resource is None:
        abort(404)
    place = Place(record.account_id, record.site_id)
    name, page = called(record, resource, g.sight), _page(record.module, record.id)
    return About(record.id, place, resource.singular, name, page)


def about_buttons(resource: Resource, record_id: int, modules: Iterable[str]) -> list[dict[str, Any]]:
    """The buttons on a record's page that begin another about it, in these modules."""
    registry = installation().registry
    return [
        {"label": action.label, "url": _form(of, action.name, record_id), "post": False}
        for module in modules
        for of, action in beginnings(registry.resources.get(module, {}), resource, g.sight)
    ]


def _is_client() -> bool:
    return g.viewer.kind is Kind.CONTACT


def _page(module: str, record_id: int) -> str:
    if _is_client():
        return f"{url_for('portal.module', module=module)}{record_id}"
    return url_for("staff.detail", module=module, record_id=record_id)


def _form(resource: Resource, action: str, record_id: int) -> str:
    page, module = "portal.begin" if _is_client() else "staff.begin", resource.model.portal_module
    return f"{url_for(page, module=module, resource=resource.name, action=action)}?about={record_id}"
