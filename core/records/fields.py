"""What a field is for a viewer: whether they see it and what it is called, what kind it is, and how SQL
reads it."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from dataclasses import fields as attributes_of
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Date, Integer, Numeric, inspect

from core.db.flags import FieldFlags, Flags, Labels
from core.db.model import Model, UtcDateTime
from core.db.session import WalledSession
from core.db.viewer import Kind, Sight
from core.db.wall import Owned, Recorded, Shared
from core.i18n import built_once, in_language
from core.records.resource import Child, Choice, Field, Resource

_NAMED = {"account_id": "account", "site_id": "site", "contact_id": "contact", "assignee_id": "staff"}
#: kinds of fields that hold an id, and are shown by a name; "audience" holds several
NAMED = frozenset(_NAMED.values()) | {"record", "audience"}


@dataclass(frozen=True, eq=False)
class Untold(Field):
    """A field that names another record, for readers who do not have what that one is called by: they are told no name,
    and choose none."""


def staff_only(resource: Resource) -> bool:
    """Whether clients have no such records at all: the class is no record that a client may see."""
    return not issubclass(resource.model, Recorded)


def has_owner(resource: Resource) -> bool:
    """Whether each of its records belongs to somebody, whom a form has to ask for."""
    return issubclass(resource.model, Owned)


def full_name(resource: Resource) -> str:
    """What a resource is called across modules: "invoices.invoice"."""
    return f"{resource.model.portal_module}.{resource.name}"


def effective(resource: Resource, sight: Sight) -> Sequence[Field]:
    """The fields that whoever looks has, with the flags, label, order and choices that hold for them: what
    the module declares, then what the tenant set, then what the kind of viewer allows. Every exit asks
    here: what is not in the answer is neither shown nor filtered, sorted or searched by."""
    flags, narrowed = sight.flags(full_name(resource)), sight.viewer.kind is Kind.CONTACT
    return _effective(resource, flags, narrowed, _untold(resource, sight))


def effective_children(resource: Resource, sight: Sight) -> Sequence[Child]:
    """The child tables that whoever looks has, each with the columns that they have of it."""
    flags, narrowed = sight.flags(full_name(resource)), sight.viewer.kind is Kind.CONTACT
    return _effective_children(resource, flags, narrowed, _untold(resource, sight))


def sees(session: WalledSession, resource: Resource, *names: str) -> bool:
    """Whether the session's viewer has every one of these fields ("lines.discount" for a column of a child
    table). A widget or a view that shows more than the core derives asks here."""
    sight = session.sight
    return _names(resource, sight.flags(full_name(resource)), sight.viewer.kind is Kind.CONTACT).issuperset(names)


def choice_of(session: WalledSession, resource: Resource, name: str, value: str) -> Choice:
    """What the session's viewer is told a value of a field with choices is: the module's label, or the tenant's
    own. A value that is no choice of theirs is told as it is."""
    field = next((field for field in effective(resource, session.sight) if field.name == name), None)
    return (field.choices.get(value) if field is not None else None) or Choice(value, "")


_NONE: frozenset[str] = frozenset()


def _untold(resource: Resource, sight: Sight) -> frozenset[str]:
    """The fields, columns of child tables among them, that name records which are called by what the reader does not
    have: by a field that the tenant, or a module, keeps from clients."""
    naming = _naming(resource) if sight.viewer.kind is Kind.CONTACT else ()
    return frozenset(name for name, other in naming if not _tells_its_name(resource, other, sight)) if naming else _NONE


@lru_cache(maxsize=2000)
def _naming(resource: Resource) -> tuple[tuple[str, Any], ...]:
    """The fields that name other records, and the classes of these."""
    of = [("", resource.model, resource.fields), *((f"{c.name}.", c.model, c.fields) for c in resource.children)]
    return tuple((f"{at}{f.name}", referred(m, f)) for at, m, fields in of for f in fields if f.kind == "record")


def _tells_its_name(resource: Resource, other: Any, sight: Sight) -> bool:
    """Whether clients have what rows of the class `other` are called by, on their own pages or in a child table."""
    if issubclass(other, Recorded):
        said = sight.flags(f"{other.portal_module}.{other.portal_resource}").of(other.portal_number).seen
        return other.portal_number_seen is not None and (other.portal_number_seen if said is None else said)
    names = _names(resource, sight.flags(full_name(resource)), True)
    return any(f"{c.name}.{other.portal_number}" in names for c in resource.children if c.model is other)


# Kept, because each page asks several times; a declaration is an object of its own, flags are values.
@lru_cache(maxsize=2000)
def _effective(
    resource: Resource, flags: FieldFlags, narrowed: bool, untold: frozenset[str] = _NONE
) -> tuple[Field, ...]:
    return _without_names(_flagged(resource.fields, flags, narrowed), untold)


@lru_cache(maxsize=2000)
def _effective_children(
    resource: Resource, flags: FieldFlags, narrowed: bool, untold: frozenset[str] = _NONE
) -> tuple[Child, ...]:
    found = []
    for child in resource.children:
        said = flags.of(child.name)
        seen = child.seen if said.seen is None else said.seen
        fields = _without_names(_flagged(child.fields, flags, narrowed, f"{child.name}."), untold, f"{child.name}.")
        if (seen or not narrowed) and fields:
            title = in_language(dict(said.labels), child.title) if said.labels else child.title
            found.append(replace(child, seen=seen, title=title, fields=fields))
    return tuple(found)


@lru_cache(maxsize=2000)
def _names(resource: Resource, flags: FieldFlags, narrowed: bool) -> frozenset[str]:
    own = {field.name for field in _effective(resource, flags, narrowed)}
    children = _effective_children(resource, flags, narrowed)
    return frozenset(own | {f"{child.name}.{field.name}" for child in children for field in child.fields})


def _flagged(fields: Sequence[Field], flags: FieldFlags, narrowed: bool, prefix: str = "") -> tuple[Field, ...]:
    found = [_with_flags(f, flags.of(f"{prefix}{f.name}")) for f in fields]
    place = {name: i for i, name in enumerate(flags.order)}
    found.sort(key=lambda f: place.get(f"{prefix}{f.name}", len(place)))
    return tuple(_with_seen_choices(f) for f in found if f.seen and not f.internal) if narrowed else tuple(found)


def _without_names(fields: tuple[Field, ...], untold: frozenset[str], prefix: str = "") -> tuple[Field, ...]:
    return tuple(_as_untold(f) if f"{prefix}{f.name}" in untold else f for f in fields) if untold else fields


def _as_untold(field: Field) -> Field:
    return Untold(**{each.name: getattr(field, each.name) for each in attributes_of(field)})


def _with_flags(field: Field, flags: Flags) -> Field:
    if flags == Flags():
        return field
    seen, filled, required = (
        own if said is None else said
        for own, said in (
            (field.seen, flags.seen),
            (field.filled, flags.filled),
            (field.required, flags.required),
        )
    )
    label = in_language(dict(flags.labels), field.label) if flags.labels else field.label
    choices = _called(field.choices, dict(flags.choices)) if flags.choices else field.choices
    return replace(field, seen=seen, filled=filled, required=required, label=label, choices=choices)


def _called(choices: Mapping[str, Choice], said: Mapping[str, Labels]) -> Mapping[str, Choice]:
    """Choices as the tenant calls them."""
    return {
        value: replace(choice, label=in_language(dict(said[value]), choice.label)) if value in said else choice
        for value, choice in choices.items()
    }


def _with_seen_choices(field: Field) -> Field:
    if all(choice.seen for choice in field.choices.values()):
        return field
    return replace(field, choices={value: c for value, c in field.choices.items() if c.seen})


def kind_of(model: Any, field: Field) -> str:
    """The field's kind: what it says, else what its mapped column is."""
    return field.kind or ("choice" if field.choices else _kind_of_column(model, field.name))


