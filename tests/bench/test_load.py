"""Loads that went wrong are no figures."""

import sys
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.load import Answered, CannotMeasure, load

SAID = '{"requests": 600, "seconds": 2.0, "bytes": 1, "p50": 1.5, "p95": 3.5, "wrong": %d}'


@pytest.fixture
def wrk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name, which says what the test writes beside it."""
    program = tmp_path / "wrk"
    program.write_text(f"#!{sys.executable}\nprint('Running')\nprint(open({str(tmp_path / 'said')!r}).read())\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "said"


def test_a_load_gives_rate_and_times(wrk: Path) -> None:
    wrk.write_text(SAID % 0)
    assert load("http://127.0.0.1:1", Path("list"), 2) == Answered(600, 2.0, 1.5, 3.5, 1)
    assert load("http://127.0.0.1:1", Path("list"), 2).rate == 300


def test_a_single_answer_that_is_not_200_is_no_figure(wrk: Path) -> None:
    wrk.write_text(SAID % 1)
    with pytest.raises(CannotMeasure, match="1 of 600 answers to list"):
        load("http://127.0.0.1:1", Path("list"), 2)


def test_a_load_that_ended_early_is_no_figure(wrk: Path) -> None:
    wrk.write_text("unable to connect")
    with pytest.raises(CannotMeasure, match="unable to connect"):
        load("http://127.0.0.1:1", Path("list"), 2)


def test_without_wrk_bench_says_so_and_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bench.main([]) == 2
    said = capsys.readouterr().err
    assert "wrk is missing" in said
    assert "apt-get install wrk" in said
