"""The schemas of a resource's answers, made of the fields that a reader has of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields

from core.db.viewer import Sight
from core.i18n import lazy_gettext
from core.records.fields import effective, effective_children, full_name
from core.records.resource import Child, Field, Resource
from core.rest.answering import AgreementSchema
from core.rest.values import ChoiceSchema, json_field


class RowSchema(Schema):
    """Values of a `core.records.rows.Row`, by the fields' names."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A row keeps its values in one place."""
        return obj.values.get(attr)


class CountSchema(Schema):
    """How many records there are in all; counting stops at a thousand, and the count is then `capped`."""

    total = fields.Integer(required=True)
    capped = fields.Boolean(required=True)


class FileSchema(Schema):
    """A file of a record, and where it is downloaded."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    url = fields.String(required=True)


class LinkSchema(Schema):
    """A record that has to do with this one. `kind` is "led_to", "about" or "covers", read from this record to the
    other where the link is `forward`, else from the other to this."""

    kind = fields.String(required=True)
    forward = fields.Boolean(required=True)
    label = fields.String(required=True)
    module = fields.String(required=True)
    resource = fields.String(required=True)
    id = fields.Integer(required=True)
    url = fields.String(required=True)
    number = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Nested(ChoiceSchema, required=True, allow_none=True)


class ActionSchema(Schema):
    """What may be done to a record as it is: by a POST to `url`, with some of these fields. One that accepts is sent
    the `terms` too, the hash of what it accepts."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    url = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    terms = fields.String()


@dataclass(frozen=True)
class Schemas:
    """What a list and a record of one resource are answered with."""

    listing: Schema
    record: Schema


def schemas(resource: Resource, sight: Sight) -> Schemas:
    """The schemas of one resource for one reader: what they do not have is not in them."""
    children = tuple(effective_children(resource, sight))
    return _schemas(resource, tuple(effective(resource, sight)), children)


# Making the classes takes milliseconds; declarations are objects of their own, kept for each set of flags.
@lru_cache(maxsize=500)
def _schemas(resource: Resource, own: tuple[Field, ...], children: tuple[Child, ...]) -> Schemas:
    name = full_name(resource)
    place: dict[str, Any] = {"id": fields.Integer(required=True), "url": fields.String(required=True)}
    values = fields.Nested(_rows(name, resource.model, own), required=True)
    entry = Schema.from_dict({**place, "fields": values}, name=f"{name}.entry")
    tables = {each.name: _table(f"{name}.children.{each.name}", each) for each in children}
    related = lazy_gettext("Records that have to do with this one, the newest links first; thirty at most.")
    paper, talk = lazy_gettext("Its paper, as PDF."), lazy_gettext("What was said and done on it.")
    whole: dict[str, Any] = {
        **place,
        "fields": values,
        "children": fields.Nested(Schema.from_dict(tables, name=f"{name}.children"), required=True),
        "files": fields.List(fields.Nested(FileSchema), required=True),
        "document": fields.String(required=True, allow_none=True, metadata={"description": paper}),
        "messages": fields.String(required=True, allow_none=True, metadata={"description": talk}),
        "links": fields.List(fields.Nested(LinkSchema), required=True, metadata={"description": related}),
        "agreement": fields.Nested(AgreementSchema, required=True, allow_none=True),
        "actions": fields.List(fields.Nested(ActionSchema), required=True),
    }
    page: dict[str, Any] = {
        "records": fields.List(fields.Nested(entry), required=True),
        "count": fields.Nested(CountSchema, required=True),
        "next": fields.String(required=True, allow_none=True),
        "previous": fields.String(required=True, allow_none=True),
    }
    return Schemas(Schema.from_dict(page, name=f"{name}.list")(), Schema.from_dict(whole, name=f"{name}.record")())


def _rows(name: str, model: Any, own: Sequence[Field]) -> type[Schema]:
    return RowSchema.from_dict({f.name: json_field(model, f) for f in own}, name=name)


def _table(name: str, child: Child) -> fields.Field[Any]:
    rows = fields.Nested(_rows(name, child.model, child.fields))
    return fields.List(rows, required=True, metadata={"title": child.title})
