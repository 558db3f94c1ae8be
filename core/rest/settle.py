"""From what a program sent to what an action is given: what was left out stays as it is, what must be there is,
and what hangs on the record (its currency, who may be named, where it may belong) is asked of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g
from sqlalchemy import inspect

from core.db.record import Record
from core.db.session import WalledSession
from core.db.shared import STAFF
from core.db.wall import ALL
from core.i18n import gettext
from core.records.about import ABOUT, find_about
from core.records.actions import Action, asked
from core.records.answering import Said
from core.records.assigned import staff_names
from core.records.controls import must_have
from core.records.fields import has_default, has_owner, kind_of, takes_default, usual
from core.records.limits import number_limits
from core.records.others import others_of
from core.records.places import Place, people_of
from core.records.resource import Field, Resource
from core.records.typed import is_currency, missing, none_of_these
from core.rest.answering import said_of
from core.rest.belonging import Misplaced, new_place, place_of_row
from core.rest.inputs import AUDIENCE, input_schema, loaded
from core.rest.kinds import Amount
from core.rest.problems import unfit


@dataclass(frozen=True)
class Settled:
    """What an action is given: values by column, and for a new record where it belongs and its currency."""

    values: Mapping[str, Any]
    place: Place | None
    currency: str
    #: of a new record: the id of the one that it is about
    about: int | None = None
    #: of an action that accepts or declines: what it answers with
    said: Said | None = None


def settle(
    session: WalledSession, resource: Resource, action: Action, sent: Mapping[str, Any], row: Any = None
) -> Settled:
    """What an action is given, of what was sent: to be done to `row`, or to begin a record with. Raises Problem
    (422) that says of each field what is wrong."""
    fields = asked(resource, action, session.sight)
    given = loaded(input_schema(resource, action, fields), sent)
    about = _about(session, action, given)
    settled = _Settling(session, resource, fields, _beside(about, fields, given), row).settled()
    return replace(settled, said=said_of(action, given), about=None if about is None else about.id)


def _about(session: WalledSession, action: Action, given: Mapping[str, Any]) -> Record | None:
    """The record that a new one is said to be about. Raises Problem for one that the writer does not see."""
    if given.get("about") is None:
        return None
    found = find_about(session, action, given["about"])
    if found is None:
        raise unfit({"about": [none_of_these(ABOUT)]})
    return found


def _beside(about: Record | None, fields: Sequence[Field], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was sent and, where it does not say whose the new record is, where that belongs which it is about."""
    if about is None or "account_id" in given or about.account_id is None:
        return given
    site = {"site_id": about.site_id} if about.site_id and any(f.name == "site_id" for f in fields) else {}
    return {"account_id": about.account_id, **site, **given}


