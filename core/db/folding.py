"""Text folded for searching: no case, no accents, the same on both databases."""

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, Text, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


def fold(text: str | None) -> str | None:
    """`text` in lower case and without accents ("Señalización" becomes "senalizacion")."""
    if text is None or text.isascii():
        return text.lower() if text is not None else None
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _latin_pairs() -> tuple[str, str]:
    """The accented letters of the Latin blocks, and the plain letter of each."""
    pairs = [(chr(c), fold(chr(c))) for c in range(0xC0, 0x250)]
    kept = [(a, b) for a, b in pairs if b and len(b) == 1 and a != b and a == a.lower()]
    return "".join(a for a, _ in kept), "".join(b for _, b in kept)


_FROM, _TO = _latin_pairs()


class Folded(GenericFunction[str]):
    """`fold` over a column, in SQL."""

    type = Text()
    name = "postigo_fold"
    inherit_cache = True


@compiles(Folded, "postgresql")
def _translate(element: Any, compiler: Any, **kw: Any) -> str:
    return f"translate(lower({compiler.process(element.clauses, **kw)}), '{_FROM}', '{_TO}')"


def folded(column: Any) -> ColumnElement[str]:
    """The folded text of `column`, to be compared with `fold(what was typed)`."""
    return func.postigo_fold(column)
