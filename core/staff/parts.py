"""What is part of a record (a task of a project), as staff write it: from the record's page, and back to it."""

from collections.abc import Callable
from typing import Any

from flask import abort, g, request
from sqlalchemy import select

from core.db.ids import id_in
from core.db.record import Record
from core.db.wall import Part
from core.installation import installation
from core.records.actions import possible
from core.records.page_links import Links, PartLinks
from core.records.parts import part_of, takes
from core.records.resource import Resource
from core.web.action_page import Whole
from core.web.record_url import page_of_record


def whole_of(resource: Resource, part_id: int) -> Whole | None:
    """The record that a part belongs to, or did when its form was shown (which says so in `of`); None where the
    resource's rows are records of their own. Answers 404 where there is no such part and no such record."""
    if part_of(resource) is None:
        return None
    there = g.session.scalar(select(resource.model.parent_id).where(resource.model.id == part_id))
    return _whole(resource, id_in(request.form.get("of", "")) if there is None else there)


def whole_named(resource: Resource) -> Whole | None:
    """The record that a new part is to belong to, as the address names it (`?of=`); None where the resource's rows are
    records of their own. Answers 404 where it names none."""
    return None if part_of(resource) is None else _whole(resource, id_in(request.args.get("of", "")))


def _whole(resource: Resource, record_id: int | None) -> Whole:
    of: Any = part_of(resource)
    named = Record.id == record_id, Record.module == of.portal_module, Record.resource == of.portal_resource
    record = g.session.scalar(select(Record).where(*named)) if record_id is not None else None
    if record is None:
        abort(404)
    return Whole(record.id, page_of_record(record.module, record.id), record.number or record.title)


def part_links(module: str, links: Callable[[str, Resource], Links]) -> Callable[[Any, int], PartLinks | None]:
    """The function that a record's page asks for the links of a child table's rows: None for tables that no resource
    of the module writes. `links` gives those of a resource."""

    def of_table(model: type[Any], record_id: int) -> PartLinks | None:
        resources = installation().registry.resources.get(module, {}).values()
        resource = next((r for r in resources if r.model is model and issubclass(model, Part)), None)
        if resource is None:
            return None
        own: Links = links(module, resource)
        begin = [
            {"label": action.label, "url": f"{own.action(action.name, None)}?of={record_id}", "post": False}
            for action in possible(resource, g.sight, creates=True)
            if takes(g.session, resource, action, record_id)
        ]
        return PartLinks(own.record, begin)

    return of_table
