"""The form of the page on which staff switch fields: one line of controls for each field, table and column."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import ValidationError

from core.db.flags import FieldFlags, Flags, Labels
from core.i18n import LANGUAGES, gettext
from core.modules.models import FieldSettings
from core.records.typed import Fits, tidy
from core.staff.fields_lines import Line, in_languages

_LONGEST_LABEL = 80
_MOST_PLACES = 999
#: what the page posts beside its lines
_BESIDE = frozenset({"csrf_token", "version", "do", "language"})


class FieldsForm(FlaskForm):
    """The settings of one resource. Made by `make_form`, one class for each."""

    version = HiddenField()
    lines: ClassVar[Sequence[Line]] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse what contradicts itself, and what the page does not ask for."""
        well: bool = super().validate(extra_validators)
        for line in self.lines:
            typed = self.flags_of(line)
            if replace(line.default, labels=typed.labels, choices=typed.choices) == typed:
                continue  # as the module has it
            if typed.filled and not typed.seen:
                text = gettext("%(field)s cannot be filled in where it is not seen.", field=line.label)
                self[f"filled-{line.name}"].errors = [text]
                well = False
            if typed.required and not typed.filled:
                text = gettext("%(field)s cannot be required where it is not filled in.", field=line.label)
                self[f"required-{line.name}"].errors = [text]
                well = False
        unknown = sorted(set(request.form) - {each.name for each in self} - _BESIDE)
        if unknown:
            self.form_errors.append(gettext("This page has no field “%(name)s”. Load it anew.", name=unknown[0][:60]))
        return well and not unknown

    def flags_of(self, line: Line) -> Flags:
        """What is typed for one line, said in full."""
        filled = self[f"filled-{line.name}"].data if line.can_be_filled else line.default.filled
        required = self[f"required-{line.name}"].data if line.can_be_filled else line.default.required
        said = {value: self._labels(line, kind) for kind, value, _ in line.texts()}
        labels = said.pop("")
        choices = tuple((value, said[value]) for value in sorted(said) if said[value])
        return Flags(self[f"seen-{line.name}"].data, filled, required, labels, choices)

    def rewords(self, line: Line) -> bool:
        """Whether anything is typed for the values of a field, or wrong there."""
        return any(self[name].data or self[name].errors for names in line.wordings() for name in names)

    def _labels(self, line: Line, kind: str) -> Labels:
        texts = ((language, self[f"{kind}-{language}-{line.name}"].data or "") for language in sorted(LANGUAGES))
        return tuple((language, text) for language, text in texts if text)

    def flags(self) -> FieldFlags:
        """What is typed, where it differs from what holds anyway."""
        said = []
        for line in self.lines:
            typed, default = self.flags_of(line), line.default
            told = Flags(
                None if typed.seen == default.seen else typed.seen,
                None if typed.filled == default.filled else typed.filled,
                None if typed.required == default.required else typed.required,
                typed.labels,
                typed.choices,
            )
            if told != Flags():
                said.append((line.name, told))
        return FieldFlags(tuple(sorted(said)), self._order())

    def ordered(self) -> list[Line]:
        """The lines in the order that is typed: fields, then each table with its columns."""
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            groups.setdefault(line.name if line.is_table else line.group or "", []).append(line)
        return [line for group in groups.values() for line in self._sorted(group)]

    def _sorted(self, group: Sequence[Line]) -> list[Line]:
        """One that was moved takes the place of the one that stood there, which makes room."""

        def key(line: Line) -> tuple[int, int]:
            if line.is_table:
                return (0, 0)
            control = self[f"place-{line.name}"]
            before = int(control.object_data)
            typed = int(control.data) if _is_place(control.data) else before
            return (typed, (typed > before) - (typed < before))

        return sorted(group, key=key)

    def _order(self) -> tuple[str, ...]:
        """The names of each group whose order is not the declared one."""
        wanted, declared = self.ordered(), list(self.lines)
        groups = dict.fromkeys(line.group for line in declared if not line.is_table)
        found: list[str] = []
        for group in groups:
            names = [line.name for line in wanted if line.group == group]
            if names != [line.name for line in declared if line.group == group]:
                found += names
        return tuple(found)

    def stale(self, row: FieldSettings | None) -> bool:
        """Whether another has saved since this form was shown."""
        return bool(self.version.raw_data != [version_of(row)])

    def theirs(self, saved: "FieldsForm") -> list[dict[str, str]]:
        """Where what is saved now differs from what was typed: label and text of each."""
        lines = {line.name: line for line in self.lines}
        found = []
        for each in self:
            line, there = lines.get(_line_of(each.name)), saved[each.name].data
            if line is not None and (each.data or "") != (there or ""):
                text = there if isinstance(there, str) else gettext("Yes") if there else gettext("No")
                found.append({"label": f"{line.label}: {each.label.text}", "text": text or gettext("nothing")})
        return found


