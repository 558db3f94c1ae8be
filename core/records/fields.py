"""What a field is for a viewer: whether they see it, what kind it is, and how SQL reads it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Integer, Numeric, inspect

from core.db.model import UtcDateTime
from core.db.viewer import Kind, Viewer
from core.db.wall import Owned
from core.records.resource import Child, Field, Resource

_NAMED = {"account_id": "account", "site_id": "site", "contact_id": "contact"}


def staff_only(resource: Resource) -> bool:
    """Whether clients have no such records at all: the class is not one that a client can own."""
    return not issubclass(resource.model, Owned)


def effective(fields: Sequence[Field], viewer: Viewer) -> list[Field]:
    """The fields that `viewer` sees, in their order, with the choices that they see. Every exit asks
    here: what is not in the answer is neither shown nor filtered, sorted or searched by."""
    if viewer.kind is not Kind.CONTACT:
        return list(fields)
    return [_with_seen_choices(f) for f in fields if f.seen]


def _with_seen_choices(field: Field) -> Field:
    if all(choice.seen for choice in field.choices.values()):
        return field
    return replace(field, choices={value: c for value, c in field.choices.items() if c.seen})


def effective_children(resource: Resource, viewer: Viewer) -> list[Child]:
    """The child tables that `viewer` sees."""
    return [c for c in resource.children if c.seen or viewer.kind is not Kind.CONTACT]


def kind_of(model: Any, field: Field) -> str:
    """The field's kind: what it says, else what its mapped column is."""
    if field.kind:
        return field.kind
    if field.choices:
        return "choice"
    if field.name in _NAMED:
        return _NAMED[field.name]
    column = inspect(model).columns.get(field.name)
    if column is None:
        return "text"
    if column.info.get("kind") == "money":
        return "money"
    for kind, types in (("date", Date), ("datetime", UtcDateTime), ("flag", Boolean), ("number", Integer)):
        if isinstance(column.type, types):
            return kind
    return "quantity" if isinstance(column.type, Numeric) else "text"


def value_of(model: Any, field: Field) -> ColumnElement[Any]:
    """The field as an SQL expression over `model` (a class or an alias)."""
    return field.expression(model) if field.expression is not None else getattr(model, field.name)


def never_missing(model: Any, field: Field) -> bool:
    """Whether every row has a value: such a field can be sorted by its index alone."""
    column = None if field.expression is not None else inspect(model).columns.get(field.name)
    return column is not None and not column.nullable
