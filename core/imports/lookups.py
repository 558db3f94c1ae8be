"""Look-ups: other tables of the export, read once and kept as key -> text."""

from dataclasses import dataclass, field
from pathlib import Path

from core.imports.errors import ImportFailed
from core.imports.folder import open_inside
from core.imports.profile import Lookup
from core.imports.rows import Rows
from core.imports.values import clean


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
            key, value = (place_of(rows.header, name, opened.name) for name in (lookup.key, lookup.value))
            found: dict[str, str] = {}
            for row in rows:
                if not row.problem:
                    found.setdefault(clean(row.cells[key]), clean(row.cells[value]))
            return found


def place_of(header: list[str], name: str, file: str) -> int:
    """Where a column stands. Raises ImportFailed, with what may be the cause, where it is missing."""
    if name in header:
        return header.index(name)
    hint = ""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        hint = "; its columns must be separated by commas"
    raise ImportFailed(f"{file} has no column {name!r}{hint}")