@lru_cache(maxsize=2000)
def _kind_of_column(model: Any, name: str) -> str:
    if name == "audience" and issubclass(model, Shared):
        return "audience"
    named = _NAMED.get(name, "")
    if named and (named != "staff" or hasattr(model, "assignee_name")):  # see core.records.assigned
        return named
    column = inspect(model).columns.get(name)
    if column is None:
        return "text"
    if column.info.get("kind") == "money":
        return "money"
    for kind, types in (("date", Date), ("datetime", UtcDateTime), ("flag", Boolean), ("number", Integer)):
        if isinstance(column.type, types):
            return kind
    return "quantity" if isinstance(column.type, Numeric) else "text"


def referred(model: Any, field: Field) -> Any:
    """The class whose row a field of kind "record" names."""
    (key,) = inspect(model).mapper.columns[field.name].foreign_keys
    return next(m.class_ for m in Model.registry.mappers if m.local_table is key.column.table)


def value_of(model: Any, field: Field) -> ColumnElement[Any]:
    """The field as an SQL expression over `model` (a class or an alias)."""
    return getattr(model, field.name) if field.expression is None else sql_of(field.expression, model)


@lru_cache(maxsize=2000)
def sql_of(make: Callable[[Any], ColumnElement[Any]], model: Any) -> ColumnElement[Any]:
    """The SQL that a declaration gives for `model`: asked once, for all readers and all days, outside of any
    request, where it can ask for nothing of one of them."""
    return Context().run(built_once, make, model)


def has_default(column: Column[Any]) -> bool:
    """Whether a new row that says nothing of the column has a value there all the same."""
    return column.default is not None or column.server_default is not None


def takes_default(column: Column[Any]) -> bool:
    """Whether a new row takes the column's default where nothing was typed: it holds no nothing."""
    return not column.nullable and has_default(column)


def usual(column: Column[Any]) -> Any:
    """What a new row has in the column where nothing is said, as far as that is one value; else None."""
    default: Any = column.default
    return default.arg if default is not None and default.is_scalar else None


def never_missing(model: Any, field: Field) -> bool:
    """Whether every row has a value: such a field can be sorted by its index alone."""
    column = None if field.expression is not None else inspect(model).columns.get(field.name)
    return column is not None and not column.nullable
