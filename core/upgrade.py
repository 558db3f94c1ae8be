"""Bringing a database to today's schema, and never without a copy where the database is a file."""

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, make_url, select

from core.config import Settings
from core.crm.models import TenantHost
from core.db.engine import make_engine
from core.db.migrations import Failure, SchemaError, pending, set_aside_pending, upgrade
from core.db.policies import role_problems
from core.db.session import open_session
from core.db.viewer import installation
from core.modules.registry import Registry
from core.search.rebuild import fill_where_empty


def bring_up_to_date(settings: Settings, registry: Registry) -> list[Failure]:
    """Apply what is pending, as the role that owns the tables, after a copy of a SQLite file that holds
    data. Gives the modules whose own migration failed and which are set aside; the core's raises."""
    serving = make_url(settings.database_url).username if settings.owner_url != settings.database_url else None
    engine = make_engine(settings.owner_url, guarded=False)
    try:
        waiting = pending(engine, registry)
        if waiting and settings.database_file is not None:
            copy_database(settings.database_file, settings.home / "backups")
        # On PostgreSQL always: the role that serves may be a new one.
        failures = upgrade(engine, registry, serving) if waiting or serving else []
    finally:
        engine.dispose()
    _fill_the_search(settings, registry)
    return failures


def _fill_the_search(settings: Settings, registry: Registry) -> None:
    """Let the search find what was there before its index was."""
    engine = make_engine(settings.owner_url)
    try:
        fill_where_empty(engine, registry)
    finally:
        engine.dispose()


def check_schema(settings: Settings, registry: Registry) -> list[Failure]:
    """Raise SchemaError where the core's tables are old: somebody must ask for the upgrade; or where the
    role that serves is one that PostgreSQL holds nothing back from. Gives the modules whose tables are
    old, which are set aside until then."""
    engine = make_engine(settings.database_url, guarded=False)
    try:
        if problems := role_problems(engine):
            raise SchemaError(" ".join(problems))
        set_aside_pending(engine, registry)
    finally:
        engine.dispose()
    return [Failure(each.name, each.reason) for each in registry.quarantined.values()]


def has_tenant(settings: Settings) -> bool:
    """Tell whether there is any tenant in the database that somebody can reach by a host."""
    engine = make_engine(settings.database_url)
    try:
        with open_session(engine, installation()) as session:
            return bool(session.scalar(select(func.count(TenantHost.id))))
    finally:
        engine.dispose()


def copy_database(file: Path, folder: Path) -> Path | None:
    """Copy a SQLite database, whole even while it is in use, into `folder`; give the copy's path, or
    None where there is no table yet. Raises SchemaError, and leaves no half copy, when it cannot."""
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    copy = folder / f"{file.stem}-{moment}.db"
    try:
        with closing(sqlite3.connect(file)) as source:
            if not source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return None
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(copy)) as target:
                source.backup(target)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            copy.unlink()
        raise SchemaError(f"The copy {copy} could not be made, so nothing was changed: {error}") from None
    return copy
