"""What a search comes to, for a page or a program: counts by module, and the best of what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.db.session import WalledSession
from core.installation import installation
from core.records.errors import NotHere
from core.search.hits import Count, search
from core.search.shown import Group, groups
from core.search.typed import read_words
from core.search.wanted import searched

#: so many are shown of each module, and of one that was chosen
OF_EACH, OF_ONE = 5, 50


@dataclass(frozen=True)
class Answer:
    """What a search comes to: by module, that with the best first, how many there are and the best of them. `words` is
    empty where nothing was typed that could be looked for; of one module that was chosen, `groups` has that alone."""

    words: Sequence[str]
    groups: list[Group]
    counts: Mapping[str, Count]


def answer(session: WalledSession, text: str, module: str = "") -> Answer:
    """Search all modules, and show the best of each; of `module` alone and more of it, where it is named.

    Raises BadSearch for a text that is none, NotHere for a module that the session's viewer cannot search."""
    words = read_words(text)
    there = {each.model.portal_module for each in searched(installation().registry, session.sight)}
    if module and module not in there:
        raise NotHere
    hits = search(session, text)
    if not module:
        return Answer(words, groups(session, hits, words, OF_EACH), hits.counts)
    only = replace(hits, hits=[hit for hit in hits.hits if hit.module == module])
    return Answer(words, groups(session, only, words, OF_ONE), hits.counts)
