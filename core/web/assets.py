"""Static files: our own, and the stylesheet of the installed Bootstrap package, compressed once and
kept by browsers for a year. An address carries a digest of the content, so that a new version is a new
address."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, abort, g, request, url_for

from core.web.colour import theme_css

blueprint = Blueprint("assets", __name__)

_OWN = Path(__file__).parent.parent / "static"
#: what is served out of installed packages: path -> (package, path inside it)
_VENDOR = {"vendor/bootstrap.min.css": ("flask_bootstrap", "static/bootstrap5/css/bootstrap.min.css")}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One static file, as it is and compressed."""

    body: bytes
    compressed: bytes
    media_type: str
    digest: str


@lru_cache
def _asset(path: str) -> Asset | None:
    """The static file of that path, or None. Only files that are there are ever opened: the path is
    looked for in a listing, not joined."""
    if path in _VENDOR:
        package, inside = _VENDOR[path]
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise LookupError(f"the package {package} is not installed")
        source = Path(spec.origin).parent / inside
    else:
        found = {str(p.relative_to(_OWN)): p for p in _OWN.rglob("*") if p.is_file()}
        if path not in found:
            return None
        source = found[path]
    body = source.read_bytes()
    if path in _VENDOR:
        body = body.partition(b"/*# sourceMappingURL")[0]
    media_type = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
    return Asset(body, gzip.compress(body, 9, mtime=0), media_type, hashlib.sha256(body).hexdigest()[:16])


def static_url(path: str) -> str:
    """The address of a static file. Raises LookupError for one that is not there, in any page's test."""
    asset = _asset(path)
    if asset is None:
        raise LookupError(f"there is no static file {path!r}")
    return url_for("assets.static", path=path, v=asset.digest)


@blueprint.get("/static/<path:path>")
def static(path: str) -> Response:
    """A static file; kept for good by whoever asked for the version that it has."""
    asset = _asset(path) if len(path) < 200 else None
    if asset is None:
        abort(404)
    small = request.accept_encodings.quality("gzip") > 0
    response = Response(asset.compressed if small else asset.body, mimetype=asset.media_type)
    if small:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    fresh = request.args.get("v") == asset.digest
    response.headers["Cache-Control"] = _FOREVER if fresh else "no-cache"
    response.set_etag(asset.digest)
    response.make_conditional(request)
    return response


@blueprint.get("/theme.css")
def theme() -> Response:
    """The tenant's colours as a stylesheet; its address carries the colour."""
    response = Response(theme_css(g.tenant.accent), mimetype="text/css")
    asked = request.args.get("v") == g.tenant.accent.removeprefix("#")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable" if asked else "no-cache"
    return response
