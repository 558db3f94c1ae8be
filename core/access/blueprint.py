"""The blueprint of the door's pages, and what they do to the browser that asks."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from core.access.devices import device_of
from core.access.door import TokenHolder
from core.access.forms import PasswordForm
from core.access.passwords import SHORTEST
from core.access.people import Person
from core.access.sessions import Client
from core.crm.models import Contact
from core.db.viewer import Kind
from core.i18n import gettext

blueprint = Blueprint("access", __name__)

#: what a page's view returns: a page, a page with its status, or a redirect
Page = Response | str | tuple[str, int]


def client() -> Client:
    """From where the request's browser signs in."""
    return Client(request.remote_addr or "", device_of(request.user_agent.string), session.get("_user_id"))


def begin(token: str, target: str | None) -> Response:
    """Give the browser its new token, and nothing of what it held before."""
    forget()
    login_user(TokenHolder(token))
    return redirect(target or url_for("access.start"), 303)


def forget() -> None:
    """Take from the browser what it holds."""
    logout_user()
    session.clear()


def home() -> str:
    """The first page of whoever asks: the clients', the staff's, or the sign-in form."""
    homes: dict[Any, str] = {Kind.CONTACT: "portal.home", Kind.STAFF: "staff.home"}
    return url_for(homes.get(g.viewer.kind, "access.login"))


def password_page(form: PasswordForm, person: Person, *, temporary: bool = False) -> str:
    """The page on which a person chooses a password, in place of a temporary one or behind a link."""
    username = person.email or person.phone or (person.mobile if isinstance(person, Contact) else "")
    return render_template(
        "access/activate.html",
        page_title=gettext("Choose your password"),
        form=form,
        least=SHORTEST,
        username=username,
        temporary=temporary,
    )
