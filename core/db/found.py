"""`column IN (ids that the index of the search finds)`, on either database: what is wanted comes as binds, the newest
of it first, up to a number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, bindparam
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine


@dataclass(frozen=True)
class Term:
    """One term of the index; with `begins`, each that begins so."""

    text: str
    begins: bool = False


@dataclass(frozen=True)
class Every:
    """All of these."""

    parts: tuple["Wanted", ...]


@dataclass(frozen=True)
class Either:
    """At least one of these. None at all finds nothing."""

    parts: tuple["Wanted", ...]


Wanted = Term | Every | Either

#: stands in no entry
_NEVER = Term("!")


def every(parts: Iterable[Wanted]) -> Wanted:
    """All of these, of which there is at least one."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else Every(found)


def either(parts: Iterable[Wanted]) -> Wanted:
    """At least one of these."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else Either(found)


def as_fts5(wanted: Wanted) -> str:
    """As SQLite's FTS5 reads it. Each term stands in quotes, where nothing is an operator."""
    if isinstance(wanted, Term):
        quoted = '"' + wanted.text.replace('"', '""') + '"'
        return f"{quoted} *" if wanted.begins else quoted
    joint = " AND " if isinstance(wanted, Every) else " OR "
    return "(" + joint.join(as_fts5(part) for part in wanted.parts or (_NEVER,)) + ")"


def as_tsquery(wanted: Wanted) -> str:
    """As PostgreSQL's tsquery reads it. Each term stands in quotes, where nothing is an operator."""
    if isinstance(wanted, Term):
        quoted = "'" + wanted.text.replace("\\", "\\\\").replace("'", "''") + "'"
        return f"{quoted}:*" if wanted.begins else quoted
    joint = " & " if isinstance(wanted, Every) else " | "
    return "(" + joint.join(as_tsquery(part) for part in wanted.parts or (_NEVER,)) + ")"


class WantedType(TypeDecorator[Any]):
    """What is wanted, as a value in the database's own language."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSQUERY() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Wanted | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return as_tsquery(value) if dialect.name == "postgresql" else as_fts5(value)


class Found(ColumnElement[bool]):
    """Whether the record with this id is found: among the newest `<name>_most` of what the bind `<name>` wants, or
    among the newest `<name>_first_most` of what `<name>_first` does. The wall is added to the statement that it
    stands in, as to any."""

    inherit_cache = True
    _traverse_internals = [
        ("column", InternalTraversal.dp_clauseelement),
        ("first", InternalTraversal.dp_clauseelement),
        ("first_most", InternalTraversal.dp_clauseelement),
        ("wanted", InternalTraversal.dp_clauseelement),
        ("most", InternalTraversal.dp_clauseelement),
    ]
    type = Boolean()

    def __init__(self, column: Any, name: str) -> None:
        self.column = coercions.expect(roles.ExpressionElementRole, column)
        self.first = bindparam(f"{name}_first", type_=WantedType(), required=True)
        self.first_most = bindparam(f"{name}_first_most", type_=Integer(), required=True)
        self.wanted = bindparam(name, type_=WantedType(), required=True)
        self.most = bindparam(f"{name}_most", type_=Integer(), required=True)

    def self_group(self, against: Any = None) -> "Found":
        """Itself, as `InKeys` does."""
        return self

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


_OF_FTS5 = "SELECT rowid FROM search_terms WHERE search_terms MATCH {} ORDER BY rowid DESC LIMIT {}"


@compiles(Found)
def _in_fts5(element: Found, compiler: Any, **kw: Any) -> str:
    column, *binds = (compiler.process(getattr(element, name), **kw) for name in _PARTS)
    first, wanted = _OF_FTS5.format(*binds[:2]), _OF_FTS5.format(*binds[2:])
    return f"{column} IN (SELECT * FROM ({first}) UNION SELECT * FROM ({wanted}))"  # noqa: S608 - binds alone


@compiles(Found, "postgresql")
def _in_gin(element: Found, compiler: Any, **kw: Any) -> str:
    column, first, first_most, wanted, most = (compiler.process(getattr(element, name), **kw) for name in _PARTS)
    found = f"SELECT search_found({first}, {first_most}) UNION SELECT search_found({wanted}, {most})"
    return f"{column} = ANY (ARRAY({found}))"


_PARTS = ("column", "first", "first_most", "wanted", "most")
