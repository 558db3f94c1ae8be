"""The wheel, installed where the checkout is not, serves: templates, migrations and translations are in it."""

import os
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.server import free_port, running
from tests.wheels import ROOT, environment, packages


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, postigo_wheel: Path) -> Path:
    """A new environment with the wheel in it."""
    return environment(Path(tmp_path_factory.mktemp("wheel")) / "env", postigo_wheel)


def test_the_wheel_holds_every_file_that_the_sources_do(installed: Path) -> None:
    for room in ("core", "plugins"):
        sources = {
            path.relative_to(ROOT)
            for path in (ROOT / room).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert sources
        assert not [str(path) for path in sources if not (packages(installed) / path).is_file()]


def test_it_serves_on_its_own(installed: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [installed / "bin" / "python", "-c", "import core.app; print(core.app.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(where.stdout).is_relative_to(installed)
    port = free_port()
    env = {"PATH": os.environ["PATH"], "POSTIGO_HOME": str(tmp_path / "var")}
    command = [installed / "bin" / "postigo", "serve", "--port", str(port)]
    with running(command, port, env, cwd=tmp_path) as server:
        asked = urllib.request.Request(f"{server.url}/login", headers={"Accept-Language": "es"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            page = answer.read().decode()
            assert answer.status == 200
    assert '<html lang="es"' in page
    assert "Entrar" in page or "Iniciar sesión" in page or "Acceder" in page
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
