"""Rows that become one: all rows of an id together, whatever their order in the file.

What most of them say is what they say together; amounts are added up. A row that cannot be read, or that
names another account than the rest, puts the whole in doubt."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from core.db.wall import Owned
from core.imports.convert import Converter
from core.imports.draft import Draft
from core.imports.errors import RowRefused
from core.imports.report import TableReport
from core.imports.rows import Row
from core.imports.values import clean


@dataclass(slots=True)
class _Variant:
    """One of the things that rows of a group say: how many say it, and the first of them."""

    row: Row
    count: int = 0


@dataclass(slots=True)
class _Group:
    line: int
    variants: dict[tuple[str, ...], _Variant] = field(default_factory=dict)
    #: by currency, what its rows add up to, field by field
    sums: dict[str, list[int]] = field(default_factory=dict)
    #: (line, reason) of rows that cannot be read
    faults: list[tuple[int, str]] = field(default_factory=list)


class Groups:
    """Gathers the rows of one table. Call `add` for each; then `drafts` gives what they became."""

    def __init__(self, converter: Converter, header: list[str], report: TableReport) -> None:
        self._converter, self._report = converter, report
        places = sorted((name, header.index(name)) for name in converter.table.said())
        # By name, so that the order of the columns makes no difference.
        self._said = itemgetter(*(place for _, place in places), places[0][1]) if places else lambda cells: ()
        self._sums = converter.table.sums()
        self._groups: dict[str, _Group] = {}

    def add(self, row: Row) -> None:
        """Put a row to those of its id; one without an id belongs to none, and is counted.

        Raises RowRefused for a row that cannot be put anywhere, or that the profile leaves out."""
        key = self._converter.external(row.cells)
        if not row.problem or not key:
            self._converter.admit(row)
        if not key:
            self._report.nameless += 1
            return
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(row.line)
        if row.problem:
            group.faults.append((row.line, row.problem))
            return
        said = self._said(row.cells)
        variant = group.variants.get(said)
        if variant is None:
            variant = group.variants[said] = _Variant(row)
        variant.count += 1
        if self._sums:
            self._sum(group, row)

    def _sum(self, group: _Group, row: Row) -> None:
        try:
            currency, amounts = self._converter.sums(row.cells)
        except RowRefused as refused:
            group.faults.append((row.line, str(refused)))
            return
        so_far = group.sums.get(currency)
        group.sums[currency] = amounts if so_far is None else [a + b for a, b in zip(so_far, amounts, strict=True)]

    def drafts(self) -> Iterator[tuple[int, str, Draft | RowRefused]]:
        """For each id, in the order of the file: its first line, the id, and what its rows become, or why
        they become nothing."""
        for key, group in self._groups.items():
            try:
                yield group.line, key, self._draft(group)
            except RowRefused as refused:
                yield group.line, key, refused

    def _draft(self, group: _Group) -> Draft:
        if len(group.sums) > 1:
            raise RowRefused(f"its rows are in several currencies: {', '.join(sorted(group.sums))}")
        sums = dict(zip(self._sums, next(iter(group.sums.values()), []), strict=bool(group.sums)))
        by_count = sorted(group.variants.items(), key=lambda item: (-item[1].count, [clean(t) for t in item[0]]))
        found: list[Draft] = []
        for _, variant in by_count:
            try:
                found.append(self._converter.draft(variant.row, sums))
            except RowRefused as refused:
                group.faults.append((variant.row.line, str(refused)))
        if not found or (self._sums and not group.sums):
            raise RowRefused(min(group.faults)[1])
        draft = found[0]
        draft.line = group.line
        for name in draft.refers:
            if len({each.refers[name] for each in found}) > 1:
                draft.back.pop(name, None)
                self._converter.doubt(draft, name, "its rows do not name the same")
        self._agree(draft, found)
        for line, reason in sorted(group.faults):
            draft.say(reason, line)
            draft.staff_only = draft.staff_only or issubclass(self._converter.model, Owned)
        return draft

    def _agree(self, draft: Draft, found: list[Draft]) -> None:
        if len({each.member_of for each in found}) > 1:
            draft.member_of = None
            draft.say("member_of: its rows do not name the same; a member of none")
