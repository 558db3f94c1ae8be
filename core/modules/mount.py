"""Puts the pages of modules into the application: each below its own address, and nothing of it on others' pages."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from core.modules.module import ModuleError
from core.modules.registry import Registry

#: what a blueprint may hang on every request of the application -> where that is kept; see flask.Flask
_ON_ALL = {
    "before_app_request": "before_request_funcs",
    "after_app_request": "after_request_funcs",
    "teardown_app_request": "teardown_request_funcs",
    "app_context_processor": "template_context_processors",
    "app_url_value_preprocessor": "url_value_preprocessors",
    "app_url_defaults": "url_default_functions",
}
#: what it may put into every template -> where that is kept; see jinja2.Environment
_IN_TEMPLATES = {"app_template_filter": "filters", "app_template_test": "tests", "app_template_global": "globals"}
_ERRORS = "app_errorhandler"


def mount(app: Flask, registry: Registry) -> None:
    """Mount every module's blueprints, once; whether one answers is the gate's to say. A module that changes what
    answers elsewhere (an error page for all, a function before each request) is set aside, and that undone: its pages
    are not to be told from those of a module that is off, and the others are not its own to change."""
    for name, blueprints in list(registry.routes.items()):
        before = _common(app)
        try:
            for blueprint in blueprints:
                app.register_blueprint(blueprint, url_prefix=f"/portal/{name}")
            if changed := [what for what, kept in _common(app).items() if kept != before[what]]:
                raise ModuleError(
                    f"its blueprint changes the pages of others by {', '.join(changed)}; take what Flask has of the "
                    "same name for a blueprint alone, as before_request or errorhandler"
                )
        except Exception as error:  # noqa: BLE001 - a stranger's module
            _give_back(app, before)
            registry.quarantine(name, error)


def _common(app: Flask) -> dict[str, Any]:
    """A copy of what all pages have in common, by the name of what adds to it."""
    found: dict[str, Any] = {what: list(getattr(app, at).get(None, ())) for what, at in _ON_ALL.items()}
    found |= {what: dict(getattr(app.jinja_env, at)) for what, at in _IN_TEMPLATES.items()}
    return found | {_ERRORS: {code: dict(of) for code, of in app.error_handler_spec.get(None, {}).items() if of}}


def _give_back(app: Flask, before: Mapping[str, Any]) -> None:
    for what, at in _ON_ALL.items():
        getattr(app, at)[None] = before[what]
    for what, at in _IN_TEMPLATES.items():
        setattr(app.jinja_env, at, before[what])
    app.error_handler_spec[None].clear()
    app.error_handler_spec[None].update(before[_ERRORS])
