#!/usr/bin/env python3
"""Start Postigo, test it or check it, from a checkout and with Python alone.

    python3 run.py serve [options of "postigo serve"]
    python3 run.py test [options of pytest]
    python3 run.py nightly [options of pytest]
    python3 run.py check
    python3 run.py translate
    python3 run.py bench [--json FILE] [other options of bench]

The first call makes .venv from the locked requirements; later calls install again
only when the lock or the project's own metadata changed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
A_WORKERS_MEMORY = 2 << 30  # a worker takes 1 GB at most, and its browser and its databases the rest
LOCKS = {"serve": "requirements/serve.txt", "test": "requirements/test.txt"}


def prepare(purpose: str) -> None:
    """Make or bring up to date the environment for "serve" or "test"; do nothing when it is right."""
    stamp, wanted = VENV / f"installed-for-{purpose}", fingerprint(purpose)
    if environment_works() and read(stamp) == wanted:
        return
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two first starts at once would spoil each other's work
        if not environment_works():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
            (VENV / "made-for").write_text(made_for())
        if read(stamp) != wanted:
            install(LOCKS[purpose])
            stamp.write_text(wanted)


def install(requirements: str) -> None:
    """Install the locked requirements, every file checked by its hash, and the project itself, editable."""
    print(f"Installing what {requirements} names (about a minute the first time) ...", file=sys.stderr)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / requirements)], check=True)
    # What an earlier installation left here names the modules of that time, and is found first.
    shutil.rmtree(ROOT / "postigo.egg-info", ignore_errors=True)
    # "compat" puts the checkout itself on the path, so that a module added later is found at once.
    editable = ["--config-settings", "editable_mode=compat", "--editable", str(ROOT)]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", *editable], check=True)


def fingerprint(purpose: str) -> str:
    """Say what an installation depends on: a digest of the lock and of the project's metadata."""
    files = (LOCKS[purpose], "setup.cfg", "pyproject.toml")
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in files)).hexdigest()


def environment_works() -> bool:
    """Tell whether .venv was made by this Python and for this folder; a moved checkout needs a new one."""
    return PYTHON.exists() and read(VENV / "made-for") == made_for()


def made_for() -> str:
    """Name the interpreter behind .venv and the folder that it serves."""
    return f"{PYTHON.resolve()} {ROOT}"


def read(path: Path) -> str:
    """Give a small file's text, or nothing when there is no such file."""
    return path.read_text() if path.exists() else ""


def serve(arguments: list[str]) -> int:
    """Become `postigo serve`."""
    prepare("serve")
    os.environ.setdefault("POSTIGO_HOME", str(ROOT / "var"))
    os.execv(VENV / "bin" / "postigo", ["postigo", "serve", *arguments])


def test(arguments: list[str]) -> int:
    """Run the tests, all of them on every core; pytest's summary names each skipped test with its reason."""
    prepare("test")
    return tool("pytest", *(arguments or [f"--numprocesses={workers()}", "--dist=loadfile", "--no-loadscope-reorder"]))


def workers() -> int:
    """As many as there are cores, and one more where there is memory for it: a test that waits for a server or a
    browser leaves its own core idle, which was a quarter of a run."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return cores + 1 if memory >= (cores + 1) * A_WORKERS_MEMORY else cores


def nightly(arguments: list[str]) -> int:
    """Run the tests with every combination that an ordinary run takes by turns."""
    os.environ["NIGHTLY"] = "1"
    return test(arguments)


def check(arguments: list[str]) -> int:
    """Run the linters and the check of the translations; all of them, even after the first that fails."""
    prepare("test")
    return max(tool("ruff", "check", "."), tool("mypy"), tool("tools.translations", "check"))


def translate(arguments: list[str]) -> int:
    """Bring the translation files up to date with the sentences in the sources."""
    prepare("test")
    return tool("tools.translations", "update")


def bench(arguments: list[str]) -> int:
    """Measure the portal against its floor, on both databases."""
    prepare("test")
    return tool("bench", *arguments)


def tool(module: str, *arguments: str) -> int:
    """Run one of the environment's tools in the checkout and give its exit code."""
    return subprocess.run([str(PYTHON), "-m", module, *arguments], cwd=ROOT, check=False).returncode


def main(arguments: list[str]) -> int:
    """Run the command named first and give the exit code."""
    commands = {"serve": serve, "test": test, "nightly": nightly, "check": check}
    commands |= {"translate": translate, "bench": bench}
    if not arguments or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    try:
        return commands[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130
    except subprocess.CalledProcessError as error:
        print(f"run.py: this step failed: {' '.join(error.cmd)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
