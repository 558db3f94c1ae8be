"""What the page on which staff switch fields has a line for: each field, child table and column of one, and what holds
of it unless the company says otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import force_locale

from core.db.flags import FieldFlags, Flags
from core.i18n import LANGUAGES, gettext
from core.records.actions import may_be_asked
from core.records.resource import Resource


@dataclass(frozen=True)
class Line:
    """A field ("number"), a child table ("lines") or a column of one ("lines.quantity"), and what holds of it
    unless the tenant says otherwise. `told` are sentences: which other modules say something of it."""

    name: str
    label: Any
    default: Flags
    #: the name of the child table that it is a column of; None for a table, which has no place in an order
    group: str | None = ""
    can_be_filled: bool = False
    told: Sequence[str] = field(default=())
    #: value -> what the module calls it, of a field that has few values
    choices: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_table(self) -> bool:
        """Whether it is a whole child table."""
        return self.group is None

    def texts(self) -> Iterator[tuple[str, str, Any]]:
        """What can be called otherwise: a name for its controls, the value that it is of ("" for the field
        itself), and what the module calls it. Values are counted: they may hold anything."""
        yield "label", "", self.label
        for number, (value, label) in enumerate(self.choices.items()):
            yield f"choice{number}", value, label

    def wordings(self) -> list[list[str]]:
        """The names of the controls for what its values are called, those of one value together."""
        return [
            [f"{kind}-{language}-{self.name}" for language in LANGUAGES] for kind, value, _ in self.texts() if value
        ]


def in_languages(label: Any) -> dict[str, str]:
    """A text of a module's, in each language."""
    found = {}
    for language in LANGUAGES:
        with force_locale(language):
            found[language] = str(label)
    return found


def lines_of(resource: Resource, said: Mapping[str, FieldFlags]) -> list[Line]:
    """The lines of a resource's page, as declared. `said` is what other modules say of it, by their titles."""
    return [
        *(_line(f.name, f, said, "", may_be_asked(resource, f)) for f in resource.fields),
        *(line for child in resource.children for line in _of_child(child, said)),
    ]


def _of_child(child: Any, said: Mapping[str, FieldFlags]) -> Iterator[Line]:
    told = _told(said, child.name)
    yield Line(child.name, child.title, _over(Flags(child.seen, False, False), said, child.name), None, False, told)
    for column in child.fields:
        yield _line(f"{child.name}.{column.name}", column, said, child.name, False)


def _line(name: str, declared: Any, said: Mapping[str, FieldFlags], group: str, fillable: bool) -> Line:
    holds = _over(Flags(declared.seen, declared.filled, declared.required), said, name)
    if not fillable:
        holds = replace(holds, filled=False, required=False)
    choices = {value: choice.label for value, choice in declared.choices.items() if value}
    return Line(name, declared.label, holds, group, fillable, _told(said, name), choices)


def _over(flags: Flags, said: Mapping[str, FieldFlags], name: str) -> Flags:
    for layer in said.values():
        flags = layer.of(name).over(flags)
    return flags


def _told(said: Mapping[str, FieldFlags], name: str) -> list[str]:
    """What modules say of it, one sentence each."""
    found = []
    for title, layer in said.items():
        of = layer.of(name)
        words = [
            (gettext("shown") if of.seen else gettext("hidden")) if of.seen is not None else "",
            (gettext("filled in") if of.filled else gettext("not filled in")) if of.filled is not None else "",
            (gettext("required") if of.required else gettext("not required")) if of.required is not None else "",
        ]
        if any(words):
            found.append(gettext("%(module)s says: %(words)s", module=title, words=", ".join(filter(None, words))))
    return found
