"""Which control a field gets in a form, and what it offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, inspect
from wtforms import (
    BooleanField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from core.db.ids import id_in
from core.i18n import gettext
from core.records.fields import has_default, kind_of
from core.records.inputs import AudienceField, ChoiceField, DayField, MomentField, NumberField
from core.records.limits import number_limits, text_limits
from core.records.places import Place
from core.records.resource import Field, Resource
from core.records.typed import Fits, required, tidy


@dataclass(frozen=True)
class Choices:
    """What a form offers beside its fields' own choices: places, people, those of the staff, and the currency of
    amounts."""

    places: Sequence[Place] = ()
    people: Sequence[tuple[int, str]] = ()
    currency: str = ""
    #: where a new record belongs unless another place is chosen
    place: str = ""
    staff: Sequence[tuple[int, str]] = ()
    #: by field: the records, numbers or texts that it may name, or the segments that a record may be for
    others: Mapping[str, Sequence[tuple[int | str, str]] | None] = field(default_factory=dict)
    #: by field: what a new record begins with, where that is not the column's default
    begins: Mapping[str, Any] = field(default_factory=dict)

    def of(self, kind: str) -> Sequence[tuple[int, str]]:
        """The people of a kind, "contact" or "staff"."""
        return self.staff if kind == "staff" else self.people


def must_have(resource: Resource, each: Field, row: Any) -> bool:
    """Whether the field may not be left empty: it is required, or its column holds no nothing."""
    kind = kind_of(resource.model, each)
    column = inspect(resource.model).columns[each.name]
    without = column.nullable or _is_empty_by_default(column) or (row is None and has_default(column))
    return each.required or not (without or kind in ("text", "code", "markdown", "audience", "flag"))


def _is_empty_by_default(column: Column[Any]) -> bool:
    """Whether a row that says nothing of the column has an empty text there: nothing, then, is one of its values."""
    return getattr(column.default, "arg", None) == ""


def control(resource: Resource, each: Field, choices: Choices, row: Any) -> Any:
    """The WTForms field for one field."""
    kind, column = kind_of(resource.model, each), inspect(resource.model).columns[each.name]
    must = must_have(resource, each, row)
    checks: list[Any] = [required if must else Optional()]
    shared: dict[str, Any] = {"description": each.hint or ""}
    if kind == "flag":
        return BooleanField(each.label, checks if must else [], **shared)
    if kind == "choice":
        return ChoiceField(
            each.label, checks, choices=_options(each, must, row), coerce=_text_or_none(column), **shared
        )
    if kind in ("contact", "staff"):
        people = [("", gettext("nobody")), *((str(i), name) for i, name in choices.of(kind))]
        return ChoiceField(each.label, checks, choices=people, coerce=_id_or_none, **shared)
    if each.among is not None and (among := choices.others.get(each.name)) is not None:
        read = _text_or_none(column) if kind == "text" else _id_or_none
        return ChoiceField(each.label, checks, choices=_among(each, among, row), coerce=read, **shared)
    if kind == "record":
        others = [("", gettext("none")), *((str(i), name) for i, name in choices.others.get(each.name) or ())]
        return ChoiceField(each.label, checks, choices=others, coerce=_id_or_none, **shared)
    if kind == "audience":
        return AudienceField(each.label, choices=choices.others.get(each.name) or (), **shared)
    if kind == "date":
        return DayField(each.label, checks, **shared)
    if kind == "datetime":
        return MomentField(each.label, checks, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **shared)
    if kind in ("money", "number", "quantity", "price"):
        return _number(each, kind, column, choices, checks, shared)
    return _text(each, column, [required] if must else [], shared)


def _text(each: Field, column: Column[Any], checks: list[Any], shared: dict[str, Any]) -> Any:
    limits = text_limits(column)
    if each.kind == "markdown":
        shared["render_kw"] = {"rows": 18}
    checks.append(Fits(limits.longest, limits.lines))
    filters = [tidy, _or_none] if column.nullable else [tidy]
    return (TextAreaField if limits.lines else StringField)(each.label, checks, filters=filters, **shared)


def _or_none(text: str) -> str | None:
    return text or None


def _number(
    each: Field, kind: str, column: Column[Any], choices: Choices, checks: list[Any], shared: dict[str, Any]
) -> Any:
    shared["render_kw"] = {"inputmode": "decimal", "autocomplete": "off"}
    limits = number_limits(kind, column, choices.currency)
    label = f"{each.label} ({choices.currency})" if kind == "money" and choices.currency else each.label
    return NumberField(label, checks, limits=limits, **shared)


def _options(each: Field, must: bool, row: Any) -> list[tuple[str, str]]:
    options = [(value, str(choice.label)) for value, choice in each.choices.items()]
    here = None if row is None else getattr(row, each.name)
    if here and here not in each.choices:
        options.append((here, str(here)))  # what it is stays, where it is no choice of theirs
    if must and row is not None:
        return options
    return [("", gettext("Choose") if must else gettext("Not specified")), *options]


def _among(each: Field, among: Sequence[tuple[int | str, str]], row: Any) -> list[tuple[str, str]]:
    """The values that a field chooses among; the one that is there stays, where it is none of them."""
    here = None if row is None else getattr(row, each.name)
    offered = [(str(value), label) for value, label in among]
    if here is not None:
        return offered if str(here) in dict(offered) else [*offered, (str(here), str(here))]
    return [("", gettext("Choose")), *offered]


def _text_or_none(column: Column[Any]) -> Any:
    nothing = None if column.nullable or (has_default(column) and not _is_empty_by_default(column)) else ""
    return lambda value: str(value) if value else nothing


def _id_or_none(value: Any) -> int | None:
    if not value:
        return None
    if (found := id_in(str(value))) is None:
        raise ValueError(value)
    return found
