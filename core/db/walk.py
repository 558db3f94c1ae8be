"""A walk over each statement that refuses what would pass by the wall: bare tables and columns, raw
SQL, full joins. The predicate is added to mapped classes only, so that everything else must stay out."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.sql import elements, selectable
from sqlalchemy.sql.schema import Column, Table
from sqlalchemy.sql.visitors import HasTraverseInternals

# What a Select holds besides its own parts: references outwards, which are walked where they stand.
_OUTWARD = ("_correlate", "_correlate_except", "_memoized_select_entities")


class Refused(RuntimeError):
    """A statement, or a write, that would pass by the wall. The message says what to write instead."""


def refuse_walk(statement: Any) -> None:
    """Raise Refused when any part of `statement` could read rows without the viewer's predicate."""
    _scope(statement, frozenset())


def _scope(root: Any, outer: frozenset[Any]) -> None:
    """One Select (or update, delete) with its own FROM list; nested ones are scopes of their own."""
    parts = list(_parts(root))
    entities = outer | {_table(p) for p in parts if _has_entity(p)}
    for part in parts:
        if part is not root and isinstance(part, selectable.SelectBase):
            _scope(part, entities)
        else:
            _refuse(part, entities)


def _parts(root: Any) -> Iterator[Any]:
    """The parts of one scope: everything below `root`, down to nested Selects and not into them."""
    stack = list(_children(root))
    met: set[int] = set()
    yield root
    while stack:
        part = stack.pop()
        if id(part) in met:
            continue
        met.add(id(part))
        yield part
        if not isinstance(part, selectable.SelectBase):
            stack.extend(_children(part))


def _children(part: Any) -> Iterator[Any]:
    if isinstance(part, selectable.Select):
        # Select.get_children adds the tables of its columns, bare; what it refines does not.
        yield from HasTraverseInternals.get_children(part, omit_attrs=_OUTWARD)
    elif _has_entity(part) and _over_table(part):
        return
    elif isinstance(part, elements.ColumnClause) and part.table is not None:
        if not isinstance(part.table, Table):
            yield part.table  # a column of a subquery or CTE: what that selects is walked in its turn
    elif not isinstance(part, Table):
        yield from part.get_children()


def _over_table(part: Any) -> bool:
    """Whether an entity, or a column of one, reads a table itself and no subquery."""
    source = getattr(part, "table", part)
    return isinstance(source, Table) or isinstance(getattr(source, "element", None), Table)


def _annotations(part: Any) -> Any:
    return getattr(part, "_annotations", {})


def _has_entity(part: Any) -> bool:
    return "parententity" in _annotations(part)


def _table(part: Any) -> Any:
    """The plain table or alias behind an annotated table or column."""
    table = getattr(part, "table", part)
    return getattr(table, "_deannotate", lambda **_: table)() if hasattr(table, "_annotations") else table


def _refuse(part: Any, entities: frozenset[Any]) -> None:
    if isinstance(part, elements.TextClause | selectable.TextualSelect):
        raise Refused("text() passes by the wall; write the expression over mapped attributes")
    if isinstance(part, elements.ColumnClause) and part.is_literal and part.name != "*":  # count(*)
        raise Refused("literal_column() passes by the wall; use a mapped attribute or literal()")
    if isinstance(part, selectable.Join) and part.full:
        raise Refused("a full join passes by the wall; use an outer join or a union")
    if isinstance(part, Table) and not _has_entity(part) and _table(part) not in entities:
        raise Refused(f"the bare table {part.name} passes by the wall; use its mapped class")
    if isinstance(part, Column) and not _harmless_column(part, entities):
        raise Refused(f"the bare column {part.table.name}.{part.name} passes by the wall; use the mapped attribute")
    if isinstance(part, selectable.TableClause) and not isinstance(part, Table):
        raise Refused("table() passes by the wall; use a mapped class")
    if isinstance(part, selectable.TableValuedAlias):
        raise Refused("a table-valued function passes by the wall")


def _harmless_column(column: Any, entities: frozenset[Any]) -> bool:
    if not isinstance(column.table, Table | selectable.Alias):
        return True
    notes = _annotations(column)
    if "parententity" in notes or "parentmapper" in notes or "local" in notes or "remote" in notes:
        return True
    return _table(column) in entities
