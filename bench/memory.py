"""What a serving process holds: after its first ten thousand requests, and after as many again."""

import random
import time

from bench.load import Asked, CannotMeasure, write_asked
from bench.rounds import MADE_ANEW, PAGES, Pair
from bench.serve_floor import WORKERS

FIRST = 10_000
#: megabytes by which two looks at one process differ though nothing is kept
TOLERANCE = 2.0
_SECONDS, _PATIENCE = 4, 150


def measure(at: Pair) -> tuple[float, float, float]:
    """Megabytes of the floor's process, of the portal's after its first requests, and after as many more.

    The loads before count towards the first; all pages are asked for in turn."""
    mixed = _mixed(at)
    first = WORKERS * FIRST
    _until(at, mixed, first)
    after_first = at.portal.megabytes()
    _until(at, mixed, at.answered + first)
    return at.floor.megabytes(), after_first, at.portal.megabytes()


def _until(at: Pair, page: str, wanted: int) -> None:
    """Load until the portal has answered so often. Raises CannotMeasure where that takes too long."""
    end = time.monotonic() + _PATIENCE
    while at.answered < wanted:
        if time.monotonic() > end:
            raise CannotMeasure(f"{at.answered} of {wanted} requests were answered in {_PATIENCE} s")
        at.measure(page, _SECONDS)


def _mixed(at: Pair) -> str:
    """Shuffle the requests of all pages into one file, and some for PDFs that are made; give its name among
    what is asked."""
    lines = [line for page in PAGES for line in at.asked[page].read_text().splitlines()]
    lines += at.asked[MADE_ANEW].read_text().splitlines()[::10]
    random.Random(len(lines)).shuffle(lines)  # noqa: S311 - nothing secret is drawn from it
    name = "all pages"
    at.asked[name] = write_asked(at.asked["list"].with_name(name), (Asked(*line.split()) for line in lines))
    return name
