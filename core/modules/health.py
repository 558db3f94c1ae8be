"""What staff see of how the modules fare: failures with an id to look for in the log, and times."""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from core.db.model import now

log = logging.getLogger(__name__)
_KEPT_FAILURES = 50


@dataclass(frozen=True)
class Failure:
    """One exception in a module: `error_id` stands in the log, beside the traceback."""

    error_id: str
    module: str
    hook: str
    message: str
    at: datetime


@dataclass
class Timing:
    """How often a module's hook ran in this process, for how many seconds in all, and at the longest."""

    calls: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


@dataclass
class Health:
    """Failures and times of the modules of this process, kept since it began. Safe to use from several
    threads."""

    since: datetime = field(default_factory=now)
    failures: deque[Failure] = field(default_factory=lambda: deque(maxlen=_KEPT_FAILURES))
    timings: dict[tuple[str, str], Timing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, module: str, hook: str, error: BaseException) -> Failure:
        """Log an exception and keep it for the staff's health page. Returns what was kept."""
        error_id = secrets.token_hex(4)
        log.error("[%s] %s of module %s failed", error_id, hook, module, exc_info=error)
        return self.keep(error_id, module, hook, error)

    def keep(self, error_id: str, module: str, hook: str, error: BaseException) -> Failure:
        """Keep an exception that the log has under `error_id` for the staff's health page."""
        failure = Failure(error_id, module, hook, f"{type(error).__name__}: {error}"[:300], now())
        with self._lock:
            self.failures.append(failure)
        return failure

    def took(self, module: str, hook: str, seconds: float) -> None:
        """Count one call of a hook and its time."""
        with self._lock:
            timing = self.timings.setdefault((module, hook), Timing())
            timing.calls += 1
            timing.seconds += seconds
            timing.slowest = max(timing.slowest, seconds)

    @contextmanager
    def timed(self, module: str, hook: str) -> Iterator[None]:
        """Count a call of a hook (or of a box) that runs in the block, however it ends."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.took(module, hook, time.perf_counter() - started)
