"""Statements that are built once and run with every request: each is walked, and given the predicate, once for each
shape of sight, and is ready from then on."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import CursorResult, Select, SelectBase
from sqlalchemy.orm import Session

from core.db.once import compiled_once
from core.db.walk import refuse_walk

if TYPE_CHECKING:
    from core.db.session import WalledSession

_MOST_SHAPES = 200

S = TypeVar("S", bound=SelectBase)


@dataclass(slots=True)
class _Ready:
    """A statement with one shape's predicate, and for each kind of database the values of the wall that stand in it,
    by name, once it was compiled there."""

    statement: Any
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is ready of one statement, by shape. `plain` says that it gives values alone, and no objects."""

    plain: bool
    shapes: dict[Any, _Ready] = field(default_factory=dict)


# By identity: whatever is made out of one of them is another, and is not here.
_KEPT: "WeakKeyDictionary[Any, _Kept]" = WeakKeyDictionary()


def keep(statement: S) -> S:
    """Mark a Select that is built once and run with every request: it is walked, and given the predicate,
    once for each shape of sight. What differs between two runs of it are values of its binds alone."""
    _KEPT[statement] = _Kept(_is_plain(statement))
    return statement


def _is_plain(statement: SelectBase) -> bool:
    """Whether each of its columns is a value. What is selected of several Selects together always is."""
    if not isinstance(statement, Select):
        return True
    return all(
        each.get("entity") is None or each["expr"] is not each["entity"] for each in statement.column_descriptions
    )


def walled(statement: Any, session: "WalledSession") -> Any:
    """A statement that is kept, with the predicate of the session's sight; None for one that is not kept. Raises
    Refused where a part of it would read without."""
    kept = _KEPT.get(statement)
    if kept is None:
        return None
    token = session._shape.token
    ready = kept.shapes.get(token)
    if ready is None:
        refuse_walk(statement)
        if len(kept.shapes) >= _MOST_SHAPES:
            kept.shapes.clear()
        ready = kept.shapes[token] = _Ready(compiled_once(statement.options(session._criterion)))
    return ready.statement


def run_ready(session: "WalledSession", statement: Any, values: Any) -> CursorResult[Any] | None:
    """Run a statement that is ready for this shape of sight, with the values of its own binds, by the shortest way:
    for values alone, what SQLAlchemy does to make objects costs as much as the database. None where it is not ready,
    or gives objects: the session's own way makes it ready, and refuses what must not run."""
    kept = _KEPT.get(statement) if isinstance(statement, SelectBase) else None
    ready = kept.shapes.get(session._shape.token) if kept is not None and kept.plain else None
    if ready is None:
        return None
    read = session._only_reads
    connection = read.connection if read is not None and read.is_active else Session.connection(session)
    of_wall, kind = session._binds, connection.dialect.name
    names = ready.names.get(kind, of_wall)
    known = {**(values or {}), **{name: of_wall[name] for name in names}}  # no value of a caller's moves the wall
    found = connection.execute(ready.statement, known, execution_options=session._checked())
    if names is of_wall:
        binds: Any = found.context.compiled.binds  # type: ignore[union-attr]
        ready.names[kind] = tuple(name for name in of_wall if name in binds)
    return found
