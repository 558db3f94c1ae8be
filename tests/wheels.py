"""Wheels, built from the sources and installed where the checkout is not; without the network."""

import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
_LEFT_OVERS = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")


def build(folder: Path, source: Path) -> Path:
    """Build the wheel of the distribution in `source` into the new folder `folder`, from a copy."""
    shutil.copytree(source, folder / "source", ignore=_LEFT_OVERS)
    return _wheel(folder)


def build_postigo(folder: Path) -> Path:
    """Build the product's own wheel into the new folder `folder`, from a copy of what belongs in it."""
    for name in ("core", "plugins"):
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=_LEFT_OVERS)
    for name in ("setup.cfg", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder / "source")
    return _wheel(folder)


def _wheel(folder: Path) -> Path:
    building = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(folder / "source")]
    subprocess.run([*_PIP, *building], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment(folder: Path, *wheels: Path) -> Path:
    """A new environment in `folder` with these wheels in it; only the dependencies come from the environment
    of the tests."""
    venv.create(folder)
    install(folder, *wheels)
    # A folder named in a .pth file has its own .pth files ignored: the checkout stays out of reach.
    (packages(folder) / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return folder


def install(env: Path, *wheels: Path) -> None:
    """Install wheels into an environment."""
    _pip(env, "install", "--no-deps", "--no-index", *map(str, wheels))


def uninstall(env: Path, name: str) -> None:
    """Take a distribution out of an environment."""
    _pip(env, "uninstall", "--yes", name)


def _pip(env: Path, *arguments: str) -> None:
    subprocess.run([*_PIP, "--python", str(env / "bin" / "python"), *arguments], check=True)


def packages(env: Path) -> Path:
    """Where the environment's packages lie."""
    (found,) = (env / "lib").glob("python*/site-packages")
    return found
