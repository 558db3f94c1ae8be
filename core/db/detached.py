"""Objects that are read as plain values and belong to no session."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached

T = TypeVar("T")


class Detached(Generic[T]):
    """Makes objects of a mapped class out of rows that hold `columns`, one after the other. They are what objects of a
    session are once they have left it, at half the price: nothing looks whether it holds them already, or waits for
    what is changed in them."""

    def __init__(self, cls: type[T]) -> None:
        mapper: Any = inspect(cls)
        self._names = [attribute.key for attribute in mapper.column_attrs]
        self._id = self._names.index("id")
        self._manager = mapper.class_manager
        #: what a statement selects for one object
        self.columns: list[Any] = [getattr(cls, name) for name in self._names]

    def made(self, row: Sequence[Any], first: int = 0) -> T | None:
        """The object whose values begin at `first` in the row; None where it has no id, as in an outer join."""
        values = row[first : first + len(self._names)]
        if values[self._id] is None:
            return None
        made: T = self._manager.new_instance()
        made.__dict__.update(zip(self._names, values, strict=True))
        make_transient_to_detached(made)
        return made
