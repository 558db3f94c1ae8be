"""An installation outside the checkout, for tests that use the product as a stranger does."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.distant import Distant
from tests.server import running

PASSWORD = "una puerta pequeña 7"


@dataclass
class Place:
    """An installation of its own, outside the checkout."""

    env: Path
    home: Path
    port: int

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its commands. The contract needs no plugin of pytest's, and is asked without those that
        only our own tests use: they take longer to load than most of its questions."""
        path = f"{self.env / 'bin'}{os.pathsep}{os.environ['PATH']}"
        home = {"HOME": str(self.home), "POSTIGO_HOME": str(self.home), "POSTIGO_PORT": str(self.port)}
        return {"PATH": path, **home, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def run(self, *command: str, code: int = 0) -> str:
        """Run a command of the environment in its home; give what it says, both ways."""
        command = (str(self.env / "bin" / command[0]), *command[1:])
        done = subprocess.run(command, env=self.environ, cwd=self.home, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve, until the block is left."""
        command = [self.env / "bin" / "postigo", "serve", "--port", str(self.port)]
        with running(command, self.port, self.environ, cwd=self.home):
            yield

    def browser(self, host: str = "fuego.localhost") -> Distant:
        """A browser at one of the tenants."""
        return Distant(self.port, host, {})


def enter(place: Place, *command: str) -> Distant:
    """Follow the one-time link that a command prints, choose a password, and be signed in."""
    link = next(word for word in place.run("postigo", *command).split() if "/activate/" in word)
    path, browser = link[link.index("/activate/") :], place.browser()
    with place.serving():
        assert browser.send(path, {"password": PASSWORD, "again": PASSWORD}) == 303
    return browser


def act(browser: Distant, path: str, **typed: str) -> None:
    """Fill in an action's form and send it."""
    version = re.search(r'name="version"[^>]* value="(\d+)"', browser.ask("GET", path)[1])
    assert version is not None
    assert browser.send(path, {"version": version[1], **typed}) == 303
