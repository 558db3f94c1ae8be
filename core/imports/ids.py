"""External ids: which row of the export is which row of ours, kind by kind, for one source."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update

from core.crm.models import ExternalId
from core.db.bulk import bulk_insert
from core.db.chunks import in_chunks
from core.db.model import now
from core.db.session import WalledSession


@dataclass(slots=True)
class Known:
    """One row of an earlier import."""

    id: int
    local_id: int
    digest: str
    gone: bool


@dataclass
class Ids:
    """The external ids of one kind: those of earlier imports, and those that this one has met."""

    source: str
    kind: str
    known: dict[str, Known] = field(default_factory=dict)
    #: external id -> our id, of everything that can be referred to
    local: dict[str, int] = field(default_factory=dict)
    #: external id -> the line where this run met it
    met: dict[str, int] = field(default_factory=dict)
    #: ids of rows that were not taken; what an earlier import made of them is not gone
    refused: set[str] = field(default_factory=set)
    #: what rows without an id say -> how many said it, of what more than one did
    _equal: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, session: WalledSession, source: str, kind: str) -> "Ids":
        """All ids of one kind, in one statement."""
        columns = (ExternalId.external, ExternalId.id, ExternalId.local_id, ExternalId.digest, ExternalId.gone)
        rows = session.execute(select(*columns).where(ExternalId.source == source, ExternalId.kind == kind))
        known = {external: Known(id, local, digest, gone) for external, id, local, digest, gone in rows}
        return cls(source, kind, known, {external: each.local_id for external, each in known.items()})

    def next_of(self, content: str) -> str:
        """The external id of a row that has none of its own: what it says and, from the second that says
        the same on, which of them it is."""
        if content not in self.met:
            return content
        self._equal[content] = number = self._equal.get(content, 1) + 1
        return f"{content}-{number}"

    def add(self, session: WalledSession, rows: list[tuple[str, int, str]]) -> None:
        """Keep new ids: (external id, our id, digest)."""
        moment = now()
        values: list[dict[str, Any]] = [
            {
                "source": self.source,
                "kind": self.kind,
                "external": external,
                "local_id": local_id,
                "digest": digest,
                "seen_at": moment,
                "gone": False,
            }
            for external, local_id, digest in rows
        ]
        bulk_insert(session, ExternalId, values)
        self.local.update({external: local_id for external, local_id, _ in rows})

    def keep(self, session: WalledSession, external: str, local_id: int, digest: str) -> None:
        """Keep what a row says now, whether it was known before or not."""
        known = self.known.get(external)
        if known is None:
            self.add(session, [(external, local_id, digest)])
            return
        values = {"local_id": local_id, "digest": digest, "seen_at": now(), "gone": False}
        session.execute(update(ExternalId).where(ExternalId.id == known.id).values(**values))
        known.local_id, known.digest, known.gone = local_id, digest, False
        self.local[external] = local_id

    def forget(self, session: WalledSession, externals: list[str]) -> None:
        """Forget rows, of which nothing is left."""
        ids = [self.known.pop(external).id for external in externals]
        for external in externals:
            self.local.pop(external, None)
        for chunk in in_chunks(ids):
            session.execute(delete(ExternalId).where(ExternalId.id.in_(chunk)))

    def mark_gone(self, session: WalledSession) -> list[tuple[str, bool]]:
        """Mark what this run has not met, and what came back; give what is gone, and whether it went in
        this run."""
        here = self.met.keys() | self.refused
        missing = [(external, each) for external, each in self.known.items() if external not in here]
        back = [each.id for external, each in self.known.items() if each.gone and external in here]
        _set_gone(session, [each.id for _, each in missing if not each.gone], True)
        _set_gone(session, back, False)
        return [(external, not each.gone) for external, each in missing]


def _set_gone(session: WalledSession, ids: list[int], gone: bool) -> None:
    for chunk in in_chunks(ids):
        session.execute(update(ExternalId).where(ExternalId.id.in_(chunk)).values(gone=gone))
