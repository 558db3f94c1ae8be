"""Look-ups: other tables of the export, read once and kept as key -> text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from core.imports.errors import ImportFailed, RowRefused
from core.imports.folder import open_inside
from core.imports.profile import Lookup
from core.imports.rows import Rows
from core.imports.texts import Cells, condition, factor
from core.imports.values import clean, multiply


@dataclass
class Lookups:
    """The look-ups of one run over one folder."""

    folder: Path
    _read: dict[Lookup, dict[str, str]] = field(default_factory=dict)

    def __call__(self, lookup: Lookup) -> dict[str, str]:
        """The texts of a look-up by key. Rows that are broken are left out; where a table is imported
        too, that lists them. Raises ImportFailed for a missing file or column."""
        if lookup not in self._read:
            self._read[lookup] = self._load(lookup)
        return self._read[lookup]

    def _load(self, lookup: Lookup) -> dict[str, str]:
        opened = open_inside(self.folder, lookup.file)
        if opened is None:
            raise ImportFailed(f"{lookup.file} is not in the folder, and other tables look up in it")
        with opened:
            rows = Rows(opened.file, opened.name)
            columns = {lookup.key, *(name for name, _ in lookup.when), *(lookup.sum or (lookup.value,))}
            places = {name: place_of(rows.header, name, opened.name) for name in sorted(columns)}
            meets = condition(dict(lookup.when), places, {})
            met = (row.cells for row in rows if not row.problem and meets(row.cells))
            return _added_up(lookup, met, places) if lookup.sum else _first(lookup, met, places)


def _first(lookup: Lookup, rows: Iterable[Cells], places: Mapping[str, int]) -> dict[str, str]:
    """For each key, what the first of its rows says."""
    key, value = places[lookup.key], places[lookup.value]
    found: dict[str, str] = {}
    for cells in rows:
        found.setdefault(clean(cells[key]), clean(cells[value]))
    return found


def _added_up(lookup: Lookup, rows: Iterable[Cells], places: Mapping[str, int]) -> dict[str, str]:
    """For each key, what its rows add up to, exactly. One of which a row holds no number is not known."""
    found: dict[str, Decimal] = {}
    unknown: set[str] = set()
    for cells in rows:
        key = clean(cells[places[lookup.key]])
        try:
            factors = [factor(name, cells[places[name]], lookup.missing) for name in lookup.sum]
        except RowRefused:
            unknown.add(key)
            continue
        found[key] = found.get(key, Decimal()) + multiply(factors)
    return {key: format(total, "f") for key, total in found.items() if key not in unknown}


def place_of(header: list[str], name: str, file: str) -> int:
    """Where a column stands. Raises ImportFailed, with what may be the cause, where it is missing."""
    if name in header:
        return header.index(name)
    hint = ""
    if len(header) == 1 and any(mark in header[0] for mark in "\t|"):
        hint = "; its columns must be separated by commas or semicolons"
    raise ImportFailed(f"{file} has no column {name!r}{hint}")
