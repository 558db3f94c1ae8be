"""The box on an asset's page that shows where it stands: what it is part of, upwards, and its parts downwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import g, url_for
from sqlalchemy import BigInteger, Integer, Select, bindparam, literal, or_, select
from sqlalchemy.orm import aliased

from core.api import Box, Kind, Panel, WalledSession, choice_of, keep, lazy_gettext, sees
from plugins.assets.models import Asset
from plugins.assets.resources import ASSET

#: how far up, and how many parts, are shown; a tree that bites its own tail ends there, too
HIGHEST = 8
MOST = 100
_COLUMNS: tuple[Any, ...] = (Asset.id, Asset.number, Asset.name, Asset.state, Asset.unit_id)


@dataclass
class Node:
    """An asset in the tree, as its reader sees it, with its parts."""

    title: str
    url: str | None
    state: Any
    parts: list["Node"] = field(default_factory=list)


@lru_cache
def _around() -> Select[Any]:
    """An asset, what it is part of, its parts and theirs, by number: few, however large the tree is."""
    here = bindparam("asset", type_=BigInteger())
    start = select(Asset.id, Asset.unit_id, literal(0, Integer()).label("height")).where(Asset.id == here)
    line = start.cte("line", recursive=True)
    unit, part, of_part = aliased(Asset), aliased(Asset), aliased(Asset)
    above = select(unit.id, unit.unit_id, line.c.height + 1).join(line, unit.id == line.c.unit_id)
    line = line.union_all(above.where(line.c.height < HIGHEST))
    parts = select(part.id).where(part.unit_id == here).order_by(part.number, part.id).limit(MOST + 1).subquery()
    below = select(of_part.id).where(of_part.unit_id.in_(select(parts.c.id))).limit(MOST + 1).subquery()
    near = (Asset.id.in_(select(ids.c.id)) for ids in (line, parts, below))
    found = select(*_COLUMNS).where(or_(*near))
    return keep(found.order_by(Asset.number, Asset.id))


def read(session: WalledSession, record_id: int) -> tuple[list[Any], dict[int, list[Any]]]:
    """The line from the highest unit down to an asset, and below it the parts by what they are part of."""
    found = {row.id: row for row in session.execute(_around(), {"asset": record_id})}
    line: list[Any] = []
    row = found.get(record_id)
    while row is not None and row not in line:  # one that leads back to itself has no highest
        line.insert(0, row)
        row = found.get(row.unit_id)
    above = {row.id for row in line}
    by_unit: dict[int, list[Any]] = {}
    for row in found.values():
        if row.id not in above:
            by_unit.setdefault(row.unit_id, []).append(row)
    return line, by_unit


def _node(session: WalledSession, row: Any, here: int) -> Node:
    names = [getattr(row, name) for name in ("name", "number") if sees(session, ASSET, name)]
    title = " · ".join(text for text in names if text) or str(ASSET.singular)
    kept = choice_of(session, ASSET, "state", row.state) if sees(session, ASSET, "state") else None
    return Node(title, None if row.id == here else _url(row.id), kept)


def _url(record_id: int) -> str:
    page = "portal.detail" if g.viewer.kind is Kind.CONTACT else "staff.detail"
    return url_for(page, module="assets", record_id=record_id)


def _grown(session: WalledSession, rows: Sequence[Any], by_unit: dict[int, list[Any]], here: int) -> list[Node]:
    nodes = []
    for row in rows:
        node = _node(session, row, here)
        node.parts = _grown(session, by_unit.get(row.id, ())[:MOST], by_unit, here)
        nodes.append(node)
    return nodes


def render(session: WalledSession, record_id: int) -> Box | None:
    """The tree around an asset; nothing where it stands alone."""
    if not sees(session, ASSET, "unit_id"):
        return None
    line, by_unit = read(session, record_id)
    if len(line) < 2 and not by_unit:
        return None
    more = any(len(parts) > MOST for parts in by_unit.values())
    nodes = _grown(session, line[-1:], by_unit, record_id)
    for row in reversed(line[:-1]):
        above = _node(session, row, record_id)
        above.parts, nodes = nodes, [above]
    return Box("assets/tree.html", {"nodes": nodes, "more": more})


_TITLE = lazy_gettext("What it is part of, and its parts")
PANEL = Panel("tree", _TITLE, "assets.asset", render, by=(Kind.CONTACT, Kind.STAFF))
