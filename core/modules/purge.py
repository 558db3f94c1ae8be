"""Taking everything of a module out of the database, for all tenants: when it is not to come back.

Runs as the role that owns the tables, beside the wall, on an engine without a guard. It needs nothing of
the module's package, which may have been removed long ago."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, MetaData, Select, Table, delete, func, inspect, select, table

from core.crm.models import Tenant
from core.db.classes import tables_of_core
from core.db.compare import load_models
from core.db.model import Model
from core.db.record import Record
from core.files.models import File
from core.modules.models import Switch
from core.modules.module import ModuleError, check_name

#: how the tables begin that say how far the migrations of a module have come
_VERSIONS = "alembic_version_"
#: the core's tables that call something by the module's name and another ("notes.entry", "notes.reminder"), and where.
#: What was mailed and who did what stay: they say what has been.
_CALLED = {
    "counter": "name",
    "external_id": "kind",
    "job": "kind",
    "mail_text": "kind",
    "mail_text_before": "kind",
    "periodic_slot": "name",
}


class PurgeError(Exception):
    """A module that cannot be purged; the text is one sentence for the operator."""


@dataclass(frozen=True)
class Belongings:
    """What is a module's, of all tenants: its own tables with their rows, the core's rows that are its, and the
    keys under which the bytes of its files lie."""

    name: str
    tables: dict[str, int]
    rows: dict[str, int]
    keys: list[str]

    def lines(self) -> list[str]:
        """What would go, for a person, one line each."""
        own = [f"the table {table} with {count} rows" for table, count in self.tables.items()]
        cores = [f"{count} rows of {table}" for table, count in self.rows.items() if count]
        return [*own, *cores, *([f"the bytes of {len(self.keys)} files"] if self.keys else [])]


def belongings(connection: Connection, name: str, known: Iterable[str]) -> Belongings:
    """What in the database is the module's. `known` are the modules that are installed.

    Raises PurgeError for a name that no module can have, a module that is on for a tenant or of which there is
    nothing, and where the table of another refers to one of its."""
    try:
        check_name(name)
    except ModuleError as error:
        raise PurgeError(str(error)) from None
    load_models()  # which tables are the core's is asked below
    _refuse_on(connection, name)
    tables = _own_tables(connection, name, known)
    _refuse_referred(connection, tables)
    counts = {each: _count(connection, select(func.count()).select_from(table(each))) for each in tables}
    rows = {
        each.name: _count(connection, select(func.count()).select_from(each).where(is_its))
        for each, is_its in _of_core(name)
    }
    keys = list(connection.scalars(select(File.key).join(Record).where(Record.module == name)))
    if not (tables or keys or any(rows.values())):
        raise PurgeError(f"there is nothing of a module {name!r} in the database")
    return Belongings(name, counts, rows, keys)


def purge(connection: Connection, its: Belongings) -> None:
    """Drop the module's tables and delete the core's rows that are its, in the transaction of `connection`.
    The bytes of its files are the caller's to delete, once that is kept."""
    metadata = MetaData()
    if its.tables:
        metadata.reflect(connection, only=list(its.tables))
    metadata.drop_all(connection, [metadata.tables[each] for each in its.tables])
    for each, is_its in _of_core(its.name):
        connection.execute(delete(each).where(is_its))


def _of_core(name: str) -> list[tuple[Table, Any]]:
    """The core's tables that name a module, each with the condition for its rows; what hangs on a record
    goes with it, by its foreign key."""
    of_core, tables = tables_of_core(), Model.metadata.tables
    found: list[tuple[Table, Any]] = [
        (each, each.c.module == name)
        for each in Model.metadata.sorted_tables
        if "module" in each.c and each in of_core and each is not Record.__table__
    ]
    found += [(tables[t], tables[t].c[c].startswith(f"{name}.", autoescape=True)) for t, c in _CALLED.items()]
    return [*found, (tables[Record.__tablename__], Record.module == name)]


def _own_tables(connection: Connection, name: str, known: Iterable[str]) -> list[str]:
    """The tables that begin with the module's name, and the one that says how far its migrations have come;
    without the core's ("record_grant"), and those of a module whose name is longer ("notes_board_page" is of
    "notes_board")."""
    ours = {each.name for each in tables_of_core()}
    there = [each for each in inspect(connection).get_table_names() if each not in ours]
    migrated = {each.removeprefix(_VERSIONS) for each in there if each.startswith(_VERSIONS)}
    longer = [other for other in {*known, *migrated} if other.startswith(f"{name}_")]
    own = [t for t in there if t.startswith(f"{name}_") and not any(t.startswith(f"{other}_") for other in longer)]
    version = f"{_VERSIONS}{name}"
    return sorted(own) + ([version] if version in there else [])


def _refuse_on(connection: Connection, name: str) -> None:
    on = select(Tenant.slug).join(Switch, Switch.tenant_id == Tenant.id).where(Switch.module == name, Switch.on)
    if slugs := connection.scalars(on.distinct().order_by(Tenant.slug)).all():
        raise PurgeError(f"{name} is on for {', '.join(slugs)}, or for a client of theirs; turn it off first")


def _refuse_referred(connection: Connection, tables: list[str]) -> None:
    for (_, other), keys in inspect(connection).get_multi_foreign_keys().items():
        for key in keys:
            if other not in tables and key["referred_table"] in tables:
                raise PurgeError(f"the table {other} of another module refers to {key['referred_table']}")


def _count(connection: Connection, counting: Select[int]) -> int:
    return connection.scalar(counting) or 0
