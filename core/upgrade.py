"""Bringing a database to today's schema, and never without a copy where the database is a file."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from core.config import Settings
from core.crm.models import Tenant
from core.db.engine import make_engine
from core.db.migrations import Failure, pending, upgrade
from core.db.session import open_session
from core.db.viewer import installation
from core.modules.registry import Registry


class UpgradeError(Exception):
    """The database cannot be brought to today's schema; the text is one sentence for the operator."""


def bring_up_to_date(settings: Settings, registry: Registry) -> list[Failure]:
    """Apply what is pending, as the role that owns the tables, after a copy of a SQLite file that holds
    data. Gives the modules whose own migration failed; the core's raises."""
    engine = make_engine(settings.owner_url, guarded=False)
    try:
        waiting = pending(engine, registry)
        if waiting and settings.database_file is not None and settings.database_file.exists():
            copy_database(settings.database_file, settings.home / "backups")
        return upgrade(engine, registry) if waiting else []
    finally:
        engine.dispose()


def check_schema(settings: Settings, registry: Registry) -> None:
    """Raise UpgradeError where the database needs an upgrade that somebody must ask for."""
    engine = make_engine(settings.database_url, guarded=False)
    try:
        if pending(engine, registry):
            raise UpgradeError("The database has an old schema; bring it up to date with: postigo db upgrade")
    finally:
        engine.dispose()


def has_tenant(settings: Settings) -> bool:
    """Tell whether there is any tenant in the database."""
    engine = make_engine(settings.database_url)
    try:
        with open_session(engine, installation()) as session:
            return bool(session.scalar(select(func.count(Tenant.id))))
    finally:
        engine.dispose()


def copy_database(file: Path, folder: Path) -> Path | None:
    """Copy a SQLite database, whole even while it is in use, into `folder`; give the copy's path, or
    None for a file without a table. Raises UpgradeError, and leaves no half copy, when it cannot."""
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    copy = folder / f"{file.stem}-{moment}.db"
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
            if not source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return None
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(copy)) as target:
                source.backup(target)
    except (OSError, sqlite3.Error) as error:
        copy.unlink(missing_ok=True)
        raise UpgradeError(f"The copy {copy} could not be made, so nothing was changed: {error}") from None
    return copy
