"""What a module keeps in its variables from one request to the next: whoever comes next may be shown it, in this
process alone, and as it was."""

import importlib
import os
import pkgutil
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from threading import local
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from flask import Flask

from core.modules.module import Module

#: file's and variable's name -> what it holds, as something that stays as it is and can be compared
Variables = Mapping[tuple[str, str], Any]
_ASIDE = {"migrations", "tests"}


def variables(module: Module, app: Flask) -> Variables:
    """What the variables of all the module's files hold now, with what is in them, and what modules could keep in the
    application and in the process."""
    held = [*held_by(module), *_shared(app)]
    return {(name, variable): _still(value) for name, variable, value in held}


def changed(module: Module, app: Flask, before: Variables) -> list[str]:
    """Complaints of variables that hold something else than before."""
    now = variables(module, app)
    return [
        f"{name}.{variable} has changed since the portal started. What a module keeps in a variable, the next one is "
        "shown, whoever it is: ask the session each time"
        for name, variable in sorted(now)
        if now[name, variable] != before.get((name, variable), _NOTHING)
    ]


_NOTHING = object()


def _shared(app: Flask) -> Iterator[tuple[str, str, Any]]:
    """What lies in reach of every module, by the place's name."""
    places: dict[str, Mapping[str, Any]] = {
        "app": dict.fromkeys(vars(app)),
        "app.extensions": app.extensions,
        "app.config": app.config,
        "app.jinja_env.globals": app.jinja_env.globals,
        "os.environ": {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"},
    }
    for name, held in places.items():
        yield from ((name, key, value) for key, value in held.items())


def held_by(module: Module) -> Iterator[tuple[str, str, Any]]:
    """File, name and value of each of the module's variables, and of what each holds in its turn: attributes of the
    module's classes and their objects, what a function keeps in its defaults, its attributes and the variables around
    it."""
    met: set[int] = set()
    for name in _files(module.package):
        for variable, value in _plain(vars(sys.modules[name])):
            if not isinstance(value, ModuleType):
                yield from ((name, *held) for held in _within(module.package, variable, value, met))


def _within(package: str, called: str, value: Any, met: set[int]) -> Iterator[tuple[str, Any]]:
    """A value with its name, and all that it holds which the module has made."""
    yield called, value
    if id(value) not in met:
        met.add(id(value))
        for name, held in _held(package, value):
            yield from _within(package, f"{called}.{name}", held, met)


def _held(package: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, partial):
        yield from (("func", value.func), ("args", value.args), ("keywords", value.keywords))
    elif isinstance(value, (classmethod, staticmethod)):
        yield "__func__", value.__func__
    elif isinstance(value, ContextVar):
        yield "get()", value.get(None)
    elif isinstance(value, FunctionType) and _is_of(package, value.__module__):
        yield from (("__defaults__", value.__defaults__), ("__kwdefaults__", value.__kwdefaults__))
        cells = zip(value.__code__.co_freevars, value.__closure__ or (), strict=True)
        for name, cell in cells:
            with suppress(ValueError):  # nothing is in it yet
                yield name, cell.cell_contents
        yield from _plain(vars(value))
    elif isinstance(value, (SimpleNamespace, local)) or _is_of(package, _class_of(value).__module__):
        yield from _plain(getattr(value, "__dict__", {}))
        slots = {name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())}
        yield from _plain({name: getattr(value, name) for name in sorted(slots) if hasattr(value, name)})


def _class_of(value: Any) -> type[Any]:
    return value if isinstance(value, type) else type(value)


def _is_of(package: str, name: str | None) -> bool:
    return f"{name}.".startswith(f"{package}.")


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
