"""The door: each request gets its tenant, its viewer and the one session that it may use.

After it, `flask.g` holds `tenant`, `viewer`, `sight`, `ties`, `person` (Contact, Staff or None), `login`
(LoginSession or None) and `session`: the viewer's own database session, opened when first used, for
reading in GET, HEAD and OPTIONS and for writing otherwise; committed where the answer is no error."""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import Engine
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from core.access import sessions
from core.access.cookies import DoorSessions, needs_person, needs_tenant
from core.access.links import host_of
from core.access.models import LoginSession
from core.access.people import Person
from core.access.proxies import TrustedProxies
from core.crm.models import Staff
from core.db.session import WalledSession, open_session
from core.db.viewer import Kind, Sight, staff, system, visitor
from core.i18n import gettext, today_in
from core.installation import installation
from core.modules.entry import entry
from core.modules.reach import Ties, sight_of

log = logging.getLogger(__name__)

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Where one must be signed in: the client's pages, the staff's, and one's own sessions.
_INSIDE = re.compile(r"/(portal|staff|sessions)(/|$)")


class ForgedRequest(Forbidden):
    """A request that changes something and does not come from a page of ours (any more)."""


@dataclass
class TokenHolder(UserMixin):
    """Whoever holds the token of a sign-in session."""

    token: str = field(repr=False)

    def get_id(self) -> str:
        """What the cookie carries: the token, and nothing about the person."""
        return self.token


@dataclass
class SignedIn(TokenHolder):
    """The person of this request, who has been found to have access."""

    login: LoginSession
    person: Person
    sight: Sight
    ties: Ties


class Globals(Flask.app_ctx_globals_class):  # type: ignore[misc,valid-type]
    """`flask.g`, with the request's database session."""

    @property
    def session(self) -> WalledSession:
        """The session of the request's viewer, opened when first asked for."""
        opened: WalledSession | None = self.get("_session")
        if opened is None:
            writes = request.method not in _READING
            opened = self._session = WalledSession(installation().engine, self.sight, writes)
        return opened


def install_door(app: Flask) -> None:
    """Stand before every request of `app`, whose `extensions["postigo"]` is the Installation."""
    settings = app.extensions["postigo"].settings
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    app.app_ctx_globals_class = Globals
    app.session_interface = DoorSessions()
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False, WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
    manager = LoginManager(app)
    # Tied to the address or the browser, a session would end on a train; the token is secret enough.
    manager.session_protection = None
    manager.user_loader(_load)
    app.before_request(_come_in)
    app.after_request(_finish)
    app.teardown_request(_close)
    app.register_error_handler(ForgedRequest, _forged_page)


def _come_in() -> AnyResponse | None:
    """Decide who asks, and whether they may ask here at all."""
    g.person = g.login = None
    if not needs_tenant(request.path):
        return None
    if g.tenant is None:
        text = gettext("There is no portal at this address. Check the link, or ask whoever gave it to you.")
        return Response(f"{text}\n", 400, mimetype="text/plain")
    g.sight, g.ties = visitor(g.tenant.id), Ties()
    g.viewer = g.sight.viewer
    if not needs_person(request.path):
        return None
    _recognise()
    _refuse_forged()
    return _guard()


def _recognise() -> None:
    """Who is signed in, by the token in the cookie."""
    if not current_user.is_authenticated:
        session.pop("_user_id", None)  # a token that is over
        return
    found: SignedIn = current_user._get_current_object()
    g.login, g.person, g.sight, g.ties = found.login, found.person, found.sight, found.ties
    g.viewer = found.sight.viewer
    if sessions.wants_touch(found.login):
        _after_answer(sessions.touch, found.login)


def _load(token: str) -> SignedIn | None:
    """The person of a token, if the session is alive and they still have access. Three statements."""
    here, tenant = installation(), g.tenant
    with open_session(here.engine, system(tenant.id)) as opened:
        found = sessions.load(opened, token)
        if found is None:
            return None
        person = found.person
        if isinstance(person, Staff):
            granted, sight, ties = person.active, staff(tenant.id, person.id), Ties()
        else:
            sight, ties = sight_of(opened, here.registry, person.id)
            today = today_in(tenant.time_zone)
            granted = entry(person, tenant, today, is_member=found.is_member, portal=sight.portal).granted
    if granted:
        return SignedIn(token, found.login, person, sight, ties)
    _after_answer(sessions.end_by_id, found.login)
    return None


def _refuse_forged() -> None:
    """Raise ForgedRequest unless what changes something was sent from a page of ours."""
    if request.method in _READING:
        return
    origin = request.headers.get("Origin")
    if origin is not None and host_of(origin) != host_of(request.environ.get("HTTP_HOST", "")):
        raise ForgedRequest
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        raise ForgedRequest from None


def _guard() -> AnyResponse | None:
    """Keep each kind of viewer on their own side of the door, before it is known what is there."""
    path = request.path
    if "//" in path:
        abort(404)  # the router would mend it with a redirect, and tell what exists
    inside = _INSIDE.match(path)
    if inside is None:
        return None
    if g.person is None:
        return redirect(url_for("access.login", next=_here()), 303)
    if inside[1] == "portal" and g.viewer.kind is Kind.STAFF:
        return redirect(url_for("staff.home"), 303)
    if inside[1] == "staff" and g.viewer.kind is Kind.CONTACT:
        abort(404)
    return None


def _here() -> str | None:
    """The address to come back to after signing in; none for what was posted."""
    if request.method not in _READING:
        return None
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")


def _after_answer(job: Callable[[Engine, int, int], None], login: LoginSession) -> None:
    """Run `job(engine, tenant id, session id)` once the answer has been sent."""
    g.setdefault("_jobs", []).append(partial(job, installation().engine, g.tenant.id, login.id))


def _finish(response: Response) -> Response:
    """Keep or undo what the request wrote, and let no shared cache keep a page."""
    opened: WalledSession | None = g.get("_session")
    if opened is not None and opened.writes:
        opened.commit() if response.status_code < 400 else opened.rollback()
    if g.get("tenant") is not None and needs_person(request.path):
        response.headers["Cache-Control"] = "private, no-store"
    for job in g.pop("_jobs", []):
        response.call_on_close(partial(_quietly, job))
    return response


def _quietly(job: Callable[[], None]) -> None:
    """Run what follows an answer; a failure is logged, for nobody is there to be told."""
    try:
        job()
    except Exception:
        log.exception("what follows an answer failed")


def _close(error: BaseException | None) -> None:
    opened: WalledSession | None = g.pop("_session", None)
    if opened is not None:
        opened.close()


def _forged_page(error: ForgedRequest) -> tuple[str, int]:
    error_id = secrets.token_hex(4)
    log.info("[%s] refused a request that did not come from a page of ours", error_id)
    page = render_template(
        "errors/error.html",
        page_title=gettext("Please send it again"),
        title=gettext("Please send it again"),
        text=gettext(
            "The page had been open for too long, or you have signed in or out since. Nothing was changed. "
            "Go back, reload the page and send it again."
        ),
        error_id=error_id,
        action={"url": url_for("access.login"), "label": gettext("Go to the start page")},
    )
    return page, 403
