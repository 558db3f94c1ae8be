"""Error pages: the one 404, and pages that say what happened and what to do next."""

import errno
import logging
import secrets
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from core.access.bodies import read_to_the_end
from core.access.guard import ForgedRequest, NoPortal
from core.access.late import late_page
from core.db.engine import Busy
from core.files.storage import StorageError
from core.i18n import gettext
from core.installation import installation
from core.records.errors import BadQuery, NotHere
from core.web.problem import problem, wants_problem
from core.web.refusals import note_refusal

log = logging.getLogger(__name__)


def not_found() -> Response:
    """The 404: byte for byte the same for a tenant and a language, whatever was asked. It carries
    nothing that varies, so that what may not be seen cannot be told from what is not there."""
    note_refusal()
    if wants_problem():
        return problem(404)
    if g.get("tenant") is None:
        return Response("Not found\n", status=404, mimetype="text/plain")
    response = make_response(render_template("errors/not_found.html"), 404)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _no_portal(error: NoPortal) -> Response:
    """Nobody's host: nothing of a tenant can be shown."""
    text = gettext("There is no portal at this address. Check the link, or ask whoever gave it to you.")
    return problem(400, text) if wants_problem() else Response(f"{text}\n", 400, mimetype="text/plain")


def error_page(code: int, title: str, text: str, *, with_id: bool = True, action: Any = None) -> Response:
    """A page of ours for any error but the 404."""
    error_id = secrets.token_hex(4) if with_id else None
    if error_id:
        log.warning("[%s] %s %s answered %s", error_id, request.method, request.path, code)
    return _told(code, title, text, error_id, action)


def _told(code: int, title: str, text: str, error_id: str | None, action: Any = None) -> Response:
    """An error in words, for a program, a tenant's people or nobody's."""
    if wants_problem():
        return problem(code, error_id=error_id)
    if g.get("tenant") is None:
        number = f" ({error_id})" if error_id else ""
        return Response(f"{title}. {text}{number}\n", status=code, mimetype="text/plain")
    page = render_template(
        "errors/error.html", page_title=title, title=title, text=text, error_id=error_id, action=action
    )
    response = make_response(page, code)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    original = getattr(error, "original_exception", None)
    if original is not None:  # raised after the view: by what commits, or by an error handler
        return _unexpected(original)
    if code < 400 or error.response is not None:
        return error
    if code == 404:
        return not_found()
    if code == 401 and wants_problem():
        response = problem(401)
        response.headers["WWW-Authenticate"] = 'Cookie realm="Postigo"'
        return response
    if code == 405:
        response = error_page(
            405, gettext("This cannot be done this way"), gettext("Go back and use the buttons of the page.")
        )
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ["GET"]))
        return response
    if code == 403:
        note_refusal()
    if code == 413:
        read_to_the_end()
    return error_page(code, *_words(code))


def _words(code: int) -> tuple[str, str]:
    """What a page says of an error, and what to do next."""
    words = {
        400: (gettext("This request could not be read"), gettext("Go back, check what was entered and try again.")),
        403: (gettext("This was refused"), gettext("Go back, load the page anew and try again.")),
        413: (
            gettext("This is too large"),
            gettext("Go back, where what you typed still stands, and send less at once."),
        ),
        429: (gettext("Too many tries"), gettext("Wait a quarter of an hour and try again.")),
    }
    return words.get(code, (gettext("This did not work"), gettext("Go back and try again.")))


def _forged(error: ForgedRequest) -> Any:
    note_refusal()
    return problem(403) if wants_problem() else late_page()


def _bad_query(error: BadQuery) -> Response:
    """A list asked for in a way that it cannot be given. The parameter's name is the asker's own."""
    if wants_problem():
        return problem(400, parameter=str(error))
    return error_page(
        400,
        gettext("This list cannot be shown like that"),
        gettext("A filter, an order or a page in the address could not be read. Open the whole list and choose again."),
        action={"url": request.path, "label": gettext("Open the whole list")},
    )


def _unavailable(error: Exception) -> Response:
    """The database or the file store cannot do its part now; nothing was half done."""
    g.setdefault("_login_user", None)  # as below
    log.error("storage is unavailable", exc_info=error)
    response = error_page(
        503,
        gettext("We cannot do this just now"),
        gettext("Nothing was changed or lost. Please try again in a few minutes."),
    )
    response.headers["Retry-After"] = "60"
    return response


def _stale(error: Exception) -> Response:
    log.info("two changes met", exc_info=error)
    return error_page(
        409,
        gettext("Somebody else changed this meanwhile"),
        gettext("Go back, load the page anew and make your change again."),
    )


def _unexpected(error: Exception) -> Response:
    # Where it failed to find out who asks, the page must not try once more: it names nobody.
    g.setdefault("_login_user", None)
    if isinstance(error, OperationalError | InterfaceError | Busy | StorageError) or _is_full(error):
        return _unavailable(error)
    if isinstance(error, StaleDataError | IntegrityError):
        return _stale(error)
    error_id = secrets.token_hex(4)
    log.error("[%s] %s %s failed", error_id, request.method, request.path, exc_info=error)
    if module := _module_of_page():
        installation().registry.health.keep(error_id, module, f"page {request.endpoint}", error)
    title = gettext("Something went wrong on our side")
    text = gettext("Nothing was saved. Please try again; if it happens again, tell us the number below.")
    home = {"url": url_for("portal.home"), "label": gettext("Go to the start page")}
    return _told(500, title, text, error_id, home)


def _is_full(error: Exception) -> bool:
    """Whether a disk is full: what is sent waits on one until it is looked at."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _module_of_page() -> str:
    """The module whose page was asked for, one of its own or one that is derived for it; "" for the core's."""
    registry, named = installation().registry, (request.view_args or {}).get("module", "")
    own = (name for name, mounted in registry.routes.items() if request.blueprint in {each.name for each in mounted})
    return named if named in registry.modules else next(own, "")


def install_errors(app: Flask) -> None:
    """Register the error pages."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NoPortal, _no_portal)
    app.register_error_handler(ForgedRequest, _forged)
    app.register_error_handler(NotHere, lambda error: not_found())
    app.register_error_handler(BadQuery, _bad_query)
    app.register_error_handler(StaleDataError, _stale)
    for kind in (Busy, StorageError):
        app.register_error_handler(kind, _unavailable)
    app.register_error_handler(Exception, _unexpected)
