"""Who computes when: requests that read take turns within a process."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

_READING = frozenset({"GET", "HEAD"})


class Turns:
    """WSGI middleware that lets so many reading requests of a process compute at a time. Python runs one thread
    at a time anyway: more of them at once only interrupt each other. A request that writes waits for nobody
    here (it may wait for the database), nor does an answer on its way to a slow reader."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], at_once: int) -> None:
        self._inner, self._turn = inner, threading.BoundedSemaphore(at_once)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request when its turn has come."""
        if environ["REQUEST_METHOD"] not in _READING:
            return self._inner(environ, start_response)
        with self._turn:
            return self._inner(environ, start_response)
