"""What the wall costs: the list's statement in a walled session, against the same statement on the connection of a
session of SQLAlchemy's with the WHERE written by hand. Both statements are built once, as the portal's are.

On PostgreSQL, whose policies hold for both and are so left out, both begin with the same message, which says whose
rows there are, and both end with COMMIT: after ROLLBACK the driver forgets what it has prepared."""

import time
from collections.abc import Sequence
from functools import lru_cache
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, bindparam, func, select
from sqlalchemy.orm import Session

from bench import data
from bench.worlds import World
from core.db.engine import make_engine
from core.db.session import keep, open_session
from core.db.viewer import Sight, system
from core.modules.reach import sight_of
from core.records.rows import columns_of
from plugins.invoices.models import Invoice
from plugins.invoices.resources import INVOICE

#: one page, and the row that tells whether there is another
ROWS = 26
_BEGIN = "BEGIN READ ONLY; SELECT set_config('postigo.tenant', '{}', true)"


def compare(world: World, times: int) -> tuple[float, float]:
    """The median milliseconds of a list by hand and through the wall, from the session's opening to its end."""
    walled: Engine = world.app.extensions["postigo"].engine
    unguarded = make_engine(world.settings.database_url, guarded=False)
    plain = unguarded.execution_options(postigo_writes=False, postigo_begins=True)
    pairs = list(zip(world.readers, _sights(world, walled), strict=True))
    by_hand: list[float] = []
    through: list[float] = []
    try:
        for turn in range(2 * times * len(pairs)):
            reader, sight = pairs[turn // 2 % len(pairs)]
            # One before the other and the other before the one, so that neither always finds the row read.
            for is_walled in (True, False) if turn % 2 else (False, True):
                began = time.perf_counter()
                rows = _through(walled, sight) if is_walled else _by_hand(plain, reader, sight)
                (through if is_walled else by_hand).append(1000 * (time.perf_counter() - began))
                assert len(rows) == ROWS
    finally:
        unguarded.dispose()
    return median(by_hand), median(through)


def _sights(world: World, engine: Engine) -> list[Sight]:
    registry = world.app.extensions["postigo"].registry
    with open_session(engine, system(data.tenant_id(engine))) as session:
        return [sight_of(session, registry, reader.contact_id)[0] for reader in world.readers]


def _through(engine: Engine, sight: Sight) -> Sequence[Any]:
    with open_session(engine, sight) as session:
        return session.execute(_walled()).all()


@lru_cache
def _walled() -> Select[Any]:
    return keep(_list(()))


@lru_cache
def _written() -> Select[Any]:
    tenant, keys = bindparam("tenant"), bindparam("keys", expanding=True)
    return _list((Invoice.tenant_id == tenant, Invoice.owner.in_(keys), Invoice.published.is_(True)))


def _by_hand(engine: Engine, reader: data.Reader, sight: Sight) -> Sequence[Any]:
    tenant_id = sight.viewer.tenant_id
    mine = {"tenant": tenant_id, "keys": (reader.account_id, -reader.contact_id)}
    on_postgresql = engine.dialect.name == "postgresql"
    with Session(engine) as session:
        connection = session.connection()  # by the door that the portal takes: to make objects costs more than the wall
        if on_postgresql:
            begin = _BEGIN.format(tenant_id)
            connection.exec_driver_sql(begin, execution_options={"no_parameters": True})
        rows = connection.execute(_written(), mine).all()
        if on_postgresql:
            session.commit()
        return rows


def _list(where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The first page of a list with its count, as the portal asks for it."""
    fields = [f for f in INVOICE.fields if f.listed and f.name != "account_id"]
    some = select(Invoice.id).where(*where).limit(1001).subquery()
    count = select(func.count(some.c.id)).scalar_subquery().label("total_count")
    latest = (Invoice.issued_on.desc(), Invoice.id.desc())
    return select(*columns_of(Invoice, fields), count).where(*where).order_by(*latest).limit(ROWS)
