"""What an import did: per table how many rows were taken, left as they were, or listed with a reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

#: how many of the listed rows of one table the printed report names; the list file holds all
_SHOWN = 20


@dataclass(frozen=True)
class Listed:
    """One row with the reason why it was not taken, or not as it stands. `line` is the first line of
    the row in its file."""

    file: str
    line: int
    external: str
    reason: str
    taken: bool


@dataclass
class TableReport:
    """The count of one table: `rows` = `taken` + `unchanged` + `refused`.

    Where rows of the file become one, that one is counted; `read` are the rows of the file, and `nameless`
    those of them that belong to none. `taken` are rows that were written, as new (`new`) or over what an
    earlier import wrote. `refused` are rows that were not taken. Of the rows that are in the database after
    the run (taken or unchanged), `staff_only` are kept from clients for the reason that `listed` gives."""

    file: str
    kind: str
    there: bool = True
    grouped: bool = False
    read: int = 0
    nameless: int = 0
    rows: int = 0
    taken: int = 0
    new: int = 0
    unchanged: int = 0
    refused: int = 0
    staff_only: int = 0
    files: int = 0
    #: parts that their parent no longer holds, and that nothing but what they say tells apart
    removed: int = 0
    listed: list[Listed] = field(default_factory=list)

    def note(self, line: int, external: str, reason: str, *, taken: bool) -> None:
        """List a row with a reason."""
        self.listed.append(Listed(self.file, line, external, reason, taken))

    def refuse(self, line: int, external: str, reason: str) -> None:
        """List a row that is not taken, and count it."""
        self.refused += 1
        self.note(line, external, reason, taken=False)


@dataclass(frozen=True)
class Gone:
    """A row of an earlier import that the export no longer holds; what was made of it stays."""

    kind: str
    external: str
    now: bool


@dataclass
class Report:
    """The whole run, table by table in the order in which they were read."""

    profile: str
    tenant: str
    tables: list[TableReport] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)

    def table(self, file: str, kind: str = "") -> TableReport:
        """The count of one file, or of the file as one kind. Raises KeyError where there is none."""
        for table in self.tables:
            if table.file == file and kind in ("", table.kind):
                return table
        raise KeyError(file)

    def taken(self) -> tuple[tuple[str, int], ...]:
        """How many rows of each kind were written, of those of which any were."""
        found: Counter[str] = Counter()
        for table in self.tables:
            found[table.kind] += table.taken
        return tuple(sorted((kind, number) for kind, number in found.items() if number))

    @property
    def listed(self) -> list[Listed]:
        """Every listed row of the run."""
        return [each for table in self.tables for each in table.listed]

    def lines(self) -> Iterator[str]:
        """The report for a person, line by line."""
        for table in self.tables:
            yield from _table_lines(table)
        if self.gone:
            yield f"No longer in the export, and kept: {len(self.gone)}"
            for gone in self.gone[:_SHOWN]:
                yield f"  {gone.kind} {_short(gone.external)}{'' if gone.now else ' (as before)'}"
            yield from _more(len(self.gone))


def _table_lines(table: TableReport) -> Iterator[str]:
    if not table.there:
        yield f"{table.file} -> {table.kind}: not in the folder; nothing of it was touched"
        return
    yield (
        f"{table.file} -> {table.kind}: {table.rows} rows = {table.taken} taken "
        f"+ {table.unchanged} unchanged + {table.refused} not taken"
    )
    if table.grouped:
        yield f"  put together from {table.read} rows of the file, {table.nameless} of which name none"
    if table.staff_only:
        yield f"  of the rows that are there, {table.staff_only} for staff alone"
    if table.files:
        yield f"  files: {table.files}"
    if table.removed:
        yield f"  removed, since what they were part of no longer holds them: {table.removed}"
    for each in table.listed[:_SHOWN]:
        mark = "taken" if each.taken else "not taken"
        yield f"  line {each.line} ({_short(each.external) or 'no id'}), {mark}: {_short(each.reason, 200)}"
    yield from _more(len(table.listed))


def _more(count: int) -> Iterator[str]:
    if count > _SHOWN:
        yield f"  … and {count - _SHOWN} more (--list FILE writes them all)"


def _short(text: str, length: int = 60) -> str:
    """Text of the export as one line that does nothing to a terminal."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: length + 1])
    return plain if len(plain) <= length else plain[: length - 1] + "…"
