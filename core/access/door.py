"""The door: each request gets its tenant, its viewer and the one session that it may use.

After it, `flask.g` holds `tenant`, `viewer`, `sight`, `ties`, `person` (Contact, Staff or None), `login`
(LoginSession or None) and `session`: the viewer's own database session, opened when first used, for
reading in GET, HEAD and OPTIONS and for writing otherwise; committed where the answer is no error."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask, Response, g, request, session
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from core.access import sessions
from core.access.bodies import allow_files
from core.access.cookies import DoorSessions, ask_tenant, needs_person, needs_tenant
from core.access.guard import READING, NoPortal, guard, refuse_forged
from core.access.links import host_of
from core.access.models import LoginSession
from core.access.passwords import has_lapsed
from core.access.people import Person
from core.access.proxies import TrustedProxies
from core.audit import Actor, act_as, actor_of
from core.crm.models import Staff
from core.db.session import WalledSession, go_on_as
from core.db.viewer import Sight, system, visitor
from core.i18n import today_in
from core.installation import installation
from core.modules.entry import entry
from core.modules.reach import Ties, sight_of, sight_of_staff

log = logging.getLogger(__name__)


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
            opened = self._session = self._begin()
        return opened

    def _begin(self) -> WalledSession:
        door: WalledSession | None = self.get("door")
        if request.method not in READING or door is None:  # a stream goes on when the door is closed
            made = WalledSession(installation().engine, self.sight, request.method not in READING)
            if self.get("person") is not None:
                act_as(made, actor())
            return made
        if door.sight is not self.sight:
            go_on_as(door, self.sight)
        return door


def install_door(app: Flask) -> None:
    """Stand before every request of `app`, whose `extensions["postigo"]` is the Installation."""
    settings = app.extensions["postigo"].settings
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    app.app_ctx_globals_class = Globals
    app.session_interface = DoorSessions()
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False, WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
    # Templates ask `viewer`; a user in their context would be looked up anew for the page that says it failed.
    manager = LoginManager(app, add_context_processor=False)
    # Tied to the address or the browser, a session would end on a train; the token is secret enough.
    manager.session_protection = None
    manager.user_loader(_load)
    app.before_request(_come_in)
    app.after_request(_finish)
    app.teardown_request(_close)


def _come_in() -> AnyResponse | None:
    """Decide who asks, and whether they may ask here at all."""
    g.person = g.login = None
    if not needs_tenant(request.path):
        return None
    if not g.tenant_asked and "_user_id" not in session:
        ask_tenant(request)
    if g.tenant is not None:
        _recognise()
    if g.tenant is None:
        raise NoPortal
    if not needs_person(request.path):
        return None
    if request.method not in READING:
        g.door.close()  # its snapshot would be an old one beside what is written
        allow_files()
    refuse_forged()
    return guard()


def _recognise() -> None:
    """Who is signed in, by the token in the cookie."""
    if not needs_person(request.path) or not current_user.is_authenticated:
        session.pop("_user_id", None)  # a token that is over
        if g.tenant is not None:
            g.sight, g.ties = visitor(g.tenant.id), Ties()
            g.viewer = g.sight.viewer
        return
    found: SignedIn = current_user._get_current_object()
    g.login, g.person, g.sight, g.ties = found.login, found.person, found.sight, found.ties
    g.viewer = found.sight.viewer
    if sessions.wants_touch(found.login):
        after_answer(sessions.touch, found.login.id)


def _load(token: str) -> SignedIn | None:
    """The person of a token, if the session is alive and they still have access. Two statements, while the
    tenant is as it was when last met."""
    found = _find(token)
    if not g.tenant_asked and (found is None or found.tenant_version != g.tenant.version):
        ask_tenant(request)
        found = None if g.tenant is None else _find(token)
    if found is None:
        return None
    here, tenant, opened = installation(), g.tenant, g.door
    person = found.person
    if isinstance(person, Staff):
        granted, sight, ties = person.active, sight_of_staff(opened, here.registry, person.id), Ties()
    else:
        sight, ties = sight_of(opened, here.registry, person.id)
        today = today_in(tenant.time_zone)
        granted = entry(person, tenant, today, is_member=found.is_member, portal=sight.portal).granted
        granted = granted and not has_lapsed(person)
    if granted:
        return SignedIn(token, found.login, person, sight, ties)
    after_answer(sessions.end_by_id, found.login.id)
    return None


def _find(token: str) -> sessions.Found | None:
    go_on_as(g.door, system(g.tenant.id))
    return sessions.load(g.door, token, host_of(request.environ.get("HTTP_HOST", "")))


def actor() -> Actor:
    """Who does what this request does, for the audit; a visitor, where nobody is signed in."""
    name = "" if g.person is None else g.person.shown
    return actor_of(g.viewer, name, request.remote_addr or "")


def after_answer(job: Callable[..., None], *values: Any, **more: Any) -> None:
    """Run `job(engine, tenant id, *values, **more)` once the answer has been sent; it opens a transaction of its
    own. What it hangs on is given as values: the request is over by then."""
    g.setdefault("_jobs", []).append(partial(job, installation().engine, g.tenant.id, *values, **more))


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
    for opened in dict.fromkeys((g.pop("_session", None), g.pop("door", None))):  # one and the same where only read
        if opened is not None:
            opened.close()
