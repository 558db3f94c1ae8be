"""Beginning a record about another: the buttons on the other's page, and what the form says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, g, request, url_for

from core.db.ids import id_in
from core.db.viewer import Kind
from core.installation import installation
from core.records.about import ABOUT, beginnings, called, find_about
from core.records.actions import Action
from core.records.follow import may_follow
from core.records.links import KINDS
from core.records.parts import takes
from core.records.places import Place
from core.records.resource import Resource
from core.web.record_url import page_of_record


@dataclass(frozen=True)
class About:
    """What a new record is about: its id, where it belongs, what it is and is called, its page, and what it is to the
    new one."""

    id: int
    place: Place
    resource: Resource
    name: str
    url: str
    label: Any = ABOUT

    @property
    def kind(self) -> Any:
        """What it is."""
        return self.resource.singular


def about_named(action: Action) -> About | None:
    """The record that the address names (`?about=`); None where it names none. Answers 404 for one that the reader
    does not see, or that such a record is never about, and for none where the new one is to follow from it."""
    text = request.args.get("about", "")
    if not text and not action.follows:
        return None
    about_id = id_in(text)
    record = None if about_id is None else find_about(g.session, action, about_id)
    resource = installation().registry.resource(record.module, record.resource) if record is not None else None
    if record is None or resource is None:
        abort(404)
    place = Place(record.account_id, record.site_id)
    name, page = called(record, resource, g.sight), page_of_record(record.module, record.id)
    return About(record.id, place, resource, name, page, KINDS["led_to"][1] if action.follows else ABOUT)


def takes_about(resource: Resource, action: Action, other: Resource, other_id: int) -> bool:
    """Whether the action may begin a record below that other one, or one that follows from it, now; where it is only
    about it, it always may."""
    if action.follows:
        return may_follow(g.session, resource, action, other, other_id)
    return not action.under or takes(g.session, resource, action, other_id)


def about_buttons(resource: Resource, record_id: int, modules: Iterable[str]) -> list[dict[str, Any]]:
    """The buttons on a record's page that begin another about it, in these modules."""
    registry = installation().registry
    return [
        {"label": action.label, "url": _form(of, action.name, record_id), "post": False}
        for module in modules
        for of, action in beginnings(registry.resources.get(module, {}), resource, g.sight)
        if takes_about(of, action, resource, record_id)
    ]


def _form(resource: Resource, action: str, record_id: int) -> str:
    page, module = "portal.begin" if g.viewer.kind is Kind.CONTACT else "staff.begin", resource.model.portal_module
    return f"{url_for(page, module=module, resource=resource.name, action=action)}?about={record_id}"
