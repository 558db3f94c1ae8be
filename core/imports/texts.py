"""The texts that a profile finds in a row: columns, look-ups, maps and conditions, made ready once per
table, so that a row costs no more than what its fields ask for."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import itemgetter

from core.imports.days import day_from
from core.imports.errors import RowRefused
from core.imports.profile import Lookup, OneOf, Source, Table, When
from core.imports.values import clean, multiply, read_number, round_money

Cells = Sequence[str]
Getter = Callable[[Cells], str]

# The same few numbers are multiplied again and again.
_KEPT = 20_000
# As far as four-digit years go.
_SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)
_WHOLE = re.compile(r"([+-]?[0-9]+)\.0+", re.ASCII)


def condition(when: When, places: Mapping[str, int], lookups: Mapping[str, Mapping[str, str]]) -> Callable[..., bool]:
    """The function that says whether a row meets a condition, with columns at these places."""
    wanted = [(places[column], each) for column, each in when.items()]

    def meets(cells: Cells) -> bool:
        for place, each in wanted:
            text = clean(cells[place])
            if not _holds(each, text, lookups):
                return False
        return True

    return meets


def _holds(wanted: OneOf, text: str, lookups: Mapping[str, Mapping[str, str]]) -> bool:
    if wanted.none:
        return text not in wanted.none
    if wanted.lookup:
        return text in lookups[wanted.lookup]
    return text.startswith(wanted.begins) if wanted.begins else text in wanted.values


def factor(column: str, text: str, missing: str) -> Decimal:
    """One factor of a product; `missing` is what an empty one counts as. Raises RowRefused for what is no number."""
    try:
        return read_number(clean(text) or missing)
    except RowRefused as refused:
        raise RowRefused(f"{column} {refused}") from None


def _moment_of(name: str, text: str) -> str:
    """Seconds since 1970 as a moment with its zone. Raises RowRefused for what is no such number."""
    if not _SECONDS.fullmatch(text):
        raise RowRefused(f"{name}: is no number of seconds since 1970: {text[:40]!r}")
    return datetime.fromtimestamp(int(text), UTC).isoformat()


def _parted(name: str, text: str, per: int) -> str:
    """What a count of small things is in large ones (hours, of seconds), with two decimals. Raises RowRefused for what
    is no number."""
    try:
        return str((read_number(text) / per).quantize(Decimal("0.01"), ROUND_HALF_UP))
    except RowRefused as refused:
        raise RowRefused(f"{name}: {refused}") from None


class Texts:
    """Makes the functions that find texts in the rows below `header`."""

    def __init__(
        self, table: Table, header: list[str], lookup: Callable[[Lookup], Mapping[str, str]], today: date
    ) -> None:
        self._table, self._lookup, self._today = table, lookup, today
        self.place = {name: i for i, name in enumerate(header)}

    def of(self, sources: tuple[Source, ...], name: str) -> Getter:
        """The function that gives the first text that the sources of the field `name` give, or "". It
        raises RowRefused for a text that neither look-ups nor map know."""
        if not sources:
            return lambda cells: ""
        getters = [self._one(source, name) for source in sources]
        if len(getters) == 1:
            return getters[0]

        def first(cells: Cells) -> str:
            for getter in getters:
                if text := getter(cells):
                    return text
            return ""

        return first

    def product(self, source: Source) -> Callable[[Cells, int], int]:
        """The function that multiplies columns, to an amount of a currency with so many digits. It raises
        RowRefused where one holds no number."""
        pick = itemgetter(*(self.place[column] for column in source.product))

        @lru_cache(_KEPT)
        def product(texts: tuple[str, ...], digits: int) -> int:
            factors = []
            for column, text in zip(source.product, texts, strict=True):
                factors.append(factor(column, text, source.missing))
            return round_money(multiply(factors), digits)

        return lambda cells, digits: product(pick(cells), digits)

    def meets(self, when: When) -> Callable[[Cells], bool]:
        """The function that says whether a row meets a condition."""
        lookups = {name: self._lookup(self._table.lookups[name]) for each in when.values() if (name := each.lookup)}
        return condition(when, self.place, lookups)

    def _one(self, source: Source, name: str) -> Getter:
        if not source.when:
            return self._value(source, name)
        meets, value = self.meets(source.when), self._value(source, name)
        return lambda cells: value(cells) if meets(cells) else ""

    def _value(self, source: Source, name: str) -> Getter:
        if source.value is not None:
            fixed = source.value
            return lambda cells: fixed
        if source.join:
            pick = [self.place[column] for column in source.join]
            return lambda cells: " ".join(filter(None, (clean(cells[place]) for place in pick)))
        place = self.place[source.column]
        changes = source.whole or source.seconds or source.per > 1 or source.from_today
        if not (source.empty or changes or source.lookup or source.map is not None):
            return lambda cells: clean(cells[place])

        def translated(cells: Cells) -> str:
            text = clean(cells[place])
            if source.whole and (match := _WHOLE.fullmatch(text)):
                text = match[1]
            if not text or text in source.empty:
                return ""
            if source.seconds:
                return _moment_of(name, text)
            if source.from_today:
                return day_from(name, text, self._today)
            if source.per > 1:
                return _parted(name, text, source.per)
            return self._translate(source, text, name)

        return translated

    def _translate(self, source: Source, text: str, name: str) -> str:
        """Through the look-ups, then the map. Raises RowRefused for what neither knows."""
        found: str | None = text
        for lookup in source.lookup:
            found = self._lookup(self._table.lookups[lookup]).get(found or "")
        if found is not None and source.map is not None:
            found = source.map.get(found)
        if found is None and source.otherwise is None:
            raise RowRefused(f"{name}: {text[:40]!r} of {source.column} is not known")
        return source.otherwise or "" if found is None else found
