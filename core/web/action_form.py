"""The form of an action: the fields that it asks whoever looks for, with what there is to choose for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, request

from core.records.actions import Action, asked
from core.records.assigned import staff_names
from core.records.controls import Choices
from core.records.fields import has_owner
from core.records.follow import begins_as
from core.records.forms import RecordForm, make_form
from core.records.lines import begins_with
from core.records.others import others_of
from core.records.places import Place, people_of, possible_places
from core.records.resource import Field, Resource
from core.records.typed import is_currency
from core.web.about import About
from core.web.answers import answer_form


def action_form(
    resource: Resource,
    action: Action,
    row: Any,
    place: Place | None = None,
    about: About | None = None,
    whole: int | None = None,
) -> RecordForm:
    """The form of an action: on a row; or to begin one, at the place and about the record that were chosen, or as part
    of the record `whole`."""
    if action.is_answer:
        return answer_form(resource, action, row)
    fields = asked(resource, action, g.sight)
    whole = getattr(row, "parent_id", whole)
    of_row, of_place = getattr(row, "account_id", None), place.account_id if place else None
    account_id = of_place if row is None else of_row
    begun = _begun(action, about, fields)
    there = {f.name: begun.get(f.name, getattr(row, f.name, None)) for f in fields}
    others = {f.name: others_of(g.session, resource, f, whole, account_id, there[f.name]) for f in fields}
    if not has_owner(resource):
        begins = begins_with(g.session, resource.model, whole) if row is None else {}
        choices = Choices(currency=currency_of(resource, row), others=others, begins=begins)
        return make_form(resource, fields, choices, row)
    site = next((f for f in fields if f.name == "site_id"), None)
    places = possible_places(g.session, resource, site, row, place)
    named = begun.get("contact_id") if row is None else row.contact_id
    asks = {f.name for f in fields}
    people = people_of(g.session, account_id, named) if "contact_id" in asks else ()
    staff = staff_names(g.session, getattr(row, "assignee_id", None)) if "assignee_id" in asks else ()
    choices = Choices(places, people, currency_of(resource, row), _chosen(places, about), staff, others, begun)
    return make_form(resource, fields, choices, row)


def nothing_asked(resource: Resource) -> RecordForm:
    """The form of what can be done no longer, for whoever had none before: it asks for nothing."""
    form = make_form(resource, (), Choices())
    for name in form.names:
        del form[name]
    return form


def _begun(action: Action, about: About | None, fields: Sequence[Field]) -> Mapping[str, Any]:
    """What a new record begins with, by column: what it goes under, or what that has which it follows from."""
    if about is None:
        return {}
    if action.follows:
        return begins_as(about.resource, g.session.get(about.resource.model, about.id), fields)
    return {action.under: about.id} if action.under else {}


def _chosen(places: Sequence[Place], about: About | None) -> str:
    """Where the form begins: where that belongs which it is about; at the place that the address names, as lists do;
    else, where there is but one account, at the whole of it."""
    account, site = request.args.get("account", ""), request.args.get("site", "")
    keys = {place.key for place in places}
    only = {place.account_id for place in places}
    begins = [about.place.key, Place(about.place.account_id).key] if about is not None else []
    wanted = [*begins, f"{account}-{site}", f"{account}-0", *(f"{each}-0" for each in only if len(only) == 1)]
    return next((key for key in wanted if key in keys), "")


def currency_of(resource: Resource, row: Any) -> str:
    """The currency of the record's amounts: its own, what is typed for it, else the tenant's."""
    if not hasattr(resource.model, "currency"):
        return ""
    typed = request.form.get("f_currency", "") if request.method == "POST" else ""
    there = row.currency if row is not None else g.tenant.currency
    return str(typed if is_currency(typed) else there)
