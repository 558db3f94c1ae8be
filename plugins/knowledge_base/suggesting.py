"""Articles about what somebody is about to write: those that share most of its rarer words."""

import re

from core.api import Suggestion, WalledSession, search
from plugins.knowledge_base import reading

#: so many are suggested, for so many of the longest words (of four letters and more)
_MOST, _WORDS = 4, 8
_WORD = re.compile(r"[^\W\d_]{4,40}")


def suggest(session: WalledSession, text: str) -> list[Suggestion]:
    """The articles that the session's contact may read on what is typed, the best first. A word that many articles have
    says little of any."""
    weight: dict[int, float] = {}
    words = sorted(dict.fromkeys(word.casefold() for word in _WORD.findall(text)), key=len, reverse=True)[:_WORDS]
    for word in words:
        hits = [hit for hit in search(session, word, ["knowledge_base"]).hits if hit.resource == "article"]
        for hit in hits:
            weight[hit.id] = weight.get(hit.id, 0) + 1 / len(hits)
    enough = max(weight.values(), default=0) / 2
    best = sorted((each for each in weight if weight[each] >= enough), key=lambda each: -weight[each])[: _MOST * 3]
    return [Suggestion(each["title"], each["url"]) for each in reading.of_ids(session, best)][:_MOST]
