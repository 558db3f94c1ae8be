"""Addresses of the portal. A page asks for dozens, nearly all of them the same in every request."""

from typing import Any

from flask import Flask, has_request_context, request

_MOST = 1000
_PLAIN = frozenset({str, int, type(None)})


class Addressed(Flask):
    """Flask, whose `url_for` remembers: an address of ours hangs on its endpoint, its values and where the application
    is mounted, and on nothing else of the request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[tuple[Any, ...], str] = {}

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """The address of an endpoint, as Flask's own says."""
        how = {"_anchor": _anchor, "_method": _method, "_scheme": _scheme, "_external": _external}
        if any(each is not None for each in how.values()) or not self._may_be_kept(endpoint, values):
            return super().url_for(endpoint, **how, **values)  # type: ignore[arg-type]
        key = (request.root_path, endpoint, *values.items())
        found = self._addresses.get(key)
        if found is None:
            if len(self._addresses) >= _MOST:
                self._addresses.clear()
            found = self._addresses[key] = super().url_for(endpoint, **values)
        return found

    def _may_be_kept(self, endpoint: str, values: dict[str, Any]) -> bool:
        return has_request_context() and endpoint[:1] != "." and all(type(each) in _PLAIN for each in values.values())
