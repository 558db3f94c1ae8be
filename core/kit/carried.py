"""What the module's migrations do to rows that are there already, and to tables that are not the module's."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, event, func, insert, select, text

from core.db.compare import load_models
from core.db.engine import make_engine
from core.db.migrations import History, apply, histories, revisions
from core.db.model import Model
from core.kit.rows import plain
from core.modules.module import Module
from core.modules.registry import Registry

_WRITES = re.compile(
    r"\s*(?:(?:CREATE|DROP|ALTER) TABLE(?: IF (?:NOT )?EXISTS)?|INSERT INTO|UPDATE|DELETE FROM|"
    r'CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?\S+ ON)\s+"?(\w+)',
    re.IGNORECASE,
)
_NOTHING = (None, "", 0)
#: table -> what its row holds, by column; nothing where it has none
_Held = dict[str, dict[str, Any]]


def carried(module: Module) -> list[str]:
    """Complaints of migrations that write into tables of others, or that lose what is in the module's own. They run on
    a database of their own, SQLite's, with a row in each table before each of them but the first."""
    alone = Registry()
    alone.modules[module.name] = module
    complaints: list[str] = []
    for history in (found for found in histories(alone) if found.name == module.name):
        with tempfile.TemporaryDirectory() as folder:
            engine = make_engine(f"sqlite:///{Path(folder) / 'kit.db'}", guarded=False)
            try:
                _of_core(engine)
                complaints += _steps(engine, history)
            finally:
                engine.dispose()
    return complaints


def _steps(engine: Engine, history: History) -> Iterator[str]:
    before: _Held = {}
    for revision in revisions(history):
        with _written(engine) as written:
            try:
                apply(engine, history, None, to=revision)
            except Exception as error:  # noqa: BLE001 - a stranger's migrations may raise anything
                why = f"{type(error).__name__}: {error}".splitlines()[0]
                yield f"The migration {revision!r} fails where there are rows: {why}"
                return
        yield from (
            f"The migration {revision!r} writes into {table!r}, which is not a table of {history.name!r}"
            for table in sorted(written)
            if table != history.version_table and not table.removeprefix("_alembic_tmp_").startswith(f"{history.name}_")
        )
        yield from _lost(revision, before, _held(engine, history))
        before = _held(engine, history, fill=True)


def _lost(revision: str, before: _Held, after: _Held) -> Iterator[str]:
    for table in sorted(set(before) & set(after)):
        was, now = before[table], after[table]
        if was and not now:
            yield f"The migration {revision!r} deletes rows of {table!r}"
            continue
        emptied = [name for name in was if was[name] not in _NOTHING and name in now and now[name] in _NOTHING]
        if emptied:
            columns = ", ".join(map(repr, sorted(emptied)))
            yield f"The migration {revision!r} loses what was in {columns} of {table!r}: carry it over"


def _held(engine: Engine, history: History, *, fill: bool = False) -> _Held:
    """What the module's tables hold; where they are to be filled, each has a row afterwards."""
    with engine.connect() as connection:
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        tables = MetaData()
        tables.reflect(connection)
        own = [table for name, table in tables.tables.items() if name.startswith(f"{history.name}_")]
        for table in own if fill else ():
            _filled(connection, table)
        rows = {table.name: connection.execute(select(table).limit(1)).mappings().first() for table in own}
        connection.commit()
    return {name: dict(row or {}) for name, row in rows.items()}


def _filled(connection: Connection, table: Table) -> None:
    """Put a row into a table that has none, and into those that it has to refer to."""
    if connection.scalar(select(func.count()).select_from(table)):
        return
    values: dict[str, Any] = {}
    for column in table.columns:
        referred = next((key.column.table for key in column.foreign_keys), None)
        if column.primary_key or (referred is not None and not column.nullable):
            values[column.name] = 1
        elif referred is None:
            values[column.name] = plain(column.name, column, 1)
        if referred is not None and not column.nullable and referred is not table:
            _filled(connection, referred)
    connection.execute(insert(table).values(values))


def _of_core(engine: Engine) -> None:
    """The core's tables, as its models say them."""
    load_models()
    ours = {mapper.local_table for mapper in Model.registry.mappers if mapper.class_.__module__.startswith("core.")}
    Model.metadata.create_all(engine, [table for table in Model.metadata.sorted_tables if table in ours])


@contextmanager
def _written(engine: Engine) -> Iterator[set[str]]:
    """Give a set that fills with the tables that are written into meanwhile."""
    written: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if found := _WRITES.match(statement):
            written.add(found[1])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", note)
