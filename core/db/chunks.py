"""Long lists in pieces, each of which one statement takes."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

#: far below the number of values that a statement takes on either database
_SIZE = 500


def in_chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in their order, a few hundred at a time."""
    for start in range(0, len(values), _SIZE):
        yield values[start : start + _SIZE]
