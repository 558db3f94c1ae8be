"""`column IN (many keys)` with the keys as one bind: the same SQL whatever their number, so that the
statement is compiled once and two thousand keys cost what two cost."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine, UserDefinedType


class KeyList(TypeDecorator[Any]):
    """A list of integers or strings as one value: JSON text on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, of_text: bool = False) -> None:
        super().__init__()
        self.of_text = of_text

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(_Array("TEXT[]" if self.of_text else "BIGINT[]"))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        return (_as_array if dialect.name == "postgresql" else _as_json)(tuple(value or ()))


class _Array(UserDefinedType[str]):
    """An array of PostgreSQL, which comes written out: the driver would look at each key of a list, in each
    statement."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, spelt: str) -> None:
        self.spelt = spelt

    def get_col_spec(self, **kw: Any) -> str:
        """The type as SQL spells it."""
        return self.spelt


@lru_cache(maxsize=1000)  # a page binds the same few lists in each of its statements
def _as_json(keys: tuple[Any, ...]) -> str:
    return json.dumps(keys)


@lru_cache(maxsize=1000)
def _as_array(keys: tuple[Any, ...]) -> str:
    return f"{{{','.join(map(_element, keys))}}}"


def _element(key: Any) -> str:
    if not isinstance(key, str):
        return str(int(key))
    escaped = key.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


class InKeys(ColumnElement[bool]):
    """`column IN (keys)`, where the keys come as the required bind `name` at execution."""

    inherit_cache = True
    _traverse_internals = [
        ("column", InternalTraversal.dp_clauseelement),
        ("keys", InternalTraversal.dp_clauseelement),
    ]
    type = Boolean()

    def __init__(self, column: Any, name: str, of_text: bool = False) -> None:
        self.column = coercions.expect(roles.ExpressionElementRole, column)
        self.keys = bindparam(name, type_=KeyList(of_text), required=True)

    def self_group(self, against: Any = None) -> "InKeys":
        """Itself: SQLAlchemy would write `= 1` behind it where a database has no booleans, and no index
        could answer that."""
        return self

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(InKeys)
def _in_json(element: InKeys, compiler: Any, **kw: Any) -> str:
    column, keys = compiler.process(element.column, **kw), compiler.process(element.keys, **kw)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 - `keys` is a bind


@compiles(InKeys, "postgresql")
def _in_array(element: InKeys, compiler: Any, **kw: Any) -> str:
    column, keys = compiler.process(element.column, **kw), compiler.process(element.keys, **kw)
    return f"{column} = ANY ({keys})"
