"""What the models of one history say and its migrations do not, as Alembic finds it."""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.types import TypeDecorator

import core
from core.db.classes import tables_of_core
from core.db.migrations import CORE
from core.db.model import Model

if TYPE_CHECKING:
    from core.modules.registry import Registry


_OF_ONE_TABLE = frozenset({"core.access.given", "core.audit", "core.db.entry", "core.db.grant", "core.db.record"})


def load_models() -> None:
    """Import whatever of the core has tables: files called `models`, and those of a single table."""
    for found in pkgutil.walk_packages(core.__path__, "core."):
        if found.name.endswith(".models") or found.name in _OF_ONE_TABLE:
            importlib.import_module(found.name)


def differences(engine: Engine, registry: "Registry", name: str) -> list[Any]:
    """What autogenerate finds between the models of one history and the database. `engine` is one without a
    guard."""
    with engine.connect() as connection:
        return list(compare_metadata(_context(connection, registry, name), Model.metadata))


def missing_steps(engine: Engine, registry: "Registry", name: str) -> str:
    """The same as the lines of a migration that would mend it; empty where there is nothing to mend."""
    with engine.connect() as connection:
        context = _context(connection, registry, name)
        steps = produce_migrations(context, Model.metadata).upgrade_ops
        if steps is None or steps.is_empty():
            return ""
        lines = render_python_code(steps, migration_context=context, render_item=_render_item, render_as_batch=True)
    return "\n".join(line for line in lines.splitlines() if not line.strip().startswith("# ###")).strip()


def tables_giving_ids_twice(engine: Engine) -> list[str]:
    """The tables of models that, on SQLite, give the id of a deleted row to the next one. Alembic does not see that a
    table which was remade has lost the word against it."""
    if engine.dialect.name != "sqlite":
        return []
    given = {table.name for table in Model.metadata.tables.values() if table.autoincrement_column is not None}
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    return sorted(name for name, sql in rows if name in given and "AUTOINCREMENT" not in sql)


def _context(connection: Connection, registry: "Registry", name: str) -> MigrationContext:
    tables = set(inspect(connection).get_table_names())
    once = {t.removeprefix("alembic_version_") for t in tables if t.startswith("alembic_version_")}
    modules = {*registry.modules, *registry.quarantined, *once}
    of_core = tables_of_core()

    def belongs(thing: Any, thing_name: str, kind: str, reflected: bool, other: Any) -> bool:
        if kind != "table":
            return thing_name != "ix_search_entry_terms"  # of PostgreSQL alone, where no model can say so
        if thing_name.startswith(("alembic_version", "search_terms")):
            return False
        owner = max((m for m in modules if thing_name.startswith(f"{m}_")), key=len, default=CORE)
        if not reflected and thing in of_core:
            owner = CORE
        elif not reflected and owner == CORE:
            return False  # a table of the tests' own
        return owner == name

    options = {"include_object": belongs, "version_table": "alembic_version", "render_as_batch": True}
    return MigrationContext.configure(connection, opts={**options, "render_item": _render_item})


def _render_item(kind: str, thing: Any, context: Any) -> Any:
    """Write our own column types as what the database stores: a migration imports nothing of ours."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False
