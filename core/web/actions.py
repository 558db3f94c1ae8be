"""Taking an action: its form or its question, the check in the transaction, and what the losers are told. The
same for clients and staff."""

from typing import Any

from flask import abort, flash, g, render_template, request
from werkzeug.wrappers import Response

from core.conversations.say import add_files
from core.files.uploads import Upload
from core.records import actions, doing
from core.records.about import say_about
from core.records.actions import Action
from core.records.errors import Misfit, NotHere
from core.records.fields import has_owner
from core.records.follow import hold, may_follow, take_over
from core.records.forms import RecordForm
from core.records.parts import takes
from core.records.places import Place
from core.records.resource import Resource
from core.web.about import About, about_named, takes_about
from core.web.action_form import action_form, currency_of, nothing_asked
from core.web.action_page import Desk, Whole, page_of
from core.web.answers import perform
from core.web.led import Answer, led_to
from core.web.suggestions import wants_answers


def change(resource: Resource, name: str, record_id: int, desk: Desk) -> Answer:
    """Take an action on a record: show its form or question, or do it. What is not offered answers as what is
    not there; what another has done meanwhile is told, and nothing typed is lost."""
    action = _action(resource, name, creates=False)
    try:
        return _change(resource, action, record_id, desk)
    except NotHere:
        if desk.whole is None:
            raise
        return _taken_out(resource, action, desk, desk.whole)


def _change(resource: Resource, action: Action, record_id: int, desk: Desk) -> Answer:
    row, is_offered = _find(resource, action, record_id)
    if request.method != "POST":
        if not is_offered:
            abort(404)
        return render_template(
            desk.template, **page_of(resource, action, desk, action_form(resource, action, row), row)
        )
    if not is_offered:
        return _too_late(resource, action, desk, row)
    form = action_form(resource, action, row)
    if form.stale(row):
        return _meanwhile(resource, action, desk, form, row)
    if not form.validate():
        return render_template(desk.template, **page_of(resource, action, desk, form, row)), 422
    try:
        is_done = perform(resource, action, row, form.values(), form.said())
    except Misfit as error:
        say_misfit(form, error)
        row, _ = _find(resource, action, record_id)
        return render_template(desk.template, **page_of(resource, action, desk, form, row)), 422
    if not is_done:
        g.session.rollback()
        row, is_offered = _find(resource, action, record_id)
        late = _meanwhile(resource, action, desk, form, row) if is_offered else None
        return late or _too_late(resource, action, desk, row)
    return _done(resource, action, desk, record_id)


def create(resource: Resource, name: str, desk: Desk, place: Place | None = None) -> Answer:
    """Begin a record: show the form, or do it. Staff come with the place that they have chosen. What the other record
    takes no more (that it is part of, goes under or follows from) says why, and leads back there."""
    action = _action(resource, name, creates=True)
    about = about_named(action)
    is_open = _takes(resource, action, desk, about)
    if not is_open and request.method != "POST":
        return _closed(resource, action, desk, about, nothing_asked(resource))
    form = action_form(resource, action, None, place, about, _whole(desk))
    if has_owner(resource) and not form.choices.places:
        abort(404)  # what was reached a moment ago is reached no longer
    if not is_open:
        return _closed(resource, action, desk, about, form)
    if request.method != "POST" or wants_answers():
        return render_template(desk.template, **page_of(resource, action, desk, form, about=about))
    uploads = _uploads(form) if form.validate() else None
    if uploads is None:
        return render_template(desk.template, **page_of(resource, action, desk, form, about=about)), 422
    try:
        row = _begin(resource, action, desk, form, about)
    except Misfit as error:
        say_misfit(form, error)
        return render_template(desk.template, **page_of(resource, action, desk, form, about=about)), 422
    if row is None:  # another was first
        g.session.rollback()
        return _closed(resource, action, desk, about, form)
    add_files(g.session, row.id, uploads)
    return _done(resource, action, desk, row.id)


