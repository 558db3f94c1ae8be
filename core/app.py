"""The application. Nothing happens at import: `create_app` makes all of it."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, url_for
from flask.templating import Environment
from flask_babel import Babel, get_locale
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from sqlalchemy import select
from werkzeug.routing import IntegerConverter

from core.access.door import install_door
from core.access.language import choose_language, choose_zone
from core.access.sessions import ends_at
from core.access.views import blueprint as access
from core.config import Settings, load_settings, make_home, secret_keys
from core.crm.models import Tenant
from core.db.engine import make_engine
from core.db.session import open_session
from core.db.viewer import Kind
from core.db.viewer import installation as as_installation
from core.files.storage import Store
from core.formats import format_date, format_datetime, format_money, format_number
from core.i18n import Catalogues, page_text
from core.installation import Installation, installation
from core.modules.delivery import listen
from core.modules.mount import mount
from core.modules.registry import Registry, load_modules
from core.portal import shell
from core.portal.gate import install_gate
from core.portal.views import blueprint as portal
from core.rest.views import blueprint as rest
from core.staff.shell import menu as staff_menu
from core.staff.views import blueprint as staff
from core.web import assets
from core.web.addresses import Addressed
from core.web.errors import install_errors
from core.web.headers import install_headers
from core.web.icons import icon
from core.web.requests import PortalRequest

log = logging.getLogger(__name__)
_MAX_BODY = 1024 * 1024
_MAX_PARTS = 500


class PageTemplates(Environment):
    """Templates that look into a dict for a key first: nearly all that ours are given are dicts, and Jinja's own
    way asks for an attribute, and fails, before."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` in a template."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class IdConverter(IntegerConverter):
    """Ids in addresses: as many digits as a row id may have; anything else is no address of ours."""

    regex = r"[0-9]{1,18}"


def create_app(settings: Settings | None = None, registry: Registry | None = None) -> Flask:
    """Make the application of one installation.

    `settings` default to the environment's, `registry` to the installed modules. Raises SettingsError
    for settings that cannot be used."""
    settings = settings or load_settings()
    make_home(settings)
    app = Addressed("core", static_folder=None, template_folder=None)
    app.jinja_environment = PageTemplates
    app.request_class = PortalRequest
    _configure(app, settings)
    found = registry or load_modules()
    engine = make_engine(settings.database_url)
    listen(engine, found)
    app.extensions["postigo"] = Installation(settings, engine, found, Store(settings.home / "files"))
    app.url_map.converters["id"] = IdConverter
    _templates(app, found)
    install_headers(app)
    install_door(app)
    install_gate(app)
    install_errors(app)
    for blueprint in (access, portal, staff, rest, assets.blueprint):
        app.register_blueprint(blueprint)
    mount(app, found)
    app.add_url_rule("/healthz", "healthz", _healthz)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    keys = secret_keys(settings)
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        MAX_CONTENT_LENGTH=_MAX_BODY,
        MAX_FORM_PARTS=_MAX_PARTS,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TRAP_HTTP_EXCEPTIONS=False,
    )


def _templates(app: Flask, registry: Registry) -> None:
    """Templates of the core, and each module's under its own name; a module cannot replace ours."""
    root = Path(app.root_path)
    own = FileSystemLoader(root / "templates")
    theirs = {
        name: FileSystemLoader(folder / name)
        for name, module in registry.modules.items()
        if (folder := module.folder("templates")) is not None
    }
    app.jinja_env.loader = ChoiceLoader([own, PrefixLoader(theirs)])
    translations = [m.folder("translations") for m in registry.modules.values()]
    catalogues = Catalogues([p for p in (root / "translations", *translations) if p is not None])
    babel = Babel(app, locale_selector=choose_language, timezone_selector=choose_zone)
    babel.domain_instance = catalogues  # it would else look for compiled catalogues
    app.jinja_env.globals.update(
        _=page_text,  # Flask-Babel's own does the same in five times the time
        icon=icon,
        zip=zip,
        static_url=assets.static_url,
        format_date=format_date,
        format_datetime=format_datetime,
        format_money=format_money,
        format_number=format_number,
    )
    app.context_processor(_page_values)


_SEARCHES = {Kind.CONTACT: "portal.search", Kind.STAFF: "staff.search"}


def _page_values() -> dict[str, Any]:
    """What every template may use: see the comments at the top of base.html and shell.html."""
    viewer = g.get("viewer")
    kind = None if viewer is None else viewer.kind
    menus: dict[Any, Any] = {Kind.CONTACT: shell.menu, Kind.STAFF: staff_menu}
    login = g.get("login")
    return {
        "tenant": g.get("tenant"),
        "locale": get_locale(),
        "viewer": None if g.get("person") is None else {"kind": kind, "name": g.person.shown},
        "menu": menus.get(kind, list),  # asked by the shell alone: boxes are rendered by the dozen
        "search_url": url_for(_SEARCHES[kind]) if kind in _SEARCHES else None,
        "selectors": None,
        "session_ends_at": None if login is None else ends_at(login).isoformat(),
    }


def _healthz() -> Response:
    """Whether this process can serve: it reaches its database."""
    with open_session(installation().engine, as_installation()) as session:
        session.scalars(select(Tenant.id).limit(1)).all()
    return Response("ok\n", mimetype="text/plain")
