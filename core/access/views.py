"""The pages of the door: signing in and out, choosing a password, one's own sessions, the language."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, flash, g, redirect, render_template, request, session, url_for

from core import audit
from core.access import (
    activation,
    sessions,
    ways_in,  # noqa: F401 - puts its pages on the blueprint
)
from core.access.blueprint import Page, begin, blueprint, client, forget, home, password_page
from core.access.door import actor
from core.access.forms import LoginForm, PasswordForm
from core.access.language import keep_language
from core.access.links import safe_next
from core.access.sign_in import sign_in
from core.db.session import WalledSession, open_session
from core.db.viewer import Kind, system
from core.i18n import LANGUAGES, gettext
from core.installation import installation

__all__ = ["blueprint"]


@blueprint.get("/")
def start() -> Page:
    """Lead to the side of the door that is one's own."""
    return redirect(home())


@blueprint.get("/login")
def login() -> Page:
    """The sign-in form; whoever is signed in is led on."""
    if g.person is not None:
        return redirect(home())
    form = LoginForm(formdata=None)
    form.next.data = safe_next(request.args.get("next"))
    return _login_page(form)


@blueprint.post("/login")
def log_in() -> Page:
    """Sign in. Every refusal is the same answer."""
    form = LoginForm()
    if not form.validate():
        return _login_page(form), 422
    token = sign_in(installation().engine, g.tenant, form.identifier.data, form.password.data, client())
    if token is None:
        form.form_errors.append(
            gettext(
                "We cannot sign you in with these details. Check the e-mail or phone and the password; after "
                "several tries, wait a quarter of an hour."
            )
        )
        return _login_page(form), 422
    return begin(token, safe_next(form.next.data))


@blueprint.post("/logout")
def logout() -> Page:
    """Sign out: the session ends in every process, and the cookie with it."""
    token = session.get("_user_id")
    if token:
        with _system() as writing:
            sessions.end_token(writing, token)
            if g.person is not None:
                audit.note(writing, actor(), audit.SIGNED_OUT)
    forget()
    return redirect(url_for("access.login"), 303)


@blueprint.post("/language")
def language() -> Page:
    """Choose the language of pages on this browser."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    response = redirect(safe_next(request.form.get("next")) or home(), 303)
    keep_language(response, chosen)
    return response


@blueprint.route("/activate/<token>", methods=["GET", "POST"])
def activate(token: str) -> Page:
    """Choose a password, behind a one-time link. Opening it uses nothing up."""
    engine = installation().engine
    with open_session(engine, system(g.tenant.id)) as looking:
        person = activation.look_up(looking, g.tenant, token)
    if person is None:
        return _dead_link()
    form = PasswordForm(person)
    if request.method != "POST":
        return password_page(form, person)
    if not form.validate():
        return password_page(form, person), 422
    started = activation.use(engine, g.tenant, token, form.password.data, client())
    return begin(started, None) if started else _dead_link()


@blueprint.get("/sessions/", endpoint="sessions")
def list_sessions() -> Page:
    """Where the person is signed in."""
    listed = [
        {
            "id": each.id,
            "device": each.device or gettext("Unknown device"),
            "address": each.address,
            "started": each.created_at,
            "last_seen": each.last_seen_at,
            "current": each.id == g.login.id,
        }
        for each in sessions.list_of(g.session, g.person)
    ]
    shell = "shell.html" if g.viewer.kind is Kind.CONTACT else "staff_shell.html"
    return render_template("access/sessions.html", page_title=gettext("My sessions"), sessions=listed, shell=shell)


@blueprint.post("/sessions/<id:session_id>/end")
def end_session(session_id: int) -> Page:
    """End one of one's own sessions."""
    with _system() as writing:
        ended = sessions.end_one(writing, g.person, session_id)
    if not ended:
        abort(404)
    if session_id == g.login.id:
        forget()
        return redirect(url_for("access.login"), 303)
    flash(gettext("The session has ended."), "success")
    return redirect(url_for("access.sessions"), 303)


@blueprint.post("/sessions/end-others")
def end_other_sessions() -> Page:
    """End all of one's sessions but this one."""
    with _system() as writing:
        sessions.end_others(writing, g.person, g.login.id)
    flash(gettext("All other sessions have ended."), "success")
    return redirect(url_for("access.sessions"), 303)


@contextmanager
def _system() -> Iterator[WalledSession]:
    """A session of the system's, which alone writes what is the door's; kept where nothing raised."""
    with open_session(installation().engine, system(g.tenant.id), writes=True) as opened:
        if g.person is not None:
            audit.act_as(opened, actor())
        yield opened
        opened.commit()


def _login_page(form: LoginForm) -> str:
    return render_template("access/login.html", page_title=gettext("Sign in"), form=form)


def _dead_link() -> Page:
    return render_template("access/activate_dead.html", page_title=gettext("This link no longer works")), 410
