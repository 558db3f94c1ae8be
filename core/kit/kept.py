"""What a module keeps in its variables from one request to the next: whoever comes next may be shown it, in this
process alone, and as it was."""

import importlib
import pkgutil
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from types import FrameType, ModuleType
from typing import Any

from sqlalchemy import Engine, event

from core.modules.module import Module

#: file's and variable's name -> what it holds, as something that stays as it is and can be compared
Variables = Mapping[tuple[str, str], Any]
_ASIDE = {"migrations", "tests"}


def variables(module: Module) -> Variables:
    """What the variables of all the module's files hold now, and the attributes of its classes and their objects."""
    return {(name, variable): _still(value) for name, variable, value in _variables(module)}


def changed(module: Module, before: Variables) -> list[str]:
    """Complaints of variables that hold something else than before."""
    now = variables(module)
    return [
        f"{name}.{variable} has changed since the portal started. What a module keeps in a variable, the next one is "
        "shown, whoever it is: ask the session each time"
        for name, variable in sorted(now)
        if now[name, variable] != before.get((name, variable), _NOTHING)
    ]


@contextmanager
def asked_once(module: Module, engine: Engine) -> Iterator[list[str]]:
    """Complaints, while this lasts, of the module's functions that ask the database and whose answers are kept
    (`lru_cache`). What they have kept so far is forgotten first."""
    kept, found = _forgotten(module), []

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
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


_NOTHING = object()
_CACHED = type(lru_cache(lambda: None))


def _forgotten(module: Module) -> dict[Any, str]:
    """Let the module's functions whose answers are kept forget them; gives their code, with what each is called."""
    found = {}
    for name, variable, value in _variables(module):
        cached: Any = value.__func__ if type(value) in (classmethod, staticmethod) else value
        if type(cached) is _CACHED and cached.__module__ == name:
            cached.cache_clear()
            found[getattr(cached.__wrapped__, "__code__", None)] = f"{name}.{variable}"
    return found


def _variables(module: Module) -> Iterator[tuple[str, str, Any]]:
    """File, name and value of each variable; of a class of the module's, or an object of one, each attribute too."""
    for name in _files(module.package):
        for variable, value in _plain(vars(sys.modules[name])):
            if isinstance(value, ModuleType):
                continue
            yield name, variable, value
            cls = value if isinstance(value, type) else type(value)
            if cls.__module__ == name and hasattr(value, "__dict__"):
                yield from ((name, f"{variable}.{attribute}", held) for attribute, held in _plain(vars(value)))


def _plain(named: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in named.items() if not name.startswith("__")]


def _files(package: str) -> Iterator[str]:
    """The module's files, each imported: a hook may do so as late as it likes."""
    yield package
    for found in pkgutil.walk_packages(getattr(sys.modules[package], "__path__", []), f"{package}."):
        if not _ASIDE.intersection(found.name.split(".")):
            with suppress(Exception):  # what cannot be imported is another test's complaint
                importlib.import_module(found.name)
                yield found.name


def _still(value: Any) -> Any:
    """A copy of containers and what is in them; of anything else, which one it is."""
    if isinstance(value, dict):
        return {_still(key): _still(held) for key, held in value.items()}
    if isinstance(value, (list, tuple, deque)):
        return tuple(_still(held) for held in value)
    if isinstance(value, (set, frozenset)):
        return frozenset(_still(held) for held in value)
    return value if isinstance(value, (str, bytes, int, float)) else id(value)
