"""What a program may write into a field: what it is read as, and how the description calls that. What `values`
gives out, this takes in."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import LazyString
from marshmallow import RAISE, Schema, ValidationError, fields
from sqlalchemy import inspect

from core.db.ids import LARGEST
from core.files.drawing import MOST_TEXT, read_drawing
from core.i18n import gettext, lazy_gettext
from core.records.about import ABOUT
from core.records.actions import Action
from core.records.answering import ANSWER, SIGNATURE, SIGNATURE_LABEL, TERMS, answer_fields
from core.records.controls import must_have
from core.records.fields import NAMED, full_name, has_default, has_owner, kind_of
from core.records.resource import Field, Resource
from core.records.typed import missing, no_text, none_of_these
from core.rest.belonging import label_of
from core.rest.kinds import Reader, reader_of
from core.rest.problems import unfit

_ID: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": LARGEST}
#: whom a record is for, as a text
AUDIENCE = re.compile(r"^(all|[0-9]{1,18}( [0-9]{1,18})*|)$")


class Input(fields.Field[Any]):
    """One field that may be written: how its value is read, and what the description says of it."""

    def __init__(self, label: Any, read: Reader, described: Mapping[str, Any], **more: Any) -> None:
        super().__init__(metadata={**described, "title": label}, **more)
        self.label, self.read = label, read

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """What is wrong where nothing was sent, or null."""
        return ValidationError(missing(self.label))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return self.read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class InputSchema(Schema):
    """What may be written; any other name is refused."""

    class Meta:
        """Of marshmallow."""

        unknown = RAISE

    error_messages = {"unknown": lazy_gettext("There is no such field to be written here.")}


def input_schema(resource: Resource, action: Action, fields: Sequence[Field]) -> Schema:
    """What may be sent to an action by who is asked for these fields."""
    return _schema(resource, action, tuple(fields))


def loaded(schema: Schema, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, as the schema reads it. Raises Problem (422) that says of each field what is wrong."""
    try:
        given: dict[str, Any] = schema.load(sent)
    except ValidationError as error:
        raise unfit({name: [str(each) for each in said] for name, said in error.messages_dict.items()}) from None
    return given


@lru_cache(maxsize=500)
def _schema(resource: Resource, action: Action, asked: tuple[Field, ...]) -> Schema:
    made: dict[str, Any] = {}
    if action.creates and has_owner(resource):
        for name, nothing in (("account_id", False), ("site_id", True)):
            label = LazyString(label_of, resource, name)
            made[name] = named_field(label, required=False, nothing=nothing)
    for each in asked:
        if each.name not in made:
            must = must_have(resource, each, None) and not has_default(inspect(resource.model).columns[each.name])
            made[each.name] = input_field(resource, each, required=action.creates and must)
    if action.about and not action.under:
        made["about"] = named_field(ABOUT, required=False, nothing=True)
    made |= answer_inputs(action)
    return InputSchema.from_dict(made, name=f"{full_name(resource)}.do.{action.name}")()


def answer_inputs(action: Action) -> dict[str, Input]:
    """What may be sent to an action that answers."""
    made = {f.name: input_field(ANSWER, f, required=f.required) for f in answer_fields(action)}
    if action.accepts:
        drawn = lazy_gettext("What was drawn, as PNG in base64.")
        described = {"type": "string", "maxLength": MOST_TEXT, "description": drawn}
        made[SIGNATURE] = Input(SIGNATURE_LABEL, _drawing, described, required=False, allow_none=True)
        shown = lazy_gettext("The hash of what is accepted, as the action of the record says it.")
        described = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": shown}
        made[TERMS] = Input(lazy_gettext("Terms"), _hash, described, required=True)
    return made


def _drawing(value: Any) -> bytes | None:
    if not isinstance(value, str):
        raise ValueError(no_text(SIGNATURE_LABEL))
    return read_drawing(value)


def _hash(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 64:
        raise ValueError(gettext("Send the “terms” that the record's action says."))
    return value


def input_field(resource: Resource, each: Field, *, required: bool) -> Input:
    """What may be written into one field of a record; `required` is one that has to be sent."""
    kind, column = kind_of(resource.model, each), inspect(resource.model).columns[each.name]
    nothing = bool(column.nullable)
    if kind == "audience":
        described = _or_object({"type": "string", "pattern": AUDIENCE.pattern}, "value", "label", False)
        return Input(each.label, lambda v: _choice(each.label, v), described, required=required)
    if kind in NAMED:
        return named_field(each.label, required=required, nothing=nothing)
    if kind == "choice":
        described = _or_object(_choice_of(each), "value", "label", nothing)
        return Input(each.label, lambda v: _choice(each.label, v), described, required=required, allow_none=nothing)
    read, described = reader_of(kind, each.label, column)
    return Input(each.label, read, described, required=required, allow_none=nothing)


def named_field(label: Any, *, required: bool, nothing: bool) -> Input:
    """What may be written where a field names a client, a site or a person: the id, alone or in an object."""

    def read(value: Any) -> int:
        plain = _plain(value, "id", "name")
        if not isinstance(plain, int) or isinstance(plain, bool) or not 0 < plain <= LARGEST:
            raise ValueError(none_of_these(label))
        return plain

    return Input(label, read, _or_object(_ID, "id", "name", nothing), required=required, allow_none=nothing)


def _plain(value: Any, key: str, beside: str) -> Any:
    """The value itself, or what stands under `key` in an object that has nothing else but a text for people."""
    if not isinstance(value, dict):
        return value
    fits = key in value and value.keys() <= {key, beside} and isinstance(value.get(beside, ""), str)
    return value[key] if fits else None


def _or_object(plain: Mapping[str, Any], key: str, beside: str, nothing: bool) -> dict[str, Any]:
    whole = {
        "type": "object",
        "properties": {key: plain, beside: {"type": "string"}},
        "required": [key],
        "additionalProperties": False,
    }
    return {"anyOf": [dict(plain), whole, *([{"type": "null"}] if nothing else [])]}


def _choice_of(each: Field) -> dict[str, Any]:
    return {"type": "string", "enum": list(each.choices)}


def _choice(label: Any, value: Any) -> str:
    plain = _plain(value, "value", "label")
    if not isinstance(plain, str):
        raise ValueError(none_of_these(label))
    return plain
