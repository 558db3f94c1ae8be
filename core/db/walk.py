"""A walk over each statement that refuses what would pass by the wall: bare tables and columns, raw
SQL, full joins. The predicate is added to mapped classes only, so that everything else must stay out."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.orm.strategy_options import _AbstractLoad
from sqlalchemy.sql import elements, operators, selectable
from sqlalchemy.sql import util as sql_util
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.schema import Column, Table
from sqlalchemy.sql.visitors import HasTraverseInternals

from core.db.model import Model

# What a Select holds besides its own parts: references outwards, which are walked where they stand; and
# joins, which may name a relationship.
_OUTWARD = ("_correlate", "_correlate_except", "_memoized_select_entities", "_setup_joins")
# Where text of the caller's own gets into a statement beside its elements.
_RAW = ("_hints", "_statement_hints", "_prefixes", "_suffixes")
_WITH_RAW = (selectable.HasPrefixes, selectable.HasSuffixes, selectable.HasHints)
_SCOPES = (selectable.SelectBase, UpdateBase)
_VALUES = (elements.BindParameter, elements.Null, elements.True_, elements.False_)
_SYMBOLS = re.compile(r"[-+*/%<>=!~@#&|^?]+")
# What count(*) and select(1) are made of.
_PLAIN = re.compile(r"\*|[0-9]+")
# Columns of a relationship's own condition, which reach out of the scope that they stand in.
_OF_RELATIONSHIP = ("parentmapper", "local", "remote")

_Froms = frozenset[Any]

# What SQLAlchemy itself asks, to find the entities that it adds the predicate for.
_surface: Any = sql_util.surface_expressions
_first_annotation: Any = sql_util.extract_first_column_annotation


class Refused(RuntimeError):
    """A statement, or a write, that would pass by the wall. The message says what to write instead."""


def refuse_walk(statement: Any) -> None:
    """Raise Refused when any part of `statement` could read rows without the viewer's predicate."""
    _scope(statement, frozenset(), frozenset())


def refuse_expression(expression: Any, tables: Iterable[Any]) -> None:
    """Raise Refused when an SQL expression that a class over `tables` declares could read other rows
    without the predicate (a column property, the condition of a relationship)."""
    here = frozenset(tables)
    _scope(expression, here, here)


def _scope(root: Any, near: _Froms, far: _Froms) -> None:
    """One Select (or update, delete) with its own FROM list; nested ones are scopes of their own.
    `near` is what the scope around it reads from, `far` what all those around it do."""
    parts = list(_parts(root))
    entities = frozenset(_table(part) for part in parts if _has_entity(part))
    known = entities if isinstance(root, _SCOPES) else entities | near
    for part in parts:
        _refuse(part, known, far, nested=part is not root)
    correlated = frozenset(table for table in entities if _correlates(root, table, near, far))
    if isinstance(root, selectable.Select):
        _refuse_unfiltered(root, correlated)
    elif isinstance(root, UpdateBase):
        _refuse_second_table(root, entities)
    local = entities - correlated if isinstance(root, selectable.Select | UpdateBase) else near
    in_from = {
        id(part.element)
        for part in parts
        if isinstance(part, selectable.AliasedReturnsRows) and not isinstance(part, selectable.Lateral)
    }
    for part in parts:
        if part is not root and isinstance(part, selectable.SelectBase):
            _scope(part, frozenset() if id(part) in in_from else local, far if id(part) in in_from else far | local)


def _correlates(select: Any, table: Any, near: _Froms, far: _Froms) -> bool:
    """Whether `table`, met in a nested Select, is that of a Select around it and not read anew. Left to
    itself, SQLAlchemy looks no further than the Select next to it."""
    if not isinstance(select, selectable.Select):
        return table in near
    if select._correlate_except is not None:
        return table in far and table not in {_table(each) for each in select._correlate_except}
    if not select._auto_correlate:
        return table in far and table in {_table(each) for each in select._correlate}
    return table in near


def _parts(root: Any) -> Iterator[Any]:
    """The parts of one scope: everything below `root`, down to nested Selects and not into them."""
    stack = list(_children(root))
    met: dict[int, Any] = {}  # holds what was met: an id is only an object's own while that lives
    yield root
    while stack:
        part = stack.pop()
        if not isinstance(part, elements.ClauseElement):
            if not hasattr(part, "__clause_element__"):
                continue  # a plain value of an update
            part = part.__clause_element__()
        if id(part) in met or isinstance(part, _VALUES):
            continue
        met[id(part)] = part
        yield part
        if not isinstance(part, _SCOPES):
            stack.extend(_children(part))


def _children(part: Any) -> Iterator[Any]:
    if isinstance(part, selectable.Select):
        # Select.get_children adds the tables of its columns, bare; what it refines does not.
        yield from HasTraverseInternals.get_children(part, omit_attrs=_OUTWARD)
        yield from _of_joins(part)
        yield from _of_options(part)
    elif _has_entity(part) and _over_table(part):
        return
    elif isinstance(part, elements.ColumnClause) and part.table is not None:
        if not isinstance(part.table, Table):
            yield part.table  # a column of a subquery or CTE: what that selects is walked in its turn
    elif not isinstance(part, Table):
        yield from part.get_children()
        if isinstance(part, UpdateBase):
            yield from _of_options(part)


def _of_joins(select: Any) -> Iterator[Any]:
    """What is joined and on what. The condition of a relationship is looked at with its class."""
    for target, condition, source, _ in select._setup_joins:
        for part in (target, condition, source):
            if isinstance(part, QueryableAttribute):
                yield from part._extra_criteria
                if not _over_table(source_of := _joined(part).selectable):
                    yield source_of
            elif part is not None:
                yield part


