"""How fast invoices are made into PDFs: through the portal, and by what makes them alone."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from bench import data
from bench.rounds import MADE_ANEW, Pair
from bench.worlds import World
from core.files.pdf import make_pdf

THREADS = 2


def served_per_second(at: Pair, rounds: int, seconds: int) -> float:
    """PDFs made anew and sent by the portal's two processes, the median of some loads."""
    return median(at.measure(MADE_ANEW, seconds)[0].rate for _ in range(rounds))


def made_per_second(world: World, seconds: float) -> float:
    """The same invoices made into PDFs by two threads of this process, as often as they can."""
    # More than what makes them remembers: it would give one again that it has just made.
    contents = [_content(world, reader) for reader in world.readers[:60]]
    end = time.monotonic() + seconds

    def make(begin: int) -> int:
        made = 0
        for template, content in cycle(contents[begin:] + contents[:begin]):
            if time.monotonic() > end:
                break
            make_pdf(template, content)
            made += 1
        return made

    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        made = sum(threads.map(make, range(0, len(contents), len(contents) // THREADS)))
    return made / (time.monotonic() - began)


def _content(world: World, reader: data.Reader) -> tuple[Path, Any]:
    """What the portal makes a reader's PDF from: template and data."""
    with mock.patch("core.records.document.make_pdf", wraps=make_pdf) as maker:
        client = world.app.test_client(use_cookies=False)
        path, headers = f"/portal/invoices/{reader.unprinted_id}/document", {"Cookie": reader.cookie}
        answer = client.get(path, base_url=f"http://{data.HOST}", headers=headers)
    assert answer.data.startswith(b"%PDF-"), answer.status
    template, content = maker.call_args.args
    return template, content
