"""`column IN (ids that the index of the search finds)`, on either database: what is wanted comes as binds, the newest
of it first, up to a number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, Text, bindparam
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

#: no number that any kind has more of
NO_LIMIT = 2_147_483_647
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


@dataclass(frozen=True)
class _Part:
    """The binds of one kind of records: its name, what is wanted of it, and what is, however old."""

    kind: Any
    wanted: Any
    most: Any
    first: Any
    first_most: Any

    @classmethod
    def called(cls, name: str) -> "_Part":
        wanted = (bindparam(f"{name}_{each}", type_=WantedType(), required=True) for each in ("wanted", "first"))
        most = (bindparam(f"{name}_{each}_most", type_=Integer(), required=True) for each in ("wanted", "first"))
        parts = [each for pair in zip(wanted, most, strict=True) for each in pair]
        return cls(bindparam(f"{name}_kind", type_=String(), required=True), *parts)


class Found(ColumnElement[bool]):
    """Whether the record with this id is found, of any of so many kinds: for each, the newest of what is wanted, up to
    a number, and beside them the newest of what comes first, however old. `values` gives the values of the binds, whose
    names begin with `name`. The wall is added to the statement that it stands in, as to any."""

    inherit_cache = True
    _traverse_internals = [
        ("column", InternalTraversal.dp_clauseelement),
        ("binds", InternalTraversal.dp_clauseelement_list),
    ]
    type = Boolean()

    def __init__(self, column: Any, kinds: int, name: str = "found") -> None:
        self.column = coercions.expect(roles.ExpressionElementRole, column)
        parts = [_Part.called(f"{name}_{n}") for n in range(kinds)]
        self.binds = [bind for part in parts for bind in vars(part).values()]

    @staticmethod
    def values(sought: Sequence["Sought"], name: str = "found") -> dict[str, Any]:
        """The values of the binds, for as many kinds as there are."""
        return {f"{name}_{n}_{bind}": value for n, each in enumerate(sought) for bind, value in each.values().items()}

    def self_group(self, against: Any = None) -> "Found":
        """Itself, as `InKeys` does."""
        return self

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@dataclass(frozen=True)
class Sought:
    """What is looked for among the records of one kind: the newest `most` of what is `wanted`, and the newest
    `first_most` of what comes `first`."""

    kind: str
    wanted: Wanted
    most: int
    first: Wanted
    first_most: int

    def values(self) -> dict[str, Any]:
        """The values of the binds of one part."""
        wanted = {"wanted": self.wanted, "wanted_most": self.most}
        return {"kind": self.kind, **wanted, "first": self.first, "first_most": self.first_most}


_OF_FTS5 = "SELECT * FROM (SELECT rowid FROM search_terms WHERE search_terms MATCH {} ORDER BY rowid DESC LIMIT {})"
_BINDS_OF_ONE = 5


@compiles(Found)
def _in_fts5(element: Found, compiler: Any, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    # The words' codes say of which kind they are.
    asked = [part[1:] for part in _parts(element)]
    pairs = [pair for wanted, most, first, first_most in asked for pair in ((first, first_most), (wanted, most))]
    found = (_OF_FTS5.format(*(compiler.process(bind, **kw) for bind in pair)) for pair in pairs)
    return f"{column} IN ({' UNION '.join(found)})"


@compiles(Found, "postgresql")
def _in_gin(element: Found, compiler: Any, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    calls = (f"SELECT search_found({', '.join(compiler.process(b, **kw) for b in part)})" for part in _parts(element))
    return f"{column} = ANY (ARRAY({' UNION ALL '.join(calls)}))"


def _parts(element: Found) -> list[list[Any]]:
    binds = element.binds
    return [binds[start : start + _BINDS_OF_ONE] for start in range(0, len(binds), _BINDS_OF_ONE)]
