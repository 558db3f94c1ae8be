"""Parts without an id of their own (lines of an invoice): what a parent holds now is all that it holds."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select

from core.db.chunks import in_chunks
from core.db.session import WalledSession
from core.db.wall import Part
from core.imports.ids import Ids
from core.imports.kinds import targets
from core.imports.profile import Table


class Parts:
    """Removes, of one table whose rows have no id, the parts that their parent no longer holds: nothing
    could tell such a row from one that was changed, and the old one would stand beside the new.

    A parent of which a row could not be read keeps its parts, and so do all, where it cannot be told of
    which one a row is."""

    def __init__(
        self, session: WalledSession, table: Table, model: type[Any], ids: Ids, others: Callable[[str], Ids]
    ) -> None:
        self._session, self._model, self._ids = session, model, ids
        self._parents = None
        if not table.id and issubclass(model, Part):
            self._parents = others(targets(model)["parent_id"])
        self._spared: set[str] = set()

    def spare(self, parent: str) -> None:
        """Keep all parts of the parent with this external id; of every one, if it is ""."""
        self._spared.add(parent)

    def remove(self) -> int:
        """Remove what is gone; give how many. Call it once every row was taken."""
        if self._parents is None or "" in self._spared:
            return 0
        held = self._parents.met.keys() - self._spared
        parents = {self._parents.local[each] for each in held if each in self._parents.local}
        missing = {known.local_id: each for each, known in self._ids.known.items() if each not in self._ids.met}
        local_ids, removed = list(missing), []
        for chunk in in_chunks(local_ids):
            rows = self._session.execute(select(self._model.id, self._model.parent_id).where(self._model.id.in_(chunk)))
            gone = [part for part, parent in rows if parent in parents]
            self._session.execute(delete(self._model).where(self._model.id.in_(gone)))
            removed += gone
        self._ids.forget(self._session, [missing[each] for each in removed])
        return len(removed)
