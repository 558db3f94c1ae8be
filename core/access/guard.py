"""What is refused before it is known what is there: requests that are not ours, and the other side of
the door."""

import re
from urllib.parse import quote

from flask import abort, current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import BadRequest, Forbidden, MethodNotAllowed
from werkzeug.wrappers import Response
from wtforms import ValidationError

from core.access.late import late_page, written
from core.access.links import host_of
from core.access.passwords import must_change
from core.db.viewer import Kind

#: methods that change nothing
READING = frozenset({"GET", "HEAD", "OPTIONS"})
#: the header in which a program sends the token of its session
CSRF_HEADER = "X-CSRFToken"
# Where one must be signed in: the client's pages, the staff's, one's own sessions, and the API.
_INSIDE = re.compile(r"/(portal|staff|sessions|api)(/|$)")
# What a temporary password opens: the page that changes it, and the ways out.
_OF_TEMPORARY = frozenset({"/password", "/logout", "/language"})


def is_api(path: str) -> bool:
    """Whether an address is a program's to read."""
    return path == "/api" or path.startswith("/api/")


class NoPortal(BadRequest):
    """A request for a host that is no tenant's."""


class ForgedRequest(Forbidden):
    """A request that changes something and does not come from a page of ours (any more)."""


def refuse_forged() -> None:
    """Raise ForgedRequest unless what changes something was sent from a page of ours, or by a program that holds
    the session and its token."""
    if request.method in READING:
        return
    if is_api(request.path):
        if g.person is None:
            abort(401)
        if isinstance(request.routing_exception, MethodNotAllowed):
            raise request.routing_exception
    origin = request.headers.get("Origin")
    if origin is not None and host_of(origin) != host_of(request.environ.get("HTTP_HOST", "")):
        raise ForgedRequest
    try:
        if is_api(request.path):
            validate_csrf(request.headers.get(CSRF_HEADER))  # before the body, which may be large, is looked at
        else:
            current_app.extensions["csrf"].protect()
    except (CSRFError, ValidationError):
        raise ForgedRequest from None


def guard() -> Response | None:
    """Keep each kind of viewer on their own side of the door, before it is known what is there."""
    path = request.path
    if "//" in path:
        abort(404)  # the router would mend it with a redirect, and tell what exists
    if g.person is not None and must_change(g.person) and path not in _OF_TEMPORARY:
        if is_api(path):
            abort(401)
        return redirect(url_for("access.change_password"), 303)
    inside = _INSIDE.match(path)
    if inside is None:
        return None
    if g.person is None:
        if inside[1] == "api":
            abort(401)
        if request.method not in READING and written():
            return late_page()
        return redirect(url_for("access.login", next=_here()), 303)
    if inside[1] == "portal" and g.viewer.kind is Kind.STAFF:
        return redirect(url_for("staff.home"), 303)
    if inside[1] == "staff" and g.viewer.kind is Kind.CONTACT:
        abort(404)
    return None


def _here() -> str | None:
    """The address to come back to after signing in; none for what was posted."""
    if request.method not in READING:
        return None
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")
