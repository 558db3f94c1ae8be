"""Statements that are compiled once, each found again as the object that it is, with what never changes written
into the SQL."""

from typing import Any, TypeVar
from weakref import WeakSet

from sqlalchemy import BindParameter, Boolean, Integer, SelectBase, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.cache_key import CacheKey

S = TypeVar("S", bound=SelectBase)

# By identity: whatever is made out of one of them is another, and is not here.
_ONCE: WeakSet[Any] = WeakSet()


def compiled_once(statement: S) -> S:
    """The statement, which is compiled once and found again as the object that it is. By its own way, SQLAlchemy hashes
    a tree of a thousand parts with each run, and puts the values in it in the place of another's."""
    if statement._generate_cache_key() is not None:  # else it is compiled each time
        alone = CacheKey((object(),), (), None)
        statement._generate_cache_key = lambda: alone  # type: ignore[method-assign]
        _ONCE.add(statement)
    return statement


@compiles(BindParameter)
def _bind(bind: BindParameter[Any], compiler: Any, **kw: Any) -> str:
    """A value of such a statement, as SQL: words and whole numbers that stand in it are written out, and a value that
    comes by its name is one however often it stands there. Each bind costs with every run, in SQLAlchemy and in the
    driver; most of them were constants, or the tenant once more."""
    if compiler.statement in _ONCE:
        if _is_constant(bind):
            written = compiler.render_literal_bindparam(bind)
            return f"({written})" if bind.expanding else str(written)
        if bind.required:
            bind = compiler.binds.get(bind.key, bind)
    return str(compiler.visit_bindparam(bind, **kw))


def _is_constant(bind: BindParameter[Any]) -> bool:
    if bind.required or bind.callable or not isinstance(bind.type, (String, Integer, Boolean)):
        return False
    values: Any = bind.value if bind.expanding else [bind.value]
    return bool(values) and all(type(value) in (str, int, bool) for value in values)
