"""One table of an export on its way in: rows to drafts, drafts to batches, batches to the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.crm.models import Contact, Site, Tenant
from core.db.session import WalledSession
from core.files.storage import Store
from core.imports.convert import Around, Converter
from core.imports.documents import attach_document
from core.imports.draft import Draft
from core.imports.errors import RowRefused
from core.imports.folder import Opened
from core.imports.groups import Groups
from core.imports.ids import Ids
from core.imports.lookups import Lookups
from core.imports.members import KIND as MEMBERSHIP
from core.imports.members import keep_memberships
from core.imports.order import rounds
from core.imports.parts import Parts
from core.imports.profile import Table
from core.imports.report import TableReport
from core.imports.rows import Row, Rows
from core.imports.write import insert_new, update_changed

# Rows that are written together.
_BATCH = 2000


@dataclass(frozen=True)
class Progress:
    """How far a table is: its file, what it becomes, the rows read so far, and the share of it that is
    done (0 to 1)."""

    file: str
    kind: str
    rows: int
    share: float


@dataclass
class Job:
    """What the tables of one run share."""

    session: WalledSession
    store: Store
    tenant: Tenant
    source: str
    folder: Path
    lookups: Lookups
    progress: Callable[[Progress], None]
    _ids: dict[str, Ids] = field(default_factory=dict)

    def ids(self, kind: str) -> Ids:
        """The external ids of a kind, read when they are first asked for."""
        if kind not in self._ids:
            self._ids[kind] = Ids.read(self.session, self.source, kind)
        return self._ids[kind]


class Feed:
    """Feeds the rows of one table. Call `take` for each, then `close`."""

    def __init__(self, job: Job, table: Table, model: type[Any], header: list[str], report: TableReport) -> None:
        around = Around(job.tenant, job.ids, job.lookups, _sites(job.session) if "site_id" in table.fields else {})
        self._job, self._table, self._model, self._report = job, table, model, report
        self._converter = Converter(table, model, header, around)
        self._columns = header
        self._ids = job.ids(table.into)
        self._groups = Groups(self._converter, header, report) if table.group else None
        self._parts = Parts(job.session, table, model, self._ids, job.ids)
        self._new: list[Draft] = []
        self._changed: dict[int, Draft] = {}
        self._waiting: list[Draft] = []

    def take(self, row: Row) -> None:
        """Take one row, or list it with the reason why not."""
        self._report.read += 1
        try:
            if self._groups is not None:
                self._groups.add(row)
                return
            draft = self._converter.draft(row)
        except RowRefused as refused:
            self._report.rows += 1
            self._refuse(row.line, self._converter.external(row.cells), refused)
            self._parts.spare(self._converter.parent(row))
            return
        self._take(draft)

    def _take(self, draft: Draft) -> None:
        self._report.rows += 1
        if not self._table.id:
            draft.external = self._ids.next_of(draft.external)
        elif draft.external in self._ids.met:
            met = self._ids.met[draft.external]
            self._refuse(draft.line, draft.external, RowRefused(f"has the same id as line {met}"))
            return
        self._ids.met[draft.external] = draft.line
        if draft.back:
            self._waiting.append(draft)
        else:
            self._settle(draft)

    def close(self) -> None:
        """Write what waits: for its batch to be full, or for another row of the table."""
        for line, external, made in self._groups.drafts() if self._groups is not None else ():
            if isinstance(made, Draft):
                self._take(made)
            else:
                self._report.rows += 1
                self._refuse(line, external, made)
        self._write()
        for drafts, circular in rounds(self._waiting):
            for draft in drafts:
                self._resolve(draft, circular)
            self._write()
        self._report.removed = self._parts.remove()

    def _resolve(self, draft: Draft, circular: bool) -> None:
        """Set the references to rows of the same table; one that leads back to itself is none."""
        try:
            for name, text in draft.back.items():
                self._converter.refer(draft, name, text, None if circular else self._ids.local.get(text))
        except RowRefused as refused:
            del self._ids.met[draft.external]
            self._refuse(draft.line, draft.external, refused)
            return
        self._settle(draft)

    def _settle(self, draft: Draft) -> None:
        """Put a draft where it belongs: new, changed, or nothing to do."""
        self._converter.finish(draft)
        known = self._ids.known.get(draft.external)
        if known is None:
            self._new.append(draft)
        elif known.digest == draft.digest():
            self._report.unchanged += 1
            self._written(draft, known.local_id)
        else:
            self._changed[known.local_id] = draft
        if len(self._new) + len(self._changed) >= _BATCH:
            self._write()

    def _write(self) -> None:
        new, changed = self._new, self._changed
        self._new, self._changed = [], {}
        written = dict(zip(insert_new(self._job.session, self._model, new), new, strict=True))
        self._ids.add(self._job.session, [(d.external, i, d.digest()) for i, d in written.items()])
        self._report.new += len(written)
        there = update_changed(self._job.session, self._model, changed)
        for local_id, draft in changed.items():
            if local_id in there:
                self._ids.keep(self._job.session, draft.external, local_id, draft.digest())
                written[local_id] = draft
            else:
                self._refuse(draft.line, draft.external, RowRefused("what an earlier import made of it was deleted"))
        if self._model is Contact:
            keep_memberships(self._job.session, self._job.ids(MEMBERSHIP), written)
        self._report.taken += len(written)
        for local_id, draft in written.items():
            self._written(draft, local_id)

    def _written(self, draft: Draft, local_id: int) -> None:
        """What follows once a row is there: its files, and what is to be said of it."""
        self._report.staff_only += draft.staff_only
        reasons = list(draft.reasons)
        cells = dict(zip(self._columns, draft.cells, strict=True)) if self._table.documents else {}
        for document in self._table.documents:
            try:
                self._report.files += attach_document(
                    self._job.session, self._job.store, self._job.folder, document, local_id, cells
                )
            except RowRefused as refused:
                reasons.append((draft.line, str(refused)))
        for line, reason in reasons:
            self._report.note(line, draft.external, reason, taken=True)

    def _refuse(self, line: int, external: str, refused: RowRefused) -> None:
        self._ids.refused.add(external)
        self._report.refuse(line, external, str(refused))


def _sites(session: WalledSession) -> dict[int, int]:
    """The account of each site of the tenant."""
    return dict(session.execute(select(Site.id, Site.account_id)).all())


def feed_table(job: Job, table: Table, model: type[Any], opened: Opened, report: TableReport) -> None:
    """Feed one open table, telling how far it is every 500 rows and at its end."""
    rows = Rows(opened.file, opened.name)
    feed = Feed(job, table, model, rows.header, report)
    for row in rows:
        feed.take(row)
        if report.read % 500 == 0:
            # All of the file may be read while the last rows still wait to be written.
            job.progress(Progress(opened.name, table.into, report.read, min(opened.share, 0.99)))
    feed.close()
    job.progress(Progress(opened.name, table.into, report.read, 1.0))
