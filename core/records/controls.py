"""The control of a form for each kind of field, and what may be typed into it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, inspect
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.db.ids import id_in
from core.db.wall import ALL
from core.i18n import gettext, time_zone
from core.records.fields import has_default, kind_of
from core.records.limits import NumberLimits, number_limits, text_limits
from core.records.places import Place
from core.records.resource import Field, Resource
from core.records.typed import Fits, no_day, none_of_these, read_number, required, tidy, write_number


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


class NumberField(StringField):
    """A number as the reader's language writes it; `data` is as the column keeps it, or None where nothing was
    typed."""

    def __init__(self, *args: Any, limits: NumberLimits, **kwargs: Any) -> None:
        self.limits = limits
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        minor, decimals = self.limits.minor, self.limits.decimals
        value = Decimal(self.data).scaleb(-decimals) if minor else self.data
        return write_number(value, decimals if minor else 0, decimals)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        if not valuelist:
            return
        text, self.data = valuelist[0].strip(), None
        if text:
            self.data = self._read(text)

    def _read(self, text: str) -> Decimal | int | float:
        try:
            number = read_number(text)
        except ValueError:
            example = self.limits.example
            text = gettext("Write %(field)s as a number, such as %(example)s.", field=self.label.text, example=example)
            raise ValueError(text) from None
        if misfit := self.limits.misfit(self.label.text, number):
            raise ValueError(misfit)
        return self.limits.kept(number)


class DayField(DateField):
    """A calendar day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(no_day(self.label.text)) from None


class MomentField(DateTimeLocalField):
    """A day and a time in the tenant's zone; `data` is a moment in UTC."""

    data: datetime | None

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(time_zone()).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
            if self.data is not None:
                self.data = self.data.replace(tzinfo=time_zone()).astimezone(UTC)
        except (ValueError, OverflowError):
            self.data = None
            raise ValueError(no_day(self.label.text)) from None


class ChoiceField(SelectField):
    """One of several, which are given as pairs (value, label)."""

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, choices=[SelectChoice(*each) for each in choices], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was chosen."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(none_of_these(self.label.text)) from None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is none of the choices."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(none_of_these(self.label.text)) from None


class AudienceField(SelectMultipleField):
    """Whom a record is for: all clients, some segments, or (where nothing is ticked) the staff alone."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, choices: Sequence[tuple[int | str, str]], **kwargs: Any) -> None:
        named = {str(i): gettext("Segment: %(name)s", name=name) for i, name in choices}
        self.offered = {ALL: gettext("All clients"), **named}
        super().__init__(*args, choices=[*self.offered], validate_choice=False, **kwargs)

    def process_data(self, value: Any) -> None:
        """Show the audience that a record has."""
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was ticked. Beside all clients, segments say nothing more."""
        if not self.offered.keys() >= set(valuelist):
            raise ValueError(none_of_these(self.label.text))
        self.data = ALL if ALL in valuelist else " ".join(sorted(set(valuelist), key=int))

    def iter_choices(self) -> Iterator[Choice]:
        """The boxes, and which of them are ticked."""
        ticked = str(self.data or "").split(" ")
        for value, label in self.offered.items():
            yield Choice(value, label, value in ticked, {})


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
    return options if must and row is not None else [("", gettext("Choose") if must else gettext("nothing")), *options]


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
