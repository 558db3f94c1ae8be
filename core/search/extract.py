"""What of a text is shown of a hit: the place where the words stand, with the words marked."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from core.db.words import LONGEST_WORD, words_of
from core.search.wanted import SHORTEST_BEGINNING

#: how long an extract is, about, and how much of it stands before the first word that is marked
LENGTH, _BEFORE = 200, 60
#: so much of a text is looked through; what is longer than this is no word
_LOOKED_AT, _LONGEST = 100_000, 200
_WORD = re.compile(r"[^\W_]+")


class Piece(NamedTuple):
    """A stretch of text, marked or not."""

    text: str
    marked: bool = False


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """A text as pieces, with each word marked that one of `words` (as `words_of` gives them) meets."""
    text = unicodedata.normalize("NFC", text)
    pieces, done = [], 0
    for found in _WORD.finditer(text):
        if _is_met(found[0], words):
            if found.start() > done:
                pieces.append(Piece(text[done : found.start()]))
            pieces.append(Piece(found[0], marked=True))
            done = found.end()
    return [*pieces, Piece(text[done:])] if done < len(text) else pieces


def extract(text: str, words: Sequence[str]) -> list[Piece]:
    """The place of a long text where one of `words` first stands; nothing where none does."""
    text = " ".join(map(_composed, text[:_LOOKED_AT].split()))
    first = next((found for found in _WORD.finditer(text) if _is_met(found[0], words)), None)
    if first is None:
        return []
    start = _at_a_space(text, first.start() - _BEFORE)
    end = len(text) if len(text) <= start + LENGTH else max(_at_a_space(text, start + LENGTH), first.end())
    before, behind = "… " if start else "", " …" if end < len(text) else ""
    return marked(f"{before}{text[start:end].strip()}{behind}", words)


def _composed(word: str) -> str:
    """A word with its accents as keyboards type them. What is none stays as it is: whoever writes thousands of accents
    in a row would keep everybody waiting who finds it, until these are in their order."""
    return word if word.isascii() or len(word) > _LONGEST else unicodedata.normalize("NFC", word)


def _at_a_space(text: str, place: int) -> int:
    """The last place before `place` at which a word begins; `place` itself where there is none for long."""
    if place <= 0:
        return 0
    space = text.rfind(" ", max(place - 40, 0), place)
    return place if space < 0 else space + 1


def _is_met(word: str, words: Sequence[str]) -> bool:
    folded = next(iter(words_of(word)), "")[:LONGEST_WORD]
    return any(folded == each or (len(each) >= SHORTEST_BEGINNING and folded.startswith(each)) for each in words)