def _joined(relation: Any) -> Any:
    """The mapper or alias that a relationship leads to."""
    return relation._of_type or relation.property.entity


def _of_options(statement: Any) -> Iterator[Any]:
    """What the loader options of a statement bring into it: conditions on what is loaded with it, and
    expressions that are loaded as attributes."""
    for option in statement._with_options:
        if not isinstance(option, _AbstractLoad):
            raise Refused(f"the option {type(option).__name__} could loosen the wall; only loader options go")
        for element in getattr(option, "context", ()):
            yield from getattr(element, "_extra_criteria", ())
            if (expression := element.local_opts.get("expression")) is not None:
                yield expression


def _over_table(part: Any) -> bool:
    """Whether an entity, or a column of one, reads a table itself and no subquery."""
    source = part.table if isinstance(part, elements.ColumnClause) else part
    if isinstance(source, selectable.AliasedReturnsRows):
        source = source.element
    return isinstance(source, Table)


def _has_entity(part: Any) -> bool:
    return "parententity" in part._annotations


def _table(part: Any) -> Any:
    """The plain table or alias behind an annotated table or column."""
    table = part.table if isinstance(part, elements.ColumnClause) else part
    return table._deannotate() if table is not None and table._annotations else table


def _refuse(part: Any, entities: _Froms, outer: _Froms, nested: bool) -> None:
    if nested and isinstance(part, UpdateBase):
        raise Refused("a statement that writes cannot stand within another")
    if isinstance(part, elements.TextClause | selectable.TextualSelect):
        raise Refused("text() passes by the wall; write the expression over mapped attributes")
    if isinstance(part, elements.ColumnClause) and part.is_literal and not _PLAIN.fullmatch(part.name):
        raise Refused("literal_column() passes by the wall; use a mapped attribute or literal()")
    if isinstance(part, _WITH_RAW) and any(getattr(part, name, None) for name in _RAW):
        raise Refused("hints, prefixes and suffixes are raw SQL, which passes by the wall")
    operator = part.operator if isinstance(part, elements.OperatorExpression) else None
    if isinstance(operator, operators.custom_op) and not _SYMBOLS.fullmatch(operator.opstring):
        raise Refused(f"op({operator.opstring!r}) is raw SQL; only operators of symbols go")
    if _has_entity(part):
        entity = part._annotations["parententity"]
        if not issubclass(entity.mapper.class_, Model):
            raise Refused(f"{entity.mapper.class_.__name__} is not derived from Model, so no wall guards it")
    else:
        _refuse_bare(part, entities, outer)


def _refuse_bare(part: Any, entities: _Froms, outer: _Froms) -> None:
    if isinstance(part, selectable.TableValuedAlias):
        raise Refused("a table-valued function passes by the wall")
    if isinstance(part, Table):
        if part not in entities:
            raise Refused(f"the bare table {part.name} passes by the wall; use its mapped class")
    elif isinstance(part, selectable.TableClause):
        raise Refused("table() passes by the wall; use a mapped class")
    elif isinstance(part, selectable.AliasedReturnsRows) and isinstance(part.element, Table):
        if part not in entities:
            raise Refused(f"the bare alias of {part.element.name} passes by the wall; use aliased(YourModel)")
    elif isinstance(part, Column) and not _harmless_column(part, entities, outer):
        raise Refused(f"the bare column {part.table.name}.{part.name} passes by the wall; use the attribute")


def _harmless_column(column: Any, entities: _Froms, outer: _Froms) -> bool:
    if not isinstance(column.table, Table | selectable.AliasedReturnsRows):
        return True
    if not isinstance(column.table, Table) and not isinstance(column.table.element, Table):
        return True  # of a subquery or CTE, which is walked
    table = _table(column)
    if table in entities:
        return True
    return table in outer and any(name in column._annotations for name in _OF_RELATIONSHIP)


def _refuse_unfiltered(select: Any, correlated: _Froms) -> None:
    """SQLAlchemy adds the predicate for what a Select names as an entity or joins, for the first entity
    of each column, and for those that lie open in the WHERE. Others would go without."""
    if any(join[3]["full"] for join in select._setup_joins):
        raise Refused("a full join passes by the wall; use an outer join or a union")
    if any(isinstance(source, selectable.Join) for source in select._from_obj):
        raise Refused("join() within select_from passes by the wall; say select(…).join(…)")
    named = {_first_entity(c) for column in select._raw_columns for c in _single_columns(column)}
    named |= {source._annotations.get("parententity") for source in select._from_obj}
    for target, condition, *_ in select._setup_joins:
        for part in (target, condition):
            joined = isinstance(part, QueryableAttribute)
            named.add(_joined(part) if joined else getattr(part, "_annotations", {}).get("parententity"))
    for part in select._where_criteria:
        named |= {open_part._annotations.get("parententity") for open_part in _surface(part)}
    for part in (*select._raw_columns, *select._where_criteria):
        for below in _parts(part):
            entity = below._annotations.get("parententity")
            if entity is not None and entity not in named and _table(below) not in correlated:
                name = entity.mapper.class_.__name__
                raise Refused(f"{name} stands in the statement unjoined; say select(…).join({name}, …)")


def _single_columns(column: Any) -> Any:
    return getattr(column, "_select_iterable", (column,)) if not _has_entity(column) else (column,)


def _first_entity(column: Any) -> Any:
    here = column._annotations.get("parententity")
    return here or _first_annotation(column, "parententity")


def _refuse_second_table(statement: Any, entities: _Froms) -> None:
    """The predicate of an update or delete is that of its own table alone."""
    if len(entities) != 1 or _table(statement.table) not in entities:
        raise Refused("update() and delete() go over one class; put what others say into a subquery")
