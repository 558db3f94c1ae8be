"""The process of a worker: what `postigo worker` runs, and what `postigo serve` has running beside it."""

import os
import signal
import sys
import threading
import time

from core.app import create_app
from core.commands.opening import ready
from core.worker.loop import Worker

#: how often it is asked whether the server is still there
_LOOK_SECONDS = 1.0
_CALM = 5


def work(server: int | None = None) -> None:
    """Work until Ctrl-C or SIGTERM, or until the process `server`, which has started this one, is gone. Raises
    SettingsError, and SchemaError for a database that must be upgraded first."""
    settings, registry = ready()
    app = create_app(settings, registry)
    worker = Worker(app)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    # The server ends its worker itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN if server is not None else lambda *_: _end(worker))
    if server is not None:
        os.nice(_CALM)  # pages first
        threading.Thread(target=_watch, args=(worker, server), daemon=True).start()
    worker.run()
    app.extensions["postigo"].engine.dispose()


def _end(worker: Worker) -> None:
    """Once is a request; twice is meant."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    worker.stop()


def _watch(worker: Worker, server: int) -> None:
    while os.getppid() == server:
        time.sleep(_LOOK_SECONDS)
    worker.stop()


if __name__ == "__main__":
    work(int(sys.argv[1]))
