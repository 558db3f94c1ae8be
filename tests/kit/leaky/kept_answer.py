"""A number that was counted for whoever came first, as the answer of a function that is kept."""

from functools import lru_cache

from postigo_leaky import parts


@lru_cache
def _counted() -> str:
    return str(parts.count())


def count() -> str:
    """How many there are, asked of the database only once."""
    return _counted()
