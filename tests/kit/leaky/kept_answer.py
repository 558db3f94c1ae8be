"""A number that was counted for whoever came first, as the answer of functions that are kept, and in a list that one of
them gives."""

from functools import lru_cache

from postigo_leaky import parts


@lru_cache
def _counted() -> str:
    return str(parts.count())


@lru_cache
def _board() -> list[str]:
    return []


def count() -> str:
    """How many there are, asked of the database only once."""
    if not _board():
        _board().append(str(parts.count()))
    return _counted() + _board()[0]