def _begin(resource: Resource, action: Action, desk: Desk, form: RecordForm, about: About | None) -> Any:
    """The new record, with what ties it to the other; None where it may no longer follow from that. Raises Misfit."""
    place = form.place_chosen() if has_owner(resource) else None
    currency = currency_of(resource, None)
    if about is None or not action.follows:
        row = doing.begin(
            g.session, resource, action, form.values(), place=place, currency=currency, whole=_whole(desk)
        )
        if about is not None and not action.under:
            say_about(g.session, row, about.id)
        return row
    source = hold(g.session, about.resource, about.id)
    if place is None or place.account_id != source.account_id:
        abort(404)
    if not may_follow(g.session, resource, action, about.resource, about.id):
        return None
    currency = getattr(source, "currency", currency)
    row = doing.begin(g.session, resource, action, form.values(), place=place, currency=currency)
    take_over(g.session, about.resource, source, resource, row)
    return row


def _whole(desk: Desk) -> int | None:
    return desk.whole.id if desk.whole is not None else None


def _takes(resource: Resource, action: Action, desk: Desk, about: About | None) -> bool:
    """Whether what the new record would be part of, go under or follow from takes it."""
    if about is not None and not takes_about(resource, action, about.resource, about.id):
        return False
    return desk.whole is None or takes(g.session, resource, action, desk.whole.id)


def _closed(resource: Resource, action: Action, desk: Desk, about: About | None, form: RecordForm) -> Answer:
    """The action begins nothing there any more: why, and what was typed."""
    page = page_of(resource, action, desk, form, about=about)
    return render_template(desk.template, **page | {"gone": str(action.closed) or True}), 409


def say_misfit(form: RecordForm, error: Misfit) -> None:
    """Undo what an action has begun, and say at the form's field (above them all, where it has no such one) why."""
    g.session.rollback()
    name = f"f_{error.field}"
    if name in form:
        form[name].errors = [*form[name].errors, str(error)]
    else:
        form.form_errors.append(str(error))


def _uploads(form: RecordForm) -> list[Upload] | None:
    """The files that came with a form that may bring some; None where one is refused, and the form says why."""
    return form.files.take() if "files" in form else []


def _action(resource: Resource, name: str, *, creates: bool) -> Action:
    found = next((a for a in actions.possible(resource, g.sight, creates=creates) if a.name == name), None)
    if found is None:
        abort(404)
    return found


def _find(resource: Resource, action: Action, record_id: int) -> tuple[Any, bool]:
    found = doing.find(g.session, resource, action, record_id)
    if found is None:
        raise NotHere
    return found


def _meanwhile(resource: Resource, action: Action, desk: Desk, form: RecordForm, row: Any) -> Answer:
    """Another has saved since the form was shown: what stands there now, beside what was typed."""
    theirs = form.theirs(row)
    form.shown_version(row)
    page = page_of(resource, action, desk, form, row) | {"theirs": theirs}
    return render_template(desk.template, **page), 422


def _too_late(resource: Resource, action: Action, desk: Desk, row: Any) -> Answer:
    """The action is offered no longer. Who saw it offered, in an earlier version of the record, is told, and may
    copy what they typed; for others it was never there. What is offered of a part hangs on its record as well, so
    that of a part it is told whoever had its form."""
    seen, of = request.form.get("version", ""), request.form.get("of", "")
    is_older = seen.isascii() and seen.isdigit() and len(seen) < 10 and int(seen) < row.version
    if not is_older and (desk.whole is None or of != str(desk.whole.id)):
        abort(404)
    form = action_form(resource, action, row)
    page = page_of(resource, action, desk, form, row) | {"gone": str(action.closed) or True}
    return render_template(desk.template, **page), 409


def _taken_out(resource: Resource, action: Action, desk: Desk, whole: Whole) -> Answer:
    """The part of a record, whose form came from that record's page, is there no longer: what was typed still is."""
    g.session.rollback()
    form = action_form(resource, action, None, whole=whole.id)
    return render_template(desk.template, **page_of(resource, action, desk, form) | {"gone": True}), 409


def _done(resource: Resource, action: Action, desk: Desk, record_id: int) -> Response:
    """Lead to the record (of a part, to that which it is part of), or to the list where it is no longer there."""
    there = g.session.get(resource.model, record_id) is not None
    flash(action.said, "success")
    onward = desk.links.record(record_id) if there else desk.links.listing
    return led_to(onward if desk.whole is None else desk.whole.url)
