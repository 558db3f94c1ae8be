"""Values of records as JSON: one marshmallow field for each kind of field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from core.i18n import time_zone
from core.records.fields import NAMED, kind_of, never_missing
from core.records.present import audience_text, plain_money, plain_number
from core.records.resource import Field

_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"


class MoneySchema(Schema):
    """An amount: a text with all its decimals, since numbers of JSON lose some, and its currency (ISO 4217)."""

    amount = fields.String(required=True, validate=validate.Regexp(_DECIMAL))
    currency = fields.String(required=True)


class NamedSchema(Schema):
    """A client, site, contact or person of the staff that the record refers to."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class ChoiceSchema(Schema):
    """One of few values: `value` is what filters take, `label` what pages call it in the reader's language."""

    value = fields.String(required=True)
    label = fields.String(required=True)


# `Nested` itself calls its first argument otherwise than `Field` does.
class Money(fields.Nested):
    """Minor units of the row's currency."""

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if nested_obj is None:
            return None
        return {"amount": plain_money(nested_obj, obj.currency), "currency": obj.currency}


class Named(fields.Nested):
    """An id with the name behind it; nothing where the reader may not see that name."""

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        name = obj.names.get(attr)
        return {"id": nested_obj, "name": name} if name else None


class Chosen(fields.Nested):
    """One of a field's choices."""

    def __init__(self, choices: Mapping[str, Any], **more: Any) -> None:
        super().__init__(ChoiceSchema, **more)
        self.choices = choices

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if nested_obj is None:
            return None
        value = str(nested_obj)
        return {"value": value, "label": str(self.choices[value].label) if value in self.choices else value}


class Meant(fields.Nested):
    """Whom a record is for: "all", the ids of segments, or "" for the staff alone."""

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return {"value": nested_obj, "label": audience_text(nested_obj, obj.names.get(attr, ""))}


class Exact(fields.String):
    """A number as a text with all its digits."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else plain_number(value)


class Number(fields.Float):
    """A number; a whole one without a point."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if value is None or isinstance(value, int):
            return value
        return int(value) if value == int(value) else float(value)


class Moment(fields.DateTime):
    """A moment in the tenant's time zone, with its offset."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else value.astimezone(time_zone()).isoformat()


def json_field(model: Any, field: Field) -> fields.Field[Any]:
    """The marshmallow field of one field of a record."""
    kind = kind_of(model, field)
    plain: dict[str, Any] = {"required": True, "allow_none": not never_missing(model, field)}
    plain["metadata"] = {"title": field.label}
    if kind == "money":
        return Money(MoneySchema, **plain)
    if kind == "audience":
        return Meant(ChoiceSchema, **plain)
    if kind in NAMED:
        return Named(NamedSchema, **plain | {"allow_none": True})
    if kind == "choice":
        return Chosen(field.choices, **plain)
    if kind in ("quantity", "price"):
        return Exact(validate=validate.Regexp(_DECIMAL), **plain)
    simple: dict[str, type[fields.Field[Any]]] = {
        "number": Number,
        "date": fields.Date,
        "datetime": Moment,
        "flag": fields.Boolean,
    }
    return simple.get(kind, fields.String)(**plain)
