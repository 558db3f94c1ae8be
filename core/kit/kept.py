"""What a module keeps in its variables from one request to the next: whoever comes next may be shown it, in this
process alone, and as it was."""

import importlib
import pkgutil
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any

from core.modules.registry import Module

#: file's and variable's name -> what it holds, as something that stays as it is and can be compared
Variables = Mapping[tuple[str, str], Any]
_ASIDE = {"migrations", "tests"}


def variables(module: Module) -> Variables:
    """What the variables of all the module's files hold now."""
    return {
        (name, variable): _still(value)
        for name in _files(module.package)
        for variable, value in vars(sys.modules[name]).items()
        if not variable.startswith("__") and not isinstance(value, ModuleType)
    }


def changed(module: Module, before: Variables) -> list[str]:
    """Complaints of variables that hold something else than before."""
    now = variables(module)
    return [
        f"{name}.{variable} has changed since the portal started. What a module keeps in a variable, the next one is "
        "shown, whoever it is: ask the session each time"
        for name, variable in sorted(now)
        if now[name, variable] != before.get((name, variable), _NOTHING)
    ]


_NOTHING = object()


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
