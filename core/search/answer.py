"""What a search comes to, for a page or a program: counts by module, and the best of what was found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.db.session import WalledSession
from core.installation import installation
from core.records.errors import NotHere
from core.search.hits import NONE, Hits, search
from core.search.shown import Group, groups
from core.search.typed import read_words
from core.search.wanted import searched

#: so many are shown of each module, and of one that was chosen
OF_EACH, OF_ONE = 5, 50
#: counts of more are told as "more than"
MOST_COUNTED = 100


@dataclass(frozen=True)
class Count:
    """How many were found in a module: at least so many, where `capped`; unknown (None) where there may be some that
    are older than those that were looked at."""

    module: str
    number: int | None
    capped: bool


@dataclass(frozen=True)
class Answer:
    """What a search comes to. `words` is empty where nothing was typed that could be looked for."""

    words: Sequence[str]
    groups: list[Group]
    counts: list[Count]


def answer(session: WalledSession, text: str, module: str = "") -> Answer:
    """Search all modules, and show the best of each; of `module` alone and more of it, where it is named.

    Raises BadSearch for a text that is none, NotHere for a module that the session's viewer cannot search."""
    words = read_words(text)
    there = [each.model.portal_module for each in searched(installation().registry, session.sight)]
    if module and module not in there:
        raise NotHere
    hits = search(session, text) if words else NONE
    counts = [count for name in dict.fromkeys(there) if (count := _count(hits, name)) is not None]
    if not module:
        return Answer(words, groups(session, hits, words, OF_EACH), counts)
    return Answer(words, groups(session, _only(session, hits, text, module), words, OF_ONE), counts)


def _count(hits: Hits, module: str) -> Count | None:
    number = hits.counts.get(module)
    if number is None:
        return Count(module, None, hits.capped) if hits.capped else None
    return Count(module, min(number, MOST_COUNTED), hits.capped or number > MOST_COUNTED)


def _only(session: WalledSession, hits: Hits, text: str, module: str) -> Hits:
    """The hits of one module; looked for anew where those of others may have stood before them."""
    if hits.capped:
        return search(session, text, [module])
    found = [hit for hit in hits.hits if hit.module == module]
    return replace(hits, hits=found, counts={module: len(found)} if found else {})
