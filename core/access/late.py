"""A form that comes when its page is no longer good: it is refused, and what a person wrote in it is handed back."""

import logging
import re
import secrets
from urllib.parse import urlsplit

from flask import current_app, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from core.access.links import host_of, safe_next

log = logging.getLogger(__name__)

#: names of what is never shown again
_SECRET = re.compile("password|again|token")


def written() -> list[str]:
    """What a person wrote in the form that was sent, where it came from a page of ours: texts of several words. What
    another site makes a browser send is not shown on a page of ours."""
    if not _is_ours(request.headers.get("Origin")):
        return []
    return [
        value for name, value in request.form.items(multi=True) if len(value.split()) > 1 and not _SECRET.search(name)
    ]


def late_page() -> Response:
    """The answer to a form that comes too late, or not from a page of ours: what to do next, with what was written.
    Browsers do not give a page back with its texts once its reader is signed out."""
    error_id = secrets.token_hex(4)
    log.info("[%s] refused a request that did not come from a page of ours", error_id)
    page = render_template("errors/late.html", written=written(), again_url=_again(), error_id=error_id)
    return make_response(page, 403)


def _again() -> str:
    """The page that the form stood on, where it can be opened; else the door."""
    referrer = request.headers.get("Referer", "")
    if _is_ours(referrer):
        parts = urlsplit(referrer)
        target = safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))
        adapter = current_app.create_url_adapter(request)
        if target and adapter is not None and adapter.test(parts.path, method="GET"):
            return target
    return url_for("access.login")


def _is_ours(address: str | None) -> bool:
    """Whether an origin or an address is of the host that is asked."""
    try:
        netloc = urlsplit(address or "").netloc
    except ValueError:
        return False
    return bool(netloc) and host_of(f"//{netloc}") == host_of(request.environ.get("HTTP_HOST", ""))
