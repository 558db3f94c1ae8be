"""Forms derived from fields: those that whoever looks fills in, of the kinds that the columns have."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from sqlalchemy import inspect
from wtforms import HiddenField

from core.i18n import gettext
from core.records.answering import TERMS, Answer, Said, answer_controls, answer_fields, said_in
from core.records.controls import Choices, control, must_have
from core.records.fields import takes_default, usual
from core.records.inputs import ChoiceField
from core.records.places import Place
from core.records.present import cell
from core.records.resource import Field, Resource
from core.records.rows import Row
from core.records.sending import FilesField
from core.records.typed import required


class RecordForm(FlaskForm):
    """A form over one record. Made by `make_form`, one class for each: `asked` are its fields."""

    version = HiddenField()
    resource: ClassVar[Resource]
    asked: ClassVar[Sequence[Field]] = ()
    choices: ClassVar[Choices] = Choices()
    #: names of controls that may not be left empty
    must: ClassVar[frozenset[str]] = frozenset()
    #: columns with a default, which holds where a new record leaves them empty
    defaulted: ClassVar[frozenset[str]] = frozenset()
    #: of an action that accepts or declines: it, and what it would agree to
    answer: ClassVar[Answer | None] = None

    @property
    def names(self) -> list[str]:
        """The controls, in their order."""
        return [each.name for each in self if each.name not in ("version", TERMS, "csrf_token")]

    def values(self) -> dict[str, Any]:
        """What was typed, by column; where a new record belongs, among them."""
        found = {f.name: self[f"f_{f.name}"].data for f in self.asked if f"f_{f.name}" in self}
        kept = {name: value for name, value in found.items() if value is not None or name not in self.defaulted}
        return kept | ({"site_id": self.place_chosen().site_id} if "place" in self else {})

    def said(self) -> Said | None:
        """What a client answers with; None where the action is no answer."""
        return None if self.answer is None else said_in(self.answer.action, self)

    def place_chosen(self) -> Place:
        """The place that was chosen; the only one, where there was no choice."""
        chosen = self.place.data if "place" in self else self.choices.places[0].key
        return next(place for place in self.choices.places if place.key == chosen)

    def stale(self, row: Any) -> bool:
        """Whether the row was saved by another since this form was shown, or what it would agree to has changed."""
        if self.version.raw_data != [str(row.version)]:
            return True
        return TERMS in self and self[TERMS].raw_data != [self._terms()]

    def shown_version(self, row: Any) -> None:
        """Write the row's present version into the form, so that sending it again is a decision."""
        self.version.data = str(row.version)
        if TERMS in self:
            self[TERMS].data = self._terms()

    def _terms(self) -> str:
        return "" if self.answer is None else self.answer.read_terms().sha256

    def theirs(self, row: Any) -> list[dict[str, Any]]:
        """Where the row as it is now differs from what was typed: label and text of each."""
        people: dict[str, dict[Any, str]] = {kind: dict(self.choices.of(kind)) for kind in ("contact", "staff")}
        named = {"contact_id": people["contact"], "assignee_id": people["staff"]}
        names = {name: theirs.get(getattr(row, name, None), "") for name, theirs in named.items()}
        there = Row(0, {f.name: getattr(row, f.name) for f in self.asked}, names, getattr(row, "currency", ""))
        typed = self.values()
        found = []
        for each in self.asked:
            if each.name in typed and typed[each.name] != there.values[each.name]:
                text = cell(self.resource.model, each, there).text
                if each.name == "site_id":
                    places = {place.site_id: place.label for place in self.choices.places}
                    text = places.get(there.values[each.name], "")
                found.append({"label": str(each.label), "text": text or gettext("nothing")})
        return found


def make_form(
    resource: Resource,
    asked: Sequence[Field],
    choices: Choices,
    row: Any = None,
    answer: Answer | None = None,
    **options: Any,
) -> RecordForm:
    """The form that asks for these fields: of a record to be changed (`row`), or of a new one, with files where such
    records can be talked about, and whatever an `answer` takes. In a request that posts, it holds what was typed.
    `options` are WTForms'."""
    made, must = _controls(resource, asked, choices, row, answer)
    columns = inspect(resource.model).columns
    defaulted = {f.name for f in asked if row is None and takes_default(columns[f.name])}
    body = {
        "resource": resource,
        "asked": asked,
        "choices": choices,
        "must": frozenset(must),
        "defaulted": frozenset(defaulted),
        "answer": answer,
    }
    form = type("Form", (RecordForm,), {**body, **made})(data=_data(resource, asked, choices, row), **options)
    assert isinstance(form, RecordForm)
    if TERMS in form and not form.is_submitted():
        form.shown_version(row)
    return form


def _controls(
    resource: Resource, asked: Sequence[Field], choices: Choices, row: Any, answer: Answer | None
) -> tuple[dict[str, Any], set[str]]:
    """The controls of a form by name, and the names of those that may not be left empty."""
    made: dict[str, Any] = {}
    must: set[str] = set()
    if len(choices.places) > 1:  # first, for the controls stand in the order in which they are made
        made["place"] = _place(resource, next((f for f in asked if f.name == "site_id"), None), choices, row)
        must.add("place")
    for each in asked:
        if each.name == "site_id" or (each.name == "contact_id" and not choices.people):
            continue
        made[f"f_{each.name}"] = control(resource, each, choices, row)
        if must_have(resource, each, row):
            must.add(f"f_{each.name}")
    if answer is not None:
        made |= answer_controls(answer.action)
        must |= {f"a_{each.name}" for each in answer_fields(answer.action) if each.required}
    if row is None and resource.conversation:
        made["files"] = FilesField()
    return made, must


def _data(resource: Resource, asked: Sequence[Field], choices: Choices, row: Any) -> dict[str, Any]:
    """What the form shows before anything is typed: the row as it is, or what a new one begins with."""
    data: dict[str, Any] = {"place": choices.place}
    for each in asked:
        data[f"f_{each.name}"] = _begun(resource, each, choices) if row is None else getattr(row, each.name)
    if row is not None:
        data["version"] = str(row.version)
        data["place"] = Place(getattr(row, "account_id", None), getattr(row, "site_id", None)).key
    return data


def _begun(resource: Resource, each: Field, choices: Choices) -> Any:
    """What a new record has in a field before anything is typed: what it begins with, else the column's default."""
    return choices.begins.get(each.name, usual(inspect(resource.model).columns[each.name]))


def _place(resource: Resource, site: Field | None, choices: Choices, row: Any) -> Any:
    """The choice among accounts and sites, called as the field that it stands for."""
    places = list(choices.places)
    accounts = {place.account_id for place in places}
    account = resource.field("account_id")
    if len(accounts) == 1:
        label = site.label if site is not None else gettext("Site")
    else:
        label = account.label if account is not None else gettext("Client")
        if site is not None and any(place.site_id is not None for place in places):
            label = f"{label} · {site.label}"  # as the choices themselves are written
    options = [(place.key, place.label) for place in places]
    here = choices.place if row is None else Place(row.account_id, row.site_id).key
    chosen = here in {place.key for place in places}
    if not chosen:
        options.insert(0, ("", gettext("Choose")))
    return ChoiceField(label, [] if chosen else [required], choices=options)
