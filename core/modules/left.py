"""What modules that are not installed any more have left behind: their records and switches stay, no exit
shows them, and all of it is there again when the package is."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true

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
    known = {PORTAL, *registry.modules, *registry.quarantined}
    count = select(Record.module, func.count(Record.id)).where(_other(Record.module, known)).group_by(Record.module)
    records = {name: number for name, number in session.execute(count)}  # noqa: C416 - rows are typed so
    switched = session.scalars(select(Switch.module).where(Switch.module.not_in(known)).distinct())
    return [Left(name, records.get(name, 0)) for name in sorted({*records, *switched})]


def _other(column: Any, known: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column holds none of these: as the gaps between them, each of which an index finds. In
    whichever order the database sorts, the gaps leave nothing out."""
    edges = sorted(known)
    between = [and_(column > low, column < high) for low, high in pairwise(edges)]
    gaps = or_(column < edges[0], *between, column > edges[-1]) if edges else true()
    return and_(gaps, column.not_in(edges))
