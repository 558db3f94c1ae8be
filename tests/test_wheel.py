"""The wheel, installed where the checkout is not, serves: templates, migrations and translations are in it."""

import os
import shutil
import site
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

import pytest

from tests.server import free_port, running

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it; only the dependencies come from the environment of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("core", "plugins"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    building = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(source)]
    subprocess.run([*pip, *building], check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env")
    python = folder / "env" / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = (folder / "env" / "lib").glob("python*/site-packages")
    # A folder named in a .pth file has its own .pth files ignored: the checkout stays out of reach.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return folder / "env"


def test_the_wheel_holds_every_file_that_the_sources_do(installed: Path) -> None:
    (packages,) = (installed / "lib").glob("python*/site-packages")
    for room in ("core", "plugins"):
        sources = {
            path.relative_to(ROOT)
            for path in (ROOT / room).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert sources
        assert not [str(path) for path in sources if not (packages / path).is_file()]


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
        with urllib.request.urlopen(asked, timeout=30) as answer:
            page = answer.read().decode()
            assert answer.status == 200
    assert '<html lang="es"' in page
    assert "Entrar" in page or "Iniciar sesión" in page or "Acceder" in page
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
