"""Runs the tests of a module as its author would, beside the process of ours; what each run loads first, it finds
loaded: that takes as long as the tests do."""

import multiprocessing
import os
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.quick import quick

_PLUGINS = [each.module for each in entry_points(group="pytest11")]
_LOADED = ["core.app", "core.kit.contract", "core.kit.world", "core.modules.registry", "tests.quick", *_PLUGINS]
_BESIDE = multiprocessing.get_context("forkserver")
_BESIDE.set_forkserver_preload(_LOADED)


@dataclass(frozen=True)
class Run:
    """How a run of pytest ended, and what it said."""

    code: int | None
    said: str


def run_tests(distribution: Path, *options: str) -> Run:
    """Run pytest with these options in the folder of a distribution, which need not be installed."""
    heard = distribution / "said.txt"
    process = _BESIDE.Process(target=_in_there, args=(distribution, heard, options))
    process.start()
    process.join()
    return Run(process.exitcode, heard.read_text(errors="replace"))


def _in_there(distribution: Path, heard: Path, options: tuple[str, ...]) -> None:
    with heard.open("w") as output:
        for terminal in (1, 2):
            os.dup2(output.fileno(), terminal)
    os.chdir(distribution)
    sys.path.insert(0, str(distribution))
    with quick():
        code = pytest.main([*options])
    sys.exit(code)
