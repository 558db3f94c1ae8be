"""Statements are compiled once for all applications of a process, as a server that runs for long does: to compile what
a first page asks takes twice as long as the rest of it.

A test that patches something may change what is compiled: it has all compiled anew, and keeps it for itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from core.db import ready

#: as many as several applications keep
_MOST = 6000


class Shared:
    """What is compiled at present, for all engines."""

    def __init__(self) -> None:
        self.now: LRUCache[Any, Any] = LRUCache(_MOST)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Compile all anew until the block is left, and forget it then."""
        kept, self.now = self.now, LRUCache(_MOST)
        _forget_names()
        try:
            yield
        finally:
            self.now = kept
            _forget_names()


def _forget_names() -> None:
    """Let statements that are ready learn again which values stand in them: with a guard patched away it is others."""
    for kept in ready._KEPT.values():
        for each in kept.shapes.values():
            each.names.clear()


SHARED = Shared()


def share(patch: pytest.MonkeyPatch) -> None:
    """Let all engines share what is compiled, until the patch is undone: dialects that say the same are the same."""
    shared = property(lambda engine: SHARED.now, lambda engine, own: None)
    patch.setattr(Engine, "_compiled_cache", shared, raising=False)
    patch.setattr(DefaultDialect, "__hash__", lambda dialect: hash((type(dialect), dialect.paramstyle)))
    patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other) and _says(one) == _says(other))


def _says(dialect: Any) -> tuple[Any, ...]:
    """What the text of a statement hangs on, besides the kind of database."""
    return dialect.paramstyle, getattr(dialect, "server_version_info", None)
