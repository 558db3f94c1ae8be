"""run.py: one environment, made when it is missing and brought up to date when its sources changed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with locks but without an environment; making one is recorded instead of done."""
    (tmp_path / "requirements").mkdir()
    for name in (*run.LOCKS.values(), "setup.cfg", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


@pytest.fixture
def steps(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What run.py did: "venv", or the name of the lock that it installed."""
    done: list[str] = []

    def pretend(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        if "venv" in command:
            done.append("venv")
            run.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            run.PYTHON.unlink(missing_ok=True)
            run.PYTHON.symlink_to(sys.executable)
        elif "--require-hashes" in command:
            done.append(Path(command[-1]).name)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", pretend)
    return done


def test_the_first_call_makes_the_environment_and_the_second_does_nothing(steps: list[str]) -> None:
    run.prepare("serve")
    assert steps == ["venv", "serve.txt"]
    run.prepare("serve")
    assert steps == ["venv", "serve.txt"]


@pytest.mark.parametrize("changed", ["requirements/serve.txt", "setup.cfg", "pyproject.toml"])
def test_a_changed_lock_or_metadata_is_installed_again(steps: list[str], checkout: Path, changed: str) -> None:
    run.prepare("serve")
    (checkout / changed).write_text("changed")
    run.prepare("serve")
    assert steps == ["venv", "serve.txt", "serve.txt"]


def test_the_tests_add_their_own_lock_to_the_same_environment(steps: list[str]) -> None:
    run.prepare("serve")
    run.prepare("test")
    run.prepare("serve")
    assert steps == ["venv", "serve.txt", "test.txt"]


def test_an_environment_of_another_place_or_python_is_made_anew(steps: list[str], checkout: Path) -> None:
    run.prepare("serve")
    (checkout / ".venv" / "made-for").write_text("/usr/bin/python3 /elsewhere")
    run.prepare("serve")
    assert steps[2] == "venv"
    run.PYTHON.unlink()
    run.prepare("serve")
    assert steps.count("venv") == 3


def test_an_installation_that_failed_is_tried_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(command: list[str], **options: object) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(run, "environment_works", lambda: True)
    monkeypatch.setattr(subprocess, "run", fails)
    (checkout / ".venv").mkdir()
    assert run.main(["test"]) == 1
    assert not list((checkout / ".venv").glob("installed-*"))


def test_the_locks_name_no_address_and_hash_every_package() -> None:
    for name in run.LOCKS.values():
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert not [line for line in text.splitlines() if line.lstrip().startswith(("#", "-i", "--index"))]
        packages = text.replace("\\\n", " ").splitlines()
        assert packages
        assert all("==" in package and "--hash=sha256:" in package for package in packages)


def test_what_serves_is_part_of_what_is_tested() -> None:
    serving = set((ROOT / run.LOCKS["serve"]).read_text().splitlines())
    assert serving <= set((ROOT / run.LOCKS["test"]).read_text().splitlines())


@pytest.mark.parametrize(("memory", "workers"), [(4 << 30, 2), (8 << 30, 3)])
def test_one_worker_more_than_cores_runs_the_tests_where_there_is_memory_for_it(
    monkeypatch: pytest.MonkeyPatch, memory: int, workers: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": memory // 4096}.__getitem__)
    assert run.workers() == workers


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["bake"], 2), (["--help"], 0)])
def test_anything_else_shows_the_commands(arguments: list[str], code: int) -> None:
    said = subprocess.run([sys.executable, ROOT / "run.py", *arguments], capture_output=True, text=True, check=False)
    assert said.returncode == code
    assert "python3 run.py serve" in said.stderr


def test_ctrl_c_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    slow = "import time\n\ndef test_slow():\n    print('ready', flush=True)\n    time.sleep(60)\n"
    (tmp_path / "test_slow.py").write_text(slow)
    command = [sys.executable, str(ROOT / "run.py"), "test", "-s", "-p", "no:cacheprovider", str(tmp_path)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    end = time.monotonic() + 120
    while "ready" not in process.stdout.readline():
        assert time.monotonic() < end
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode in (0, 130)
    assert "Traceback" not in errors
