"""The gate before each module: closed, it answers the core's own 404 for every address below the
module's, before routing could give it away with a 405 or a redirect."""

from flask import Flask, g, request
from werkzeug.wrappers import Response

from core.db.viewer import Kind
from core.installation import installation
from core.web.errors import not_found

_PREFIX = "/portal/"


def install_gate(app: Flask) -> None:
    """Stand before every request below `/portal/`. Runs after the door, which knows who asks."""

    @app.before_request
    def _gate() -> Response | None:
        path = request.path
        if not path.startswith(_PREFIX) or g.get("sight") is None:
            return None
        name = path.removeprefix(_PREFIX).split("/", 1)[0]
        if not name:
            return None
        known = name in installation().registry.modules
        if known and g.viewer.kind is Kind.CONTACT and g.sight.reach(name).open:
            return None
        return not_found()
