"""Requests that read take turns; those that write wait for nobody there."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.web.turns import Turns


class Slow:
    """An application whose answers wait until they are let go, and that counts who is in it."""

    def __init__(self) -> None:
        self.go, self.entered = threading.Event(), threading.Semaphore(0)
        self.inside, self.most, self._lock = 0, 0, threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.entered.release()
        self.go.wait(60)
        with self._lock:
            self.inside -= 1
        return [b""]


@pytest.fixture
def ask() -> Iterator[Callable[[Any, str], threading.Thread]]:
    """Begin a request in a thread of its own."""
    begun: list[threading.Thread] = []

    def begin(app: Any, method: str) -> threading.Thread:
        thread = threading.Thread(target=app, args=({"REQUEST_METHOD": method}, None))
        begun.append(thread)
        thread.start()
        return thread

    yield begin
    for thread in begun:
        thread.join(60)


@pytest.mark.parametrize("at_once", [1, 2])
def test_so_many_readers_compute_at_a_time(at_once: int, ask: Callable[[Any, str], threading.Thread]) -> None:
    slow = Slow()
    app = Turns(slow, at_once)
    readers = [ask(app, "GET") for _ in range(5)]
    for _ in range(at_once):
        assert slow.entered.acquire(timeout=60)
    assert not slow.entered.acquire(timeout=0.2)  # the next one waits outside
    slow.go.set()
    for reader in readers:
        reader.join(60)
    assert slow.most == at_once


def test_a_writer_waits_for_no_reader(ask: Callable[[Any, str], threading.Thread]) -> None:
    slow = Slow()
    app = Turns(slow, 1)
    ask(app, "GET")
    assert slow.entered.acquire(timeout=60)
    ask(app, "POST")
    assert slow.entered.acquire(timeout=60)
    slow.go.set()


def test_an_answer_that_fails_gives_its_turn_back() -> None:
    def fails(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError

    app = Turns(fails, 1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            app({"REQUEST_METHOD": "GET"}, None)
