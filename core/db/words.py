"""Words as they stand in the index of the search: folded, without signs; what is kept and what is typed alike."""

import re

from core.db.folding import fold

#: what a word is cut to; what is typed is cut likewise
LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text in their order, in lower case and without accents ("FA-12 Señal" becomes "fa", "12",
    "senal")."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text) or "")]


def joined(text: str) -> str:
    """A number as one word, however it is written ("FA-2024/12" becomes "fa202412")."""
    return "".join(words_of(text))[:LONGEST_WORD]
