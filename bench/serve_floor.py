"""Serves the floor by the portal's own server, with its own options: python -m bench.serve_floor URL PORT."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.floor import create_floor
from core.config import Settings
from core.modules.registry import load_modules
from core.serve import Server, listen

WORKERS = 2


class FloorServer(Server):
    """The portal's server, which loads the floor instead."""

    def application(self) -> Any:
        """Make the floor, with the address by which it is known to be there."""
        app = create_floor(self._settings.database_url)
        app.add_url_rule("/healthz", "healthz", lambda: "ok")
        return app


def main(url: str, port: int) -> None:
    """Serve until told to end."""
    listener = listen("127.0.0.1", port, False)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home, url, url, port, home / "secret.key")
        FloorServer(settings, load_modules(), listener, WORKERS, lambda: None).run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
