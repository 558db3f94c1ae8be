"""What staff see of how the modules fare: failures with an id to look for in the log, and times."""

import logging
import secrets
import threading
from collections import deque
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
    """How often a module's hook ran in this process, and for how many seconds in all."""

    calls: int = 0
    seconds: float = 0.0


@dataclass
class Health:
    """Failures and times of the modules of this process. Safe to use from several threads."""

    failures: deque[Failure] = field(default_factory=lambda: deque(maxlen=_KEPT_FAILURES))
    timings: dict[tuple[str, str], Timing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, module: str, hook: str, error: BaseException) -> Failure:
        """Log an exception and keep it for the staff's health page. Returns what was kept."""
        failure = Failure(secrets.token_hex(4), module, hook, f"{type(error).__name__}: {error}"[:300], now())
        log.error("[%s] %s of module %s failed", failure.error_id, hook, module, exc_info=error)
        with self._lock:
            self.failures.append(failure)
        return failure

    def took(self, module: str, hook: str, seconds: float) -> None:
        """Count one call of a hook and its time."""
        with self._lock:
            timing = self.timings.setdefault((module, hook), Timing())
            timing.calls += 1
            timing.seconds += seconds
