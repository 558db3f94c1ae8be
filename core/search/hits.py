"""What is found: records of all modules, through the reader's own session, the best first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from core.db.found import Found
from core.db.kept import kept
from core.db.record import Record
from core.db.session import WalledSession
from core.db.words import joined, words_of
from core.installation import installation
from core.records.resource import Resource
from core.search.typed import read_words
from core.search.wanted import searched, seen_fields, sought

#: so many of the newest that match are looked at, of each kind of record, and counts go so far
MOST_OF_EACH = 100
#: so many of those whose number or title has the very words are looked at beside, however old
MOST_FIRST = 25
#: whatever is found, no more than this is read
_MOST = 5000


class Hit(NamedTuple):
    """One record that was found."""

    id: int
    module: str
    resource: str


class Count(NamedTuple):
    """How many were found in a module; at least so many, where `capped`."""

    number: int
    capped: bool


@dataclass(frozen=True)
class Hits:
    """What was found, the best first; of several that are as good, the newest. `counts` go by module."""

    hits: Sequence[Hit]
    counts: Mapping[str, Count]


def search(session: WalledSession, text: str, modules: Collection[str] | None = None) -> Hits:
    """The records that have all the words of `text`, in fields that the session's viewer sees: of all modules, or of
    those named. A word is met by one that begins with it; accents and case do not count. In one statement.

    Raises BadSearch for a text that is none."""
    words = read_words(text)
    resources = searched(installation().registry, session.sight, modules)
    if not words or not resources:
        return Hits((), {})
    looked_for = [sought(session.sight, each, words, MOST_OF_EACH + 1, MOST_FIRST) for each in resources]
    statement = kept(("search", len(resources)), partial(_select, len(resources)))
    found = session.execute(statement, Found.values(looked_for)).all()
    ranking = _Ranking(session, resources, words, text)
    return Hits([Hit(*row[:3]) for row in sorted(found, key=ranking)], _counts(found))


def _select(kinds: int) -> Select[Any]:
    columns: tuple[Any, ...] = (Record.id, Record.module, Record.resource, Record.number, Record.title)
    return select(*columns).where(Found(Record.id, kinds)).order_by(Record.id.desc()).limit(_MOST)


def _counts(found: Sequence[Any]) -> dict[str, Count]:
    """Counts by module, out of those by resource: each of these stops at the number."""
    numbers: dict[str, int] = {}
    for row in found:
        numbers[row.module] = numbers.get(row.module, 0) + 1
    return {name: Count(min(number, MOST_OF_EACH), number > MOST_OF_EACH) for name, number in numbers.items()}


class _Ranking:
    """How good a hit is: its number is what was typed, its number or title has all the words, or another field does.
    What the reader does not see of a record counts for nothing."""

    def __init__(self, session: WalledSession, resources: Sequence[Resource], words: Sequence[str], text: str) -> None:
        self._words, self._number = words, joined(text)
        self._seen: dict[tuple[str, str], tuple[bool, bool]] = {}
        for each in resources:
            seen = seen_fields(each, session.sight)
            self._seen[each.model.portal_module, each.name] = (each.number in seen, each.title_field in seen)

    def __call__(self, row: Any) -> int:
        _, module, resource, number, title = row
        number_seen, title_seen = self._seen.get((module, resource), (False, False))
        if number_seen and joined(number) == self._number:
            return 0
        told = words_of(f"{number if number_seen else ''} {title if title_seen else ''}")
        return 1 if all(any(each.startswith(word) for each in told) for word in self._words) else 2
