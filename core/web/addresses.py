"""Addresses for templates. A page asks for a dozen, nearly all of them the same in every request."""

from typing import Any

from flask import current_app, request, url_for

_KEPT = "postigo_addresses"
_MOST = 5000


def page_address(endpoint: str, **values: Any) -> str:
    """`url_for`, kept: an address of ours hangs on its endpoint, its values and where the application is
    mounted, and on nothing else of the request."""
    if endpoint.startswith("."):
        return url_for(endpoint, **values)
    kept: dict[Any, str] = current_app.extensions.setdefault(_KEPT, {})
    key = (request.script_root, endpoint, *values.items())
    found = kept.get(key)
    if found is None:
        if len(kept) >= _MOST:
            kept.clear()
        found = kept[key] = url_for(endpoint, **values)
    return found
