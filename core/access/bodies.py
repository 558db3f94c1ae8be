"""How large a request may be: small, but where whoever is signed in sends files."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request

V = TypeVar("V", bound=Callable[..., Any])
_LARGEST = "largest_body"


def takes_files(largest: int) -> Callable[[V], V]:
    """Mark a view as one that files are sent to, in requests of so many bytes at most."""

    def mark(view: V) -> V:
        setattr(view, _LARGEST, largest)
        return view

    return mark


def allow_files() -> None:
    """Let the request at hand be as large as its view takes; before anything of its body is read, and once it is known
    who asks: strangers send no files."""
    largest = getattr(current_app.view_functions.get(request.endpoint or ""), _LARGEST, None)
    if largest is not None and g.person is not None:
        request.max_content_length = largest
