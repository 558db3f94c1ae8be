"""What is found: records of all modules, through the reader's own session, the best first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from core.db.found import Found
from core.db.record import Record
from core.db.session import WalledSession, keep
from core.db.words import joined, words_of
from core.installation import installation
from core.records.resource import Resource
from core.search.typed import read_words
from core.search.wanted import exactly, is_narrowed, searched, seen_fields, wanted

#: so many of the newest that match are looked at, whatever the number of those that do
MOST_HITS = 1000
#: so many of those whose number or title has the very words are looked at beside, however old
MOST_EXACT = 100
_ALL = 2_147_483_647

_HITS = keep(
    select(Record.id, Record.module, Record.resource, Record.number, Record.title)
    .where(Found(Record.id, "search"))
    .order_by(Record.id.desc())
    .limit(MOST_HITS + 1)
)


class Hit(NamedTuple):
    """One record that was found."""

    id: int
    module: str
    resource: str


@dataclass(frozen=True)
class Hits:
    """What was found, the best first; of several that are as good, the newest. `capped` where there may be more than
    were looked at: then `counts`, by module, are at least so many."""

    hits: Sequence[Hit]
    counts: dict[str, int]
    capped: bool


NONE = Hits((), {}, False)


def search(session: WalledSession, text: str, modules: Collection[str] | None = None) -> Hits:
    """The records that have all the words of `text`, in fields that the session's viewer sees: of all modules, or of
    those named. A word is met by one that begins with it; accents and case do not count.

    Raises BadSearch for a text that is none."""
    words = read_words(text)
    resources = searched(installation().registry, session.sight, modules)
    if not words or not resources:
        return NONE
    sight = session.sight
    values = {
        "search": wanted(sight, resources, words),
        "search_most": MOST_HITS + 1 if is_narrowed(sight) else _ALL,
        "search_first": exactly(sight, resources, words),
        "search_first_most": MOST_EXACT if is_narrowed(sight) else _ALL,
    }
    found = session.execute(_HITS, values).all()
    capped = len(found) > MOST_HITS
    ranked = _Ranking(session, resources, words, text)
    hits = [Hit(*row[:3]) for row in sorted(found, key=ranked)]
    counts: dict[str, int] = {}
    for hit in hits:
        counts[hit.module] = counts.get(hit.module, 0) + 1
    return Hits(hits, counts, capped)


class _Ranking:
    """How good a hit is: its number is what was typed, its number or title has all the words, or another field does.
    What the reader does not see of a record counts for nothing."""

    def __init__(self, session: WalledSession, resources: Sequence[Resource], words: Sequence[str], text: str) -> None:
        self._words, self._number = words, joined(text)
        self._seen = {
            (each.model.portal_module, each.name): (each.number in seen, each.title_field in seen)
            for each in resources
            if (seen := seen_fields(each, session.sight)) is not None
        }

    def __call__(self, row: tuple[int, str, str, str, str]) -> int:
        _, module, resource, number, title = row
        number_seen, title_seen = self._seen.get((module, resource), (False, False))
        if number_seen and joined(number) == self._number:
            return 0
        told = words_of(f"{number if number_seen else ''} {title if title_seen else ''}")
        return 1 if all(any(each.startswith(word) for each in told) for word in self._words) else 2