@dataclass
class _Settling:
    session: WalledSession
    resource: Resource
    fields: Sequence[Field]
    given: Mapping[str, Any]
    row: Any
    errors: dict[str, list[str]] = field(default_factory=dict)

    def settled(self) -> Settled:
        """All of it, or a Problem with all that is wrong."""
        currency, place = self._currency(), self._place()
        values = {f.name: self._value(f, currency) for f in self.fields if f.name != "site_id"}
        self._check_people(values, place)
        for each in self.fields:
            if each.name in values and each.name not in self.errors and self._lacks(each, values[each.name]):
                self._wrong(each.name, missing(each.label))
        if self.errors:
            raise unfit(self.errors)
        if place is not None and any(f.name == "site_id" for f in self.fields):
            values["site_id"] = place.site_id
        return Settled(self._without_defaults(values), place, currency)

    def _wrong(self, name: str, sentence: str) -> None:
        self.errors.setdefault(name, []).append(sentence)

    def _currency(self) -> str:
        if not hasattr(self.resource.model, "currency"):
            return ""
        sent = self.given.get("currency")
        there = self.row.currency if self.row is not None else g.tenant.currency
        return str(sent if is_currency(sent) else there)

    def _place(self) -> Place | None:
        if not has_owner(self.resource):
            return None
        site = next((f for f in self.fields if f.name == "site_id"), None)
        try:
            if self.row is None:
                return new_place(self.session, self.resource, site, self.given)
            return place_of_row(self.session, self.resource, site, self.given, self.row)
        except Misplaced as error:
            self._wrong(error.name, str(error))
            return None

    def _value(self, each: Field, currency: str) -> Any:
        """What was sent for a field, as its column keeps it; else what is there."""
        if each.name not in self.given:
            return self._left(each)
        value = self.given[each.name]
        if isinstance(value, Amount):
            return self._minor(each, value, currency)
        kind = kind_of(self.resource.model, each)
        if kind in ("record", "audience"):
            return self._other(each, kind, value)
        return self._chosen(each, value) if kind == "choice" else value

    def _left(self, each: Field) -> Any:
        if self.row is not None:
            return getattr(self.row, each.name)
        column, kind = inspect(self.resource.model).columns[each.name], kind_of(self.resource.model, each)
        if (value := usual(column)) is not None:
            return value
        return False if kind == "flag" else "" if kind in ("text", "code", "markdown") and not column.nullable else None

    def _minor(self, each: Field, amount: Amount, currency: str) -> Any:
        limits = number_limits("money", inspect(self.resource.model).columns[each.name], currency)
        misfit = limits.misfit(str(each.label), amount.number)
        if amount.currency != currency:
            misfit = gettext("%(field)s is an amount in %(currency)s.", field=each.label, currency=currency)
        if misfit:
            self._wrong(each.name, misfit)
            return None
        return limits.kept(amount.number)

    def _chosen(self, each: Field, value: str | None) -> Any:
        column = inspect(self.resource.model).columns[each.name]
        if not value:
            return None if column.nullable or has_default(column) else ""
        if value not in each.choices and (self.row is None or value != getattr(self.row, each.name)):
            self._wrong(each.name, none_of_these(each.label))
        return value

    def _other(self, each: Field, kind: str, value: Any) -> Any:
        """Another record's id, or the segments that the record is for: such as a form would offer."""
        whole = getattr(self.row, "parent_id", None)
        account_id = getattr(self.row, "account_id", None)
        found = others_of(self.session, self.resource, each, whole, account_id, value)
        offered = {str(other) for other, _ in found or ()}
        ids = [] if value in (None, ALL, STAFF) else str(value).split(" ")
        if not offered.issuperset(ids) or (kind == "audience" and not AUDIENCE.match(value)):
            self._wrong(each.name, none_of_these(each.label))
        return " ".join(sorted(set(ids), key=int)) if kind == "audience" and ids and not self.errors else value

    def _lacks(self, each: Field, value: Any) -> bool:
        """Whether the field must be filled in, and is not."""
        empty = value is None or value == "" or (value is False and kind_of(self.resource.model, each) == "flag")
        return empty and must_have(self.resource, each, self.row)

    def _check_people(self, values: Mapping[str, Any], place: Place | None) -> None:
        """Whoever is named must be one who may be."""
        account_id = getattr(place if self.row is None else self.row, "account_id", None)  # a part has none
        for each in (f for f in self.fields if f.name in ("contact_id", "assignee_id")):
            there = None if self.row is None else getattr(self.row, each.name)
            if values[each.name] in (None, there):
                continue
            ours = each.name == "assignee_id"
            people = staff_names(self.session) if ours else people_of(self.session, account_id)
            if values[each.name] not in {person_id for person_id, _ in people}:
                self._wrong(each.name, none_of_these(each.label))

    def _without_defaults(self, values: dict[str, Any]) -> dict[str, Any]:
        """Of a new record, columns with a default that were left empty take it."""
        if self.row is not None:
            return values
        columns = inspect(self.resource.model).columns
        return {n: value for n, value in values.items() if value is not None or not takes_default(columns[n])}
