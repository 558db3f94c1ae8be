"""Statements that are built once and run with every request, by what makes them differ."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy import SelectBase

from core.db.ready import keep

S = TypeVar("S", bound=SelectBase)

# So many lists in so many orders with so many filters; what is asked for rarely makes place.
_MOST = 2000
_STATEMENTS: OrderedDict[Hashable, SelectBase] = OrderedDict()


def kept(key: Hashable, build: Callable[[], S]) -> S:
    """The statement called `key`, which `build` makes when it is not there. Whatever its SQL hangs on stands
    in the key; values come as binds when it is run."""
    found = _STATEMENTS.get(key)
    if found is None:
        found = _STATEMENTS[key] = keep(build())
        if len(_STATEMENTS) > _MOST:
            _STATEMENTS.popitem(last=False)
    return found  # type: ignore[return-value]
