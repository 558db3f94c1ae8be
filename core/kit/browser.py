"""Browsers without a window, signed in as whoever is to look."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from core.access import sessions
from core.db.session import open_session
from core.db.viewer import system


class Browser(FlaskClient):
    """A client that asks one tenant's host."""

    host = ""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request to that host, unless another is named."""
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", f"http://{self.host}")
        return super().open(*args, **kwargs)


def browser_at(app: Flask, host: str, token: str = "") -> Browser:
    """A browser at a tenant's host, signed in where there is a token."""
    made = Browser(app, app.response_class)
    made.host = host
    if token:
        signer: Any = app.session_interface
        made.set_cookie("postigo", signer.get_signing_serializer(app).dumps({"_user_id": token}), domain=host)
    return made


def sign_in(app: Flask, tenant_id: int, model: type[Any], person_id: int) -> str:
    """Begin a sign-in session without a password, which takes longer to hash than a page; gives its token."""
    with open_session(app.extensions["postigo"].engine, system(tenant_id), writes=True) as session:
        person = session.get_one(model, person_id)
        token = sessions.start(session, person, "127.0.0.1", "")
        session.commit()
    return token
