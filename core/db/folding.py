"""Text folded for searching: no case, no accents, the same on both databases."""

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, Text, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


def _pairs() -> dict[str, str]:
    """What becomes of each letter of the Latin, Greek and Cyrillic blocks that has case or an accent."""
    blocks = (range(0xC0, 0x250), range(0x370, 0x530), range(0x1E00, 0x2000))
    found = {}
    for letter in (chr(code) for block in blocks for code in block):
        plain = _base(letter)
        if len(plain) == 1 and plain.isalpha() and plain != letter:
            found[letter] = plain
    return found


def _base(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter.lower()).lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_PAIRS = _pairs()
_FROM, _TO = "".join(_PAIRS), "".join(_PAIRS.values())
# Accents that stand for themselves, as some systems write them.
_DROPPED = "".join(chr(code) for code in range(0x300, 0x370))
_TABLE = str.maketrans(_FROM, _TO, _DROPPED)
_ASCII = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(text: str | None) -> str | None:
    """`text` in lower case and without accents ("Señalización" becomes "senalizacion").

    Letter by letter from one table, which SQL uses too: `str.lower` knows letters that a database's
    does not, and each database's locale knows others."""
    if text is None:
        return None
    folded_ascii = text.translate(_ASCII)
    return folded_ascii if text.isascii() else folded_ascii.translate(_TABLE)


class Folded(GenericFunction[str]):
    """`fold` over a column, in SQL."""

    type = Text()
    name = "postigo_fold"
    inherit_cache = True


@compiles(Folded, "postgresql")
def _translate(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    lower = f'lower({value} COLLATE "C")'
    # Most texts are ASCII, and the long table is slow. What the second list lacks is dropped.
    return (
        f"CASE WHEN octet_length({value}) = length({value}) THEN {lower}"
        f" ELSE translate({lower}, '{_FROM}{_DROPPED}', '{_TO}') END"
    )


def folded(column: Any) -> ColumnElement[str]:
    """The folded text of `column`, to be compared with `fold(what was typed)`."""
    return func.postigo_fold(column)
