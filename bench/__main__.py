"""python3 run.py bench: every figure that the portal is held against, in one run."""

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from bench.load import CannotMeasure, find_wrk
from bench.plan import PIECES, Plan
from bench.report import TITLES


def main(arguments: list[str]) -> int:
    """Measure what was asked for, print it, and give the exit code: 0 where all of it could be measured."""
    chosen = _read(arguments)
    try:
        find_wrk()
    except CannotMeasure as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    shorter = {"rounds": 1, "times": 1} if chosen.quick else {}
    plan = Plan(chosen.database or list(TITLES), chosen.only or PIECES, **shorter)
    with tempfile.TemporaryDirectory(prefix="postigo-bench-") as folder:
        report = plan.run(Path(folder))
    print(report.as_text())
    if chosen.json:
        machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
        chosen.json.write_text(json.dumps(report.as_json(machine), indent=2) + "\n")
    return 0 if report.complete else 1


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Measure the portal against its floor.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file as well")
    parser.add_argument("--database", action="append", choices=list(TITLES), help="this database alone")
    parser.add_argument("--only", type=_pieces, metavar="PIECES", help=f"some of: {', '.join(PIECES)}")
    parser.add_argument("--quick", action="store_true", help="short rounds: for trying, not for figures")
    return parser.parse_args(arguments)


def _pieces(text: str) -> list[str]:
    found = [name.strip() for name in text.split(",")]
    if unknown := [name for name in found if name not in PIECES]:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
