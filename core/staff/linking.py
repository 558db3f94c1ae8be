"""The links of a record: staff add one by the other record's number, and remove any."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from sqlalchemy import select

from core.db.folding import fold, folded
from core.db.record import EVERYBODY, Record
from core.db.wall import Recorded
from core.i18n import gettext
from core.installation import installation
from core.records.detail import read_record, resource_of
from core.records.document import title_of
from core.records.links import KINDS, Linked, link, linked, unlink
from core.records.page_links import Links
from core.records.resource import Resource
from core.staff import search
from core.staff.blueprint import done, found, posted_id
from core.web.led import Answer
from core.web.related import item, related_box

#: so many links of one record can be gone through here
_MOST = 200
#: records of one number that are offered
_OFFERED = 20
#: what a form says behind a kind that is read from the other end
_BACK = "-back"


def add_linking_page(blueprint: Blueprint, links: Callable[[str, Resource], Links]) -> None:
    """Put the page on the staff's blueprint. `links` gives a resource's, as for every page of records."""

    def linking(module: str, record_id: int) -> Answer:
        """What a record is linked to; adding a link by a number, and removing."""
        resource = resource_of(g.session, installation().registry.resources.get(module, {}), record_id)
        row = found(Record, record_id) if issubclass(resource.model, Recorded) else abort(404)
        if request.method == "POST":
            return _remove(module, row) if request.form.get("do") == "remove" else _add(module, row)
        return render_template("staff/linking.html", **_page(module, resource, row, links(module, resource)))

    blueprint.add_url_rule("/records/<module>/<id:record_id>/links", "linking", linking, methods=["GET", "POST"])


def related(module: str, resource: Resource, record_id: int) -> dict[str, Any] | None:
    """The box on a record's page that says what it is linked to."""
    if not issubclass(resource.model, Recorded):
        return None
    return related_box(record_id, _here(module, record_id))


def _here(module: str, record_id: int) -> str:
    return url_for("staff.linking", module=module, record_id=record_id)


def _add(module: str, row: Record) -> Answer:
    """Link the record to the one that the form names, in the way that it names."""
    kind, back = _kind(request.form.get("kind", ""))
    other = found(Record, posted_id("record"))
    if other.id == row.id:
        abort(404)
    one, two = (other.id, row.id) if back else (row.id, other.id)
    link(g.session, one, two, kind)
    return done(_here(module, row.id), gettext("“%(name)s” is linked now.", name=_name(other)))


def _remove(module: str, row: Record) -> Answer:
    """Take one of the record's links away."""
    wanted = posted_id("link")
    each = next((one for one in _links(row.id) if one.link_id == wanted), None)
    if each is None:
        abort(404)
    one, two = (row.id, each.record_id) if each.forward else (each.record_id, row.id)
    unlink(g.session, one, two, each.kind)
    undo = {"record": each.record_id, "kind": each.kind if each.forward else each.kind + _BACK}
    return done(_here(module, row.id), gettext("“%(name)s” is linked no longer.", name=each.name), undo)


def _links(record_id: int) -> list[Linked]:
    return linked(g.session, installation().registry.resources, record_id, _MOST)[:_MOST]


def _kind(text: str) -> tuple[str, bool]:
    kind = text.removesuffix(_BACK)
    if kind not in KINDS:
        abort(404)
    return kind, text.endswith(_BACK)


def _name(record: Record) -> str:
    return record.number or record.title or str(record.id)


def _page(module: str, resource: Resource, row: Record, links: Links) -> dict[str, Any]:
    number = search.typed()
    kinds = [
        (kind + end, label) for kind, labels in KINDS.items() for end, label in zip(("", _BACK), labels, strict=True)
    ]
    back = {"url": links.record(row.id), "label": title_of(resource, read_record(g.session, resource, row.id))}
    return {
        "page_title": gettext("Related"),
        "back": back,
        "here": _here(module, row.id),
        "items": [item(each) for each in _links(row.id)],
        "number": number,
        "offered": _offered(row, number) if number else [],
        "kinds": [{"value": value, "label": label, "selected": False} for value, label in kinds],
    }


def _offered(row: Record, number: str) -> list[dict[str, Any]]:
    """Other records of that number that belong to the same client, or to all: nobody else would see the link, and
    nearly always another number was meant."""
    registry = installation().registry
    owner = Record.owner.is_(None) if row.owner is None else Record.owner.in_([row.owner, EVERYBODY])
    wanted = select(Record).where(
        owner, Record.module.in_(registry.modules), folded(Record.number) == fold(number), Record.id != row.id
    )
    rows = g.session.scalars(wanted.order_by(Record.id.desc()).limit(_OFFERED))
    return [
        {"id": each.id, "name": each.number, "title": each.title, "kind": declared.singular, "icon": module.icon}
        for each in rows
        if (module := registry.modules[each.module]) and (declared := registry.resource(each.module, each.resource))
    ]
