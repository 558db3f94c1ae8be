"""How large a request may be: small, but where whoever is signed in sends files."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request

V = TypeVar("V", bound=Callable[..., Any])
_LARGEST = "largest_body"
#: what is too large is still read to its end, up to so many times what may be, and for so long
_TIMES, _SECONDS, _PIECE = 2, 30.0, 1024 * 1024


def takes_files(largest: int) -> Callable[[V], V]:
    """Mark a view as one that files are sent to, in requests of so many bytes at most."""

    def mark(view: V) -> V:
        setattr(view, _LARGEST, largest)
        return view

    return mark


def allow_files() -> None:
    """Let the request at hand be as large as its view takes; before anything of its body is read, and once it is known
    who asks: strangers send no files."""
    largest = _largest()
    if largest is not None:
        request.max_content_length = largest


def read_to_the_end() -> None:
    """Read what is left of a body that was refused, and forget it: a browser that is hung up on while it sends shows
    no page. Where nobody may send files here, or it is larger by far, nothing is read."""
    largest, length = _largest(), request.content_length
    if largest is None or length is None or length > largest * _TIMES:
        return
    end, stream = time.monotonic() + _SECONDS, request.environ["wsgi.input"]
    while time.monotonic() < end and length > 0:
        piece = stream.read(min(_PIECE, length))
        if not piece:
            return
        length -= len(piece)


def _largest() -> int | None:
    """How large a request with files may be here, from whoever is signed in; None where none may be sent."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _LARGEST, None) if g.get("person") is not None else None
