"""An action on several records at once, chosen in the staff's list."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from sqlalchemy import select

from core.db.ids import id_in
from core.db.wall import WHOSE
from core.i18n import gettext, ngettext
from core.installation import installation
from core.records import actions, doing
from core.records.actions import Action, asked
from core.records.assigned import staff_names
from core.records.controls import Choices
from core.records.errors import Misfit
from core.records.forms import RecordForm, make_form
from core.records.page_links import Links
from core.records.parts import part_of
from core.records.resource import Resource
from core.staff.blueprint import done
from core.web.actions import say_misfit
from core.web.led import Answer

_MOST, _TOLD = 100, 10


def for_several(resource: Resource) -> list[Action]:
    """The actions that can be taken on several records of a resource: those that ask for the same of each,
    and so not for its own place. Parts are written one by one, on the page of their record."""
    if part_of(resource) is not None:
        return []
    return [
        action
        for action in actions.possible(resource, g.sight)
        if action.fields is not None and not set(WHOSE).intersection(f.name for f in asked(resource, action, g.sight))
    ]


def picks(resource: Resource) -> list[dict[str, Any]]:
    """The `picks` of staff/listing.html: the buttons for the records that are chosen in the list."""
    module = resource.model.portal_module
    return [
        {
            "label": action.label,
            "url": url_for("staff.several", module=module, resource=resource.name, action=action.name),
        }
        for action in for_several(resource)
    ]


def add_several_page(
    blueprint: Blueprint,
    resource_called: Callable[[str, str], Resource],
    links: Callable[[str, Resource], Links],
    off: Callable[[str], bool],
) -> None:
    """Put the page on the staff's blueprint; the functions are those of `core.staff.records`."""

    def several(module: str, resource: str, action: str) -> Answer:
        """Ask once, and do it to each record for which it is offered; the others are named."""
        found = resource_called(module, resource)
        chosen = next((each for each in for_several(found) if each.name == action), None)
        if chosen is None:
            abort(404)
        back = links(module, found).listing
        titles = _titles(found, _ids())
        if not titles:
            return done(back, gettext("Choose the records first: tick them in the list."), kind="warning")
        form, late = _form(found, chosen), None
        if request.method == "POST" and form.validate():
            try:
                late = [titles[each] for each in titles if not _do(found, chosen, each, form)]
            except Misfit as error:
                say_misfit(form, error)
        if late is None:
            page = _page(found, chosen, form, titles, back) | {"off": off(module)}
            return render_template("staff/several.html", **page), 422 if request.method == "POST" else 200
        return done(back, _told(chosen, len(titles) - len(late), late), kind="warning" if late else "success")

    path = "/records/<module>/<resource>/several/<action>"
    blueprint.add_url_rule(path, "several", several, methods=["GET", "POST"])


def _ids() -> list[int]:
    texts = request.values.getlist("id")
    ids = [chosen for text in texts if (chosen := id_in(text)) is not None]
    if len(texts) > _MOST or len(ids) < len(texts):
        abort(400)
    return list(dict.fromkeys(ids))


def _titles(resource: Resource, ids: Sequence[int]) -> dict[int, str]:
    """What the chosen records are called, of those that are there."""
    model: Any = resource.model
    names = [resource.number, *([resource.title_field] if resource.title_field else [])]
    columns = [getattr(model, name) for name in names if hasattr(model, name)]
    found = g.session.execute(select(model.id, *columns).where(model.id.in_(ids)).order_by(model.id))
    kind = resource.singular
    return {row[0]: " · ".join(str(text) for text in row[1:] if text) or f"{kind} {row[0]}" for row in found}


def _form(resource: Resource, action: Action) -> RecordForm:
    fields = asked(resource, action, g.sight)
    staff = staff_names(g.session) if any(f.name == "assignee_id" for f in fields) else ()
    form = make_form(resource, fields, Choices(currency=g.tenant.currency, staff=staff))
    if "files" in form:  # what comes with a new record would hang on none of these
        del form.files
    return form


def _do(resource: Resource, action: Action, record_id: int, form: RecordForm) -> bool:
    found = doing.find(g.session, resource, action, record_id)
    if found is None or not found[1]:
        return False
    return doing.do(g.session, resource, action, found[0], form.values())


def _told(action: Action, count: int, late: Sequence[str]) -> str:
    text = ngettext(
        "“%(action)s” was done to %(num)s record.",
        "“%(action)s” was done to %(num)s records.",
        count,
        action=action.label,
    )
    if not late:
        return text
    named = ", ".join(late[:_TOLD]) + ("…" if len(late) > _TOLD else "")
    return f"{text} " + gettext("It could not be done to these as they are now: %(records)s.", records=named)


def _page(resource: Resource, action: Action, form: RecordForm, titles: dict[int, str], back: str) -> dict[str, Any]:
    count = len(titles)
    return {
        "page_title": action.label,
        "kicker": resource.title,
        "back": {"url": back, "label": resource.title},
        "chosen": titles,
        "lead": ngettext("This will be done to %(num)s record:", "This will be done to %(num)s records:", count),
        "form": form,
        "icon_of": installation().registry.modules[resource.model.portal_module].icon,
    }
