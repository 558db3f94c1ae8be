"""What is typed into the search box, as words; read strictly."""

from core.db.words import words_of
from core.i18n import gettext
from core.records.query import LONGEST_SEARCH

MOST_WORDS = 12


class BadSearch(ValueError):
    """What was typed cannot be searched for; the text is a sentence for people."""


def read_words(text: str) -> list[str]:
    """The words of what was typed, each once; none where there is no letter or digit in it.

    Raises BadSearch for a novel."""
    if len(text) > LONGEST_SEARCH:
        raise BadSearch(gettext("Type at most %(number)s characters.", number=LONGEST_SEARCH))
    words = list(dict.fromkeys(words_of(text)))
    if len(words) > MOST_WORDS:
        raise BadSearch(gettext("Type at most %(number)s words.", number=MOST_WORDS))
    return words