def _line_of(name: str) -> str:
    """The line that a control belongs to, by the control's name."""
    kind, _, rest = name.partition("-")
    return rest.partition("-")[2] if kind.startswith(("label", "choice")) else rest


def version_of(row: FieldSettings | None) -> str:
    """The version of the settings as a form carries it. An id is never used twice, so that what was removed
    and made anew is another."""
    return "0" if row is None else f"{row.id}.{row.version}"


def make_form(lines: Sequence[Line], saved: FieldFlags, row: FieldSettings | None, **options: Any) -> FieldsForm:
    """The form over these lines, which shows what is saved, or in a request that posts what was typed. `options`
    are WTForms'."""
    made: dict[str, Any] = {}
    for line in lines:
        made |= _controls(line)
    form = type("Form", (FieldsForm,), {"lines": tuple(lines), **made})(data=_data(lines, saved, row), **options)
    assert isinstance(form, FieldsForm)
    return form


def _controls(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = {f"seen-{line.name}": BooleanField(gettext("Seen by clients"))}
    if line.can_be_filled:
        found[f"filled-{line.name}"] = BooleanField(gettext("Filled in by clients"))
        found[f"required-{line.name}"] = BooleanField(gettext("Required"))
    for kind, value, label in line.texts():
        for language, text in in_languages(label).items():
            found[f"{kind}-{language}-{line.name}"] = _wording(label if value else "", language, text)
    if not line.is_table:
        attributes = {"inputmode": "numeric", "size": 3}
        found[f"place-{line.name}"] = StringField(gettext("Position"), [_Place(line)], [tidy], render_kw=attributes)
    return found


def _wording(of: Any, language: str, text: str) -> Any:
    """The control for what a field, or a choice `of` it, is called in a language; what stands there now is shown
    in the empty box."""
    label = gettext("Label in %(language)s", language=LANGUAGES[language])
    if of:
        label = gettext("“%(choice)s” in %(language)s", choice=of, language=LANGUAGES[language])
    attributes = {"placeholder": text, "lang": language}
    return StringField(label, [Fits(_LONGEST_LABEL, lines=False)], filters=[tidy], render_kw=attributes)


class _Place:
    """Refuse a position that is none."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def __call__(self, form: Any, control: Any) -> None:
        if not _is_place(control.data):
            said = gettext(
                "Position of %(field)s: write a number from 1 to %(most)s.", field=self.line.label, most=_MOST_PLACES
            )
            raise ValidationError(said)


def _is_place(text: str | None) -> bool:
    text = text or ""
    return text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_PLACES)) and int(text) > 0


def _data(lines: Sequence[Line], saved: FieldFlags, row: FieldSettings | None) -> dict[str, Any]:
    """What is saved, as the form's values."""
    data: dict[str, Any] = {"version": version_of(row)}
    for line in lines:
        own = saved.of(line.name)
        holds = own.over(line.default)
        data |= {
            f"seen-{line.name}": holds.seen,
            f"filled-{line.name}": holds.filled,
            f"required-{line.name}": holds.required,
        }
        said = {"": own.labels, **dict(own.choices)}
        for kind, value, _ in line.texts():
            data |= {f"{kind}-{language}-{line.name}": text for language, text in said.get(value, ())}
    place = {name: n for n, name in enumerate(saved.order)}
    for group in dict.fromkeys(line.group for line in lines if not line.is_table):
        names = [line.name for line in lines if line.group == group]
        names.sort(key=lambda name: place.get(name, len(place)))
        data |= {f"place-{name}": str(n) for n, name in enumerate(names, 1)}
    return data
