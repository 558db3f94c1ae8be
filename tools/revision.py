"""Writes a new migration from what the models say and the migrations do not yet:

    .venv/bin/python -m tools.revision MODULE "what it is for"

MODULE is `core` or a module's name. Read the file that it writes before you commit it.
"""

import importlib
import pkgutil
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.types import TypeDecorator

import core
from core.db.engine import make_engine
from core.db.migrations import CORE, History, histories, upgrade
from core.db.model import Model
from core.modules.registry import Registry, load_modules

TEMPLATE = '''"""{message}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down_revision}


def upgrade() -> None:
    """Apply this revision."""
    {body}
'''


def load_models() -> None:
    """Import every module called `models` of the core, so that the metadata knows all its tables."""
    for found in pkgutil.walk_packages(core.__path__, "core."):
        if found.name.endswith(".models") or found.name == "core.db.record":
            importlib.import_module(found.name)


def differences(engine: Engine, registry: Registry, name: str) -> list[Any]:
    """What autogenerate finds between the models of one history and the database."""
    with engine.connect() as connection:
        return compare_metadata(_context(connection, registry, name), Model.metadata)


def write(registry: Registry, history: History, message: str) -> Path:
    """Write a revision with the differences to an empty database that was just migrated. Gives the
    file's path; raises SystemExit where there is nothing to write."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.db", guarded=False)
        failures = upgrade(engine, registry)
        if failures:
            raise SystemExit(f"the migrations as they stand fail: {failures}")
        with engine.connect() as connection:
            context = _context(connection, registry, history.name)
            operations = produce_migrations(context, Model.metadata).upgrade_ops
            if operations is None or operations.is_empty():
                raise SystemExit(f"{history.name}: the migrations say all that the models say")
            body = render_python_code(
                operations, migration_context=context, render_item=_render_item, render_as_batch=True
            )
        engine.dispose()
    return _write_file(history, message, body)


def _write_file(history: History, message: str, body: str) -> Path:
    versions = history.folder / "versions"
    before = ScriptDirectory(str(history.folder), version_locations=[str(versions)]).get_current_head()
    number = int(before.split("_")[0]) + 1 if before else 1
    revision = f"{number:04d}_{re.sub(r'[^a-z0-9]+', '_', message.lower()).strip('_')[:24]}"
    path = versions / f"{revision}.py"
    down = f'"{before}"' if before else "None"
    body = "\n".join(line for line in body.splitlines() if not line.strip().startswith("# ###")).strip()
    path.write_text(TEMPLATE.format(message=message, revision=revision, down_revision=down, body=body))
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)
    return path


def _context(connection: Connection, registry: Registry, name: str) -> MigrationContext:
    tables = set(inspect(connection).get_table_names())
    once = {t.removeprefix("alembic_version_") for t in tables if t.startswith("alembic_version_")}
    modules = {*registry.modules, *registry.quarantined, *once}
    of_core = {m.local_table for m in Model.registry.mappers if m.class_.__module__.startswith("core.")}

    def belongs(thing: Any, thing_name: str, kind: str, reflected: bool, other: Any) -> bool:
        if kind != "table":
            return True
        if thing_name.startswith("alembic_version"):
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


def main(arguments: list[str]) -> None:
    """Write the revision that the command line asks for."""
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    name, message = arguments
    load_models()
    registry = load_modules()
    if name != CORE and name in registry.modules:
        folder = registry.modules[name].folder("") or Path()
        (folder / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
    history = next((h for h in histories(registry) if h.name == name), None)
    if history is None:
        raise SystemExit(f"there is no module {name!r} here")
    print(write(registry, history, message))


if __name__ == "__main__":
    main(sys.argv[1:])
