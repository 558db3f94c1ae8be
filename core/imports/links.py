"""A file of the export that says which records have to do with which: its rows become links."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from core.crm.models import LONGEST_EXTERNAL
from core.db.bulk import bulk_insert_ids
from core.db.record import Record
from core.db.session import WalledSession
from core.imports.errors import RowRefused
from core.imports.feed import Job
from core.imports.folder import Opened
from core.imports.ids import Ids
from core.imports.lookups import place_of
from core.imports.profile import LinkTable
from core.imports.report import TableReport
from core.imports.rows import Row, Rows
from core.imports.values import clean
from core.records.models import RecordLink

#: what links are called among external ids and in reports
KIND = "core.link"
_CHUNK = 1000

#: the records at the two ends
_Ends = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Draft:
    line: int
    external: str
    ends: _Ends


def feed_links(job: Job, table: LinkTable, called: Mapping[str, str], opened: Opened, report: TableReport) -> None:
    """Make the links of one open file, once all records are written. `called` is what the CRM calls the kinds of
    record that are here. What staff took away stays away, until the CRM itself says another thing."""
    rows = Rows(opened.file, opened.name)
    places = [place_of(rows.header, name, opened.name) for name in table.columns()]
    feed = _Feed(job, table, called, places, report)
    for row in rows:
        feed.take(row)
    feed.write()


class _Feed:
    def __init__(
        self, job: Job, table: LinkTable, called: Mapping[str, str], places: list[int], report: TableReport
    ) -> None:
        self._job, self._table, self._called, self._places, self._report = job, table, called, places, report
        self._ids: Ids = job.ids(KIND)
        self._drafts: list[_Draft] = []

    def take(self, row: Row) -> None:
        """Take one row, or list it with the reason why not."""
        self._report.read += 1
        self._report.rows += 1
        external = ""
        try:
            if row.problem:
                raise RowRefused(row.problem)
            external, *said = (clean(row.cells[place]) for place in self._places)
            if not external or external in self._ids.met:
                raise RowRefused(f"{self._table.id}: an id of its own is needed")
            if len(external) > LONGEST_EXTERNAL:
                raise RowRefused(f"{self._table.id}: an id has at most {LONGEST_EXTERNAL} characters")
            draft = _Draft(row.line, external, (self._end(*said[:2]), self._end(*said[2:])))
        except RowRefused as refused:
            self._refuse(row.line, external, str(refused))
            return
        self._ids.met[external] = row.line
        self._drafts.append(draft)
        if len(self._drafts) >= _CHUNK:
            self.write()

    def _end(self, text: str, kind: str) -> int:
        if kind not in self._called:
            raise RowRefused(f"no module that is here has what is called {kind[:40]!r}")
        found = self._job.ids(self._called[kind]).local.get(text)
        if found is None:
            raise RowRefused(f"there is no {self._called[kind]} {text[:60]!r}")
        return found

    def _refuse(self, line: int, external: str, reason: str) -> None:
        self._ids.refused.add(external)
        self._report.refuse(line, external, reason)

    def write(self) -> None:
        """Write what was taken so far."""
        drafts, self._drafts = self._drafts, []
        here = _records(self._job.session, {end for draft in drafts for end in draft.ends})
        fresh = []
        for draft in drafts:
            known = self._ids.known.get(draft.external)
            if not here.issuperset(draft.ends) or draft.ends[0] == draft.ends[1]:
                del self._ids.met[draft.external]
                self._refuse(draft.line, draft.external, "it takes two records that are still there")
            elif known is not None and known.digest == self._digest(draft):
                self._report.unchanged += 1
            else:
                fresh.append(draft)
        self._make(fresh)

    def _make(self, drafts: list[_Draft]) -> None:
        """Make the links that are new or say another thing than before; of two rows that say the same, one is."""
        session = self._job.session
        known = [self._ids.known[draft.external].local_id for draft in drafts if draft.external in self._ids.known]
        session.execute(delete(RecordLink).where(RecordLink.id.in_(known)))
        there = _links(session, self._table.kind, {draft.ends[0] for draft in drafts})
        new = list(dict.fromkeys(draft.ends for draft in drafts if draft.ends not in there))
        values = [{"from_id": one, "to_id": other, "kind": self._table.kind} for one, other in new]
        there.update(zip(new, bulk_insert_ids(session, RecordLink, values), strict=True))
        for draft in drafts:
            self._ids.keep(session, draft.external, there[draft.ends], self._digest(draft))
        self._report.taken += len(drafts)
        self._report.new += len(new)

    def _digest(self, draft: _Draft) -> str:
        return f"{draft.ends[0]}-{draft.ends[1]}-{self._table.kind}"


def _records(session: WalledSession, ids: set[int]) -> set[int]:
    return set(session.scalars(select(Record.id).where(Record.id.in_(ids))))


def _links(session: WalledSession, kind: str, ids: set[int]) -> dict[_Ends, int]:
    asked = select(RecordLink.from_id, RecordLink.to_id, RecordLink.id)
    found = session.execute(asked.where(RecordLink.kind == kind, RecordLink.from_id.in_(ids)))
    return {(one, other): link_id for one, other, link_id in found}
