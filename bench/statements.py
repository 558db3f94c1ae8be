"""The time that a page's statements take in the database, among few invoices and among many: each page's
statements are noted once, then sent again and again by the driver alone, to both databases in turn."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Engine, event

from bench import data
from bench.rounds import PAGES
from bench.worlds import World
from core.db.engine import make_engine

#: a statement with its parameters; None ends a transaction
Step = tuple[str, Any] | None


@dataclass(frozen=True)
class Replay:
    """One database, with what each reader's pages send to it: (page, reader's place) -> statements."""

    connection: Any
    is_sqlite: bool
    steps: dict[tuple[str, int], list[Step]]

    def milliseconds(self, page: str, place: int) -> float:
        """Send the statements of one page; give the time that they took, rows fetched."""
        taken, is_open = 0.0, False
        for step in self.steps[page, place]:
            if step is None:
                self.connection.rollback()
                is_open = False
                continue
            if self.is_sqlite and not is_open:
                self.connection.execute("BEGIN")
                is_open = True
            began = time.perf_counter()
            cursor = self.connection.execute(*step)
            if cursor.description is not None:  # a beginning gives no rows
                cursor.fetchall()
            taken += time.perf_counter() - began
        return taken * 1000


#: of so many readers, one is asked for
EACH = 5


def compare(small: World, large: World, times: int) -> dict[str, tuple[float, float]]:
    """For each page the median milliseconds in both databases, over some readers, each asked for `times`
    times over."""
    with _opened(small) as few, _opened(large) as many:
        taken: dict[str, tuple[list[float], list[float]]] = {page: ([], []) for page in PAGES}
        for turn in range(times * EACH):
            for place in range(0, len(small.readers), EACH):
                for page, (in_few, in_many) in taken.items():
                    both = [(few, in_few), (many, in_many)]
                    for replay, kept in both if (turn + place) % 2 else reversed(both):
                        kept.append(replay.milliseconds(page, place))
    return {page: (median(in_few), median(in_many)) for page, (in_few, in_many) in taken.items()}


@contextmanager
def _opened(world: World) -> Iterator[Replay]:
    """Note what every reader's pages send, and open a connection that sends it again."""
    steps = {
        (page, place): _noted(world, reader, address)
        for place, reader in enumerate(world.readers)
        if place % EACH == 0
        for page, address in PAGES.items()
    }
    engine = make_engine(world.settings.database_url, guarded=False)
    connection: Any = engine.raw_connection()
    try:
        yield Replay(connection.driver_connection, world.name == "sqlite", steps)
    finally:
        connection.close()
        engine.dispose()


def _noted(world: World, reader: data.Reader, address: Callable[[data.Reader], str]) -> list[Step]:
    with _noting(world.app.extensions["postigo"].engine) as steps:
        client = world.app.test_client(use_cookies=False)
        answer = client.get(address(reader), base_url=f"http://{data.HOST}", headers={"Cookie": reader.cookie})
        answer.close()
        assert answer.status_code == 200, answer.status
    return steps


@contextmanager
def _noting(engine: Engine) -> Iterator[list[Step]]:
    """Give a list that fills with what is sent meanwhile."""
    steps: list[Step] = []

    def sent(conn: Any, cursor: Any, statement: str, params: Any, context: Any, many: bool) -> None:
        steps.append((statement, params))

    def ended(conn: Any) -> None:
        steps.append(None)

    listeners = [("before_cursor_execute", sent), ("rollback", ended), ("commit", ended)]
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield steps
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)
