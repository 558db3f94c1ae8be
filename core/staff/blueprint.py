"""The staff's blueprint, its gate, and the few answers that all its pages give."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.db.ids import id_in
from core.db.model import Model
from core.db.viewer import Kind
from core.installation import installation
from core.records.resource import Resource
from core.staff.roles import ForAdministrators, for_administrators, is_administrator, refuse_agents

Row = TypeVar("Row", bound=Model)
_LONGEST_TOLD = 1200
#: how long, as JSON, what a button brings back may be
LONGEST_UNDO = 800

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
blueprint.register_error_handler(ForAdministrators, for_administrators)


@blueprint.before_request
def _staff_alone() -> None:
    """The door has sent everybody else away; should it ever fail to, they are told nothing here."""
    if g.viewer.kind is not Kind.STAFF:
        abort(404)
    refuse_agents()


@blueprint.context_processor
def _roles() -> dict[str, Any]:
    """What templates of the staff ask of roles."""
    return {"is_administrator": is_administrator}


def found(model: type[Row], row_id: int | None) -> Row:
    """The tenant's row of that id; the one 404 for any other."""
    row = None if row_id is None else g.session.scalar(select(model).where(model.id == row_id))  # type: ignore[attr-defined]
    if row is None:
        abort(404)
    return row  # type: ignore[no-any-return]


def listing_url(resource: Resource, **query: Any) -> str:
    """The address of a resource's list. That of a module's first resource goes without its name."""
    module = resource.model.portal_module
    first = installation().registry.resource(module) is resource
    return url_for("staff.listing", module=module, resource=None if first else resource.name, **query)


def done(
    url: str, text: str, undo: Mapping[str, Any] | None = None, *, undo_url: str = "", kind: str = "success"
) -> Response:
    """Lead on to `url`, where `text` says what happened. `undo` names the fields that a form posts, to
    `undo_url` or the page itself, to take it back."""
    fields = {name: str(value) for name, value in (undo or {}).items() if value is not None}
    told = shorten(text, _LONGEST_TOLD)
    # A message travels in a cookie, which browsers drop when it grows beyond 4 kB.
    fits = bool(fields) and len(json.dumps(fields)) <= LONGEST_UNDO
    message: Any = {"text": told, "undo": {"url": undo_url or url, "fields": fields}} if fits else told
    flash(message, kind)
    return redirect(url, 303)


def shorten(text: str, longest: int) -> str:
    """`text`, cut where it would be longer than that as JSON."""
    return text if len(json.dumps(text)) <= longest else text[: longest // 12].rstrip() + "…"


def again(template: str, context: Mapping[str, Any]) -> tuple[str, int]:
    """The page once more, with what was typed and what is wrong with it."""
    return render_template(template, **context), 422


def posted_id(name: str) -> int | None:
    """An id in the posted form: None where it was left empty. What is no id is one that is not there,
    and answers as such."""
    text = request.form.get(name, "")
    if not text:
        return None
    chosen = id_in(text)
    if chosen is None:
        abort(404)
    return chosen
