"""Runs the migrations: the core's first, then each module's, one transaction and one version table for
each. A module whose migration fails is undone and set aside; the others go on."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from core.db.model import Model
from core.db.policies import protect

if TYPE_CHECKING:
    from core.modules.registry import Registry

log = logging.getLogger(__name__)

_EDITED = (
    "All migrations of {name!r} have run, and {said}: say it in a new migration. One that has run is not run again, "
    "whatever is written into it afterwards; where nothing is to be kept, delete the database and begin anew"
)

CORE = "core"
# Held while a PostgreSQL database is upgraded, so that two upgrades wait for each other.
UPGRADE_LOCK = 7_068_531_901


class SchemaError(RuntimeError):
    """The database and the migrations do not go together; the text is one sentence for the operator."""


@dataclass(frozen=True)
class Failure:
    """A module whose migrations failed, and were undone."""

    module: str
    message: str


@dataclass(frozen=True)
class History:
    """The migrations of the core, or of one module: `<folder>/versions/*.py`."""

    name: str
    folder: Path

    @property
    def version_table(self) -> str:
        """The table that says how far this history has been applied. Each has its own, so that the
        database survives the removal of a module's package."""
        return "alembic_version" if self.name == CORE else f"alembic_version_{self.name}"


def histories(registry: "Registry") -> list[History]:
    """The core's history, then those of the modules that have one, by name."""
    found = [History(CORE, Path(__file__).parents[1] / "migrations")]
    for name in sorted(registry.modules):
        folder = registry.modules[name].folder("migrations")
        if folder is not None and (folder / "versions").is_dir():
            found.append(History(name, folder))
    return found


def pending(engine: Engine, registry: "Registry") -> list[str]:
    """The histories ("core", or a module's name) whose migrations have not all been applied, or that
    cannot be read. Writes nothing, and may run as the role that serves."""
    with engine.connect() as connection:
        return [h.name for h in histories(registry) if not _is_current(connection, h)]


def upgrade(engine: Engine, registry: "Registry", role: str | None = None) -> list[Failure]:
    """Apply what is pending. `engine` is one without a guard, of the role that owns the tables; `role`
    is the PostgreSQL role that serves, which is granted what it needs.

    A migration of the core that fails raises, with nothing of the core's changed. A module whose own
    fails is undone, put into quarantine and returned with the others."""
    failures = []
    for history in histories(registry):
        try:
            apply(engine, history, role)
            if history.name != CORE and (said := _lacking(engine, registry.modules[history.name].package)):
                raise SchemaError(_EDITED.format(said=said, name=history.name))
        except Exception as error:
            if history.name == CORE:
                raise
            registry.quarantine(history.name, error)
            failures.append(Failure(history.name, f"{type(error).__name__}: {error}"))
    return failures


def _lacking(engine: Engine, package: str) -> str:
    """A table, or a column of one, that classes of a package have and the database has not; "" where there is none."""
    mapped = [m for m in Model.registry.mappers if f"{m.class_.__module__}.".startswith(f"{package}.")]
    tables = {str(m.local_table): m for m in mapped}
    found = inspect(engine).get_multi_columns(filter_names=list(tables)) if tables else {}
    there = {name: {column["name"] for column in columns} for (_, name), columns in found.items()}
    for name, mapper in sorted(tables.items()):
        if name not in there:
            return f"there is no table {name}, which {mapper.class_.__name__} needs"
        if absent := sorted(set(mapper.local_table.columns.keys()) - there[name]):
            return f"the table {name} has no column {', '.join(absent)}, which {mapper.class_.__name__} needs"
    return ""


def set_aside_pending(engine: Engine, registry: "Registry") -> None:
    """Put into quarantine each module whose tables are not those of its code, so that none of its pages
    meets a table that is not there. Raises SchemaError where the core's are not."""
    for name in pending(engine, registry):
        error = SchemaError("The database has an old schema; bring it up to date with: postigo db upgrade")
        if name == CORE:
            raise error
        registry.quarantine(name, error)


def _is_current(connection: Connection, history: History) -> bool:
    options = {"version_table": history.version_table}
    applied = set(MigrationContext.configure(connection, opts=options).get_current_heads())
    try:
        return applied == set(_scripts(history).get_heads())
    except Exception:  # a stranger's migrations may raise anything; `upgrade` says what it was
        if history.name == CORE:
            raise
        return False


def _scripts(history: History) -> ScriptDirectory:
    return ScriptDirectory(str(history.folder), version_locations=[str(history.folder / "versions")])


def revisions(history: History) -> list[str]:
    """The revisions of one history, the first one first."""
    return [each.revision for each in _scripts(history).walk_revisions()][::-1]


def apply(engine: Engine, history: History, role: str | None, to: str = "head") -> None:
    """Bring one history to its newest revision, or up to another, in one transaction with everything around it."""
    scripts = _scripts(history)
    heads = scripts.get_heads()
    if len(heads) > 1:
        raise SchemaError(f"The migrations of {history.name} branch: {', '.join(sorted(heads))}")

    def steps(applied: Any, context: MigrationContext) -> Any:
        known = {revision.revision for revision in scripts.walk_revisions()}
        if unknown := set(applied) - known:
            raise SchemaError(f"The database was made by a newer {history.name} (revision {', '.join(unknown)})")
        return scripts._upgrade_revs(to, applied)

    with _transaction(engine) as connection, EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(
            connection=connection,
            version_table=history.version_table,
            transactional_ddl=True,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        environment.run_migrations()
        if connection.dialect.name == "postgresql":
            protect(connection, role)


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other upgrade shares. On SQLite without foreign keys in force: a batch
    operation drops and remakes a table, which would delete what refers to it; they are checked before
    the commit instead."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
                yield connection
            return
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # says nothing within a transaction
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise SchemaError(f"A migration left a row of {broken[0]} that refers to nothing")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
