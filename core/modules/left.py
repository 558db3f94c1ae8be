"""What modules that are not installed any more have left behind: their records and switches stay, no exit
shows them, and all of it is there again when the package is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, union_all

from core.db.record import Record
from core.db.session import WalledSession
from core.modules.models import Switch
from core.modules.registry import Registry
from core.modules.switches import PORTAL


@dataclass(frozen=True)
class Left:
    """A module that was removed, and how many records of it the tenant keeps."""

    name: str
    records: int


def left_behind(session: WalledSession, registry: Registry) -> list[Left]:
    """The modules of which the session's tenant has records or switches and nobody has the package, by
    name. The session is the staff's or the system's. Two statements, whose work does not grow with the records
    of modules that are there."""
    known = sorted({PORTAL, *registry.modules, *registry.quarantined})
    count = select(Record.module, func.count(Record.id)).where(Record.module.not_in(known)).group_by(Record.module)
    records: dict[str, int] = {}
    for name, number in session.execute(union_all(*(count.where(gap) for gap in _gaps(Record.module, known)))):
        records[name] = number
    switched = session.scalars(select(Switch.module).where(Switch.module.not_in(known)).distinct())
    return [Left(name, records.get(name, 0)) for name in sorted({*records, *switched})]


def _gaps(column: Any, edges: Sequence[str]) -> list[ColumnElement[bool]]:
    """What lies between some names, each gap by itself, so that an index finds it. In whichever order the
    database sorts, they leave nothing out; what is in two of them is counted whole in both."""
    between = [and_(column > low, column < high) for low, high in pairwise(edges)]
    return [column < edges[0], *between, column > edges[-1]]
