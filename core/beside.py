"""The worker beside a server: a process of its own, started anew when it dies."""

import logging
import os
import subprocess
import sys
import time

log = logging.getLogger(__name__)

#: what the portal has to itself when it starts
_SECONDS_BEFORE = 2.0
#: what a mail that is being handed over gets when the server ends
_SECONDS_TO_END = 5.0
_FIRST_WAIT, _LONGEST_WAIT, _LONG_LIFE = 1.0, 60.0, 60.0


class Beside:
    """Keeps a worker running for as long as the server does; `look` is called now and then."""

    def __init__(self, port: int) -> None:
        self._environment = {**os.environ, "POSTIGO_PORT": str(port)}
        self._process: subprocess.Popen[bytes] | None = None
        self._started, self._due = 0.0, time.monotonic() + _SECONDS_BEFORE
        self._wait = _FIRST_WAIT

    def look(self) -> None:
        """Start it where it does not run; one that dies at once is started less and less often."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            lived = now - self._started
            self._process = None
            self._wait = _FIRST_WAIT if lived > _LONG_LIFE else min(self._wait * 2, _LONGEST_WAIT)
            self._due = now + self._wait
            log.warning("the worker has ended; it starts again in %.0f seconds", self._wait)
        if self._process is None and now >= self._due:
            command = [sys.executable, "-m", "core.work", str(os.getpid())]
            # Not a fork: nothing that was opened here is used in it. In a group of its own: a terminal sends Ctrl-C
            # to every process of the server's.
            self._process = subprocess.Popen(command, env=self._environment, process_group=0)  # noqa: S603 - our own
            self._started = now

    def end(self) -> None:
        """End it gently, and after a while for good."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
