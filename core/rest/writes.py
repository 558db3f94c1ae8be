"""Routes that write records: beginning one, changing one, and whatever else may be done to one."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, g, request
from sqlalchemy import select
from werkzeug.exceptions import MethodNotAllowed

from core.access.given import GivenAnswer
from core.access.guard import READING
from core.i18n import gettext
from core.records import actions, doing
from core.records.about import say_about
from core.records.actions import Action
from core.records.errors import Misfit, NotHere
from core.records.parts import part_of
from core.records.resource import Resource
from core.rest.answers import check_unchanged, record_answer, record_url, refused_with_record
from core.rest.body import take_json
from core.rest.once import once
from core.rest.problems import unfit
from core.rest.reader import find, take_no_parameters
from core.rest.settle import settle
from core.web.answers import perform


def add_writes(blueprint: Blueprint) -> None:
    """Put these routes on the API's blueprint."""
    record = "/<module>/<resource>/<id:record_id>"
    blueprint.add_url_rule("/<module>/<resource>/", "create", create, methods=["POST"], strict_slashes=False)
    blueprint.add_url_rule(record, "edit", edit, methods=["PATCH"])
    blueprint.add_url_rule(f"{record}/actions/<action>", "act", act, methods=["POST"])


def creating(resource: Resource) -> Action | None:
    """The action by which the request's reader begins such a record, if there is one. Parts of a record are begun on
    its page alone."""
    return None if part_of(resource) else next(iter(actions.possible(resource, g.sight, creates=True)), None)


def editing(resource: Resource) -> Action | None:
    """The action by which the request's reader changes such a record: the one that edits, else one that asks for every
    field."""
    possible = actions.possible(resource, g.sight)
    edits = next((a for a in possible if a.edits), None)
    return edits or next((a for a in possible if a.fields is None), None)


def create(module: str, resource: str) -> Response:
    """Begin a record with what was sent."""
    found, sent = find(module, resource), _sent()
    action = _or_not_allowed(creating(found))

    def do() -> Response:
        settled = settle(g.session, found, action, sent)
        try:
            row = doing.begin(g.session, found, action, settled.values, place=settled.place, currency=settled.currency)
        except Misfit as error:
            raise unfit({error.field: [str(error)]}) from None
        if settled.about is not None:
            say_about(g.session, row, settled.about)
        answer = record_answer(module, found, row.id, HTTPStatus.CREATED)
        answer.headers["Location"] = record_url(module, found, row.id)
        return answer

    def still_there(kept: GivenAnswer) -> bool:
        return sees(found, int(kept.location.rpartition("/")[2]))

    return once(request.get_data(), do, still_there)


def edit(module: str, resource: str, record_id: int) -> Response:
    """Change what was sent of a record."""
    found, sent = find(module, resource), _sent()
    action = _or_not_allowed(editing(found))
    return _once(module, found, action, record_id, sent)


def act(module: str, resource: str, record_id: int, action: str) -> Response:
    """Take an action on a record."""
    found, sent = find(module, resource), _sent()
    taken = next((a for a in actions.possible(found, g.sight) if a.name == action), None)
    if taken is None:
        abort(404)
    return _once(module, found, taken, record_id, sent)


def sees(resource: Resource, record_id: int) -> bool:
    """Whether the request's reader sees that record."""
    return g.session.scalar(select(resource.model.id).where(resource.model.id == record_id)) is not None


def _sent() -> dict[str, Any]:
    take_no_parameters()
    return take_json()


def _or_not_allowed(action: Action | None) -> Action:
    if action is None:
        raise MethodNotAllowed(sorted(READING))
    return action


def _once(module: str, resource: Resource, action: Action, record_id: int, sent: dict[str, Any]) -> Response:
    return once(
        request.get_data(),
        lambda: _done(module, resource, action, record_id, sent),
        lambda kept: sees(resource, record_id),
    )


def _done(module: str, resource: Resource, action: Action, record_id: int, sent: dict[str, Any]) -> Response:
    """Do it, and answer with the record as it is then; with nothing, where the action took it away."""
    there = doing.find(g.session, resource, action, record_id)
    if there is None:
        raise NotHere
    row, is_offered = there
    check_unchanged(module, resource, record_id, row.version)
    if not is_offered:
        plain = gettext("This cannot be done to the record as it is now: “record” is what it is.")
        detail = str(action.closed) or plain
        raise refused_with_record(HTTPStatus.CONFLICT, detail, module, resource, record_id)
    settled = settle(g.session, resource, action, sent, row)
    try:
        is_done = perform(resource, action, row, settled.values, settled.said)
    except Misfit as error:
        raise unfit({error.field: [str(error)]}) from None
    if not is_done:
        detail = gettext("Somebody else changed this at the same moment: “record” is what it is now.")
        lost = HTTPStatus.PRECONDITION_FAILED if "If-Match" in request.headers else HTTPStatus.CONFLICT
        raise refused_with_record(lost, detail, module, resource, record_id)
    if not sees(resource, record_id):
        return Response(status=HTTPStatus.NO_CONTENT)
    return record_answer(module, resource, record_id)
