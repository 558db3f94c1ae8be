"""Functions of a module whose answers are kept (`lru_cache`): they may keep a statement, and nothing that somebody
asked for."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache, wraps
from types import FrameType
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from core.kit.kept import held_by
from core.modules.module import Module

_CACHED = type(lru_cache(lambda: None))
_FILLABLE = (list, dict, set, bytearray)


@contextmanager
def asked_once(module: Module, engine: Engine) -> Iterator[list[str]]:
    """Complaints, while this lasts, of those that ask the database, and of those that give what can be filled later.
    What they have kept so far is forgotten first."""
    found: list[str] = []
    kept = {}
    for called, cached in _cached(module):
        cached.cache_clear()
        kept[getattr(cached.__wrapped__, "__code__", None)] = called

    def note(*_: Any) -> None:
        frame: FrameType | None = sys._getframe()
        while frame := frame and frame.f_back:
            if frame.f_code in kept:
                found.append(
                    f"{kept[frame.f_code]} asks the database, and its answers are kept: what one was shown, the next "
                    "one is, whoever it is. Keep the statement, and ask the session each time"
                )

    event.listen(engine, "before_cursor_execute", note)
    try:
        with _overheard(module, found):
            yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def _overheard(module: Module, found: list[str]) -> Iterator[None]:
    """Note answers that whoever gets them can fill, so that the next one finds what was filled in."""
    with ExitStack() as stack:
        for file, variable, holder in _holders(module):
            for name, cached in list(vars(holder).items()):
                if type(cached) is _CACHED and cached.__module__ == file:
                    called = f"{file}.{variable}{name}"
                    stack.enter_context(patch.object(holder, name, _listening(called, cached, found)))
        yield


def _listening(called: str, cached: Any, found: list[str]) -> Callable[..., Any]:
    @wraps(cached)
    def answer(*args: Any, **named: Any) -> Any:
        given = cached(*args, **named)
        if isinstance(given, _FILLABLE):
            found.append(
                f"{called} keeps a {type(given).__name__}, and whoever is given it can fill it for the next one: let "
                "it give a tuple"
            )
        return given

    answer.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
    answer.cache_info = cached.cache_info  # type: ignore[attr-defined]
    return answer


def _holders(module: Module) -> Iterator[tuple[str, str, Any]]:
    """Each file, and each class in it, with the beginning of what is in there called."""
    met = set()
    for file, variable, value in held_by(module):
        if file not in met:
            met.add(file)
            yield file, "", sys.modules[file]
        if isinstance(value, type) and value.__module__ == file:
            yield file, f"{variable}.", value


def _cached(module: Module) -> Iterator[tuple[str, Any]]:
    for file, variable, value in held_by(module):
        if type(value) is _CACHED and value.__module__ == file:
            yield f"{file}.{variable.removesuffix('.__func__')}", value
