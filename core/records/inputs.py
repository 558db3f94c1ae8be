"""The controls that forms of records are made of, and how what is typed into each is read."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.db.wall import ALL
from core.i18n import gettext, time_zone
from core.records.limits import NumberLimits
from core.records.typed import no_day, none_of_these, read_number, write_number


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
