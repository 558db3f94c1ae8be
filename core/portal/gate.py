"""The gate before each module, on its pages and in the API: closed, it answers the core's own 404 for every
address below the module's, before routing could give it away with a 405 or a redirect."""

from flask import Flask, g, request
from werkzeug.wrappers import Response

from core.db.viewer import Kind
from core.installation import installation
from core.web.errors import not_found

#: what modules' addresses begin with -> what stands there and is no module's
_PREFIXES = {"/portal/": ("", "search"), "/api/v1/": ("", "openapi.json", "search", "token")}


def install_gate(app: Flask) -> None:
    """Stand before every request for a module. Runs after the door, which knows who asks."""

    @app.before_request
    def _gate() -> Response | None:
        prefix = next((each for each in _PREFIXES if request.path.startswith(each)), None)
        if prefix is None or g.get("sight") is None:
            return None
        below = request.path.removeprefix(prefix)
        name = below.split("/", 1)[0]
        if below in _PREFIXES[prefix] or (name in installation().registry.modules and _is_open(name)):
            return None
        return not_found()


def _is_open(name: str) -> bool:
    """Whether the module is there for whoever asks. Staff, whom the door has kept from the client's pages, read
    what is off as well."""
    return g.viewer.kind is Kind.STAFF or bool(g.sight.reach(name).open)
