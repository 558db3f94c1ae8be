"""One import, from the first table to the last, in one transaction: all of it is there, or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from core.crm.models import Tenant
from core.db.engine import Busy
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.files.storage import StorageError, Store
from core.imports.check import check_profile, in_order
from core.imports.errors import ImportFailed
from core.imports.feed import Job, Progress, feed_table
from core.imports.folder import open_inside
from core.imports.language import read_profile
from core.imports.links import KIND as LINK
from core.imports.links import feed_links
from core.imports.lookups import Lookups, place_of
from core.imports.opening import open_table
from core.imports.profile import LinkTable, Profile, Table
from core.imports.report import Gone, Report, TableReport
from core.imports.rows import Rows
from core.modules.delivery import at_once
from core.modules.events import ImportFinished, send
from core.modules.registry import Registry


def silent(progress: Progress) -> None:
    """Show no progress."""


def run(
    engine: Engine,
    registry: Registry,
    store: Store,
    tenant_slug: str,
    profile: str,
    folder: Path,
    progress: Callable[[Progress], None] = silent,
) -> Report:
    """Import the CSV export in `folder` for a tenant by the profile of that name; say what was done.

    Rows that cannot be taken are listed and do not end the run. Whatever else goes wrong raises
    ImportFailed (or its ProfileError), and then nothing of the run was written."""
    read = read_profile(registry, profile)
    models = check_profile(read, registry)
    tables = in_order(read, models)
    lookups = Lookups(folder)
    there = _prepare(folder, tables, lookups)
    tenant = _tenant(engine, tenant_slug)
    with _all_or_nothing(engine, tenant) as session:
        at_once(session)
        job = Job(session, store, tenant, read.name, folder, lookups, progress)
        report = Report(profile, tenant_slug)
        for table in tables:
            report.tables.append(_import_table(job, table, models[table.into], table in there))
        report.tables += [_import_links(job, link, read.called) for link in read.links]
        report.gone = _gone(job, read, there) + _gone_links(job, report)
        send(session, ImportFinished(profile, report.taken()))
        session.commit()
    return report


def _prepare(folder: Path, tables: list[Table], lookups: Lookups) -> list[Table]:
    """Look at every file before anything is written: give the tables that are there, and read their
    look-ups. Raises ImportFailed for a folder without any, or a missing column."""
    if not folder.is_dir():
        raise ImportFailed(f"{folder} is no folder")
    there = []
    for table in tables:
        opened = open_table(folder, table)
        if opened is None:
            continue
        with opened:
            header = Rows(opened.file, opened.name).header
        for column in sorted(table.columns()):
            place_of(header, column, opened.name)
        for lookup in table.used_lookups().values():
            lookups(lookup)
        there.append(table)
    if not there:
        raise ImportFailed(f"{folder} holds no table of this profile, such as {tables[0].file}")
    return there


def _tenant(engine: Engine, slug: str) -> Tenant:
    with open_session(engine, installation()) as session:
        tenant = session.scalar(select(Tenant).where(Tenant.slug == slug))
        if tenant is None:
            raise ImportFailed(f"there is no tenant {slug[:63]!r}")
        session.expunge(tenant)
    return tenant


@contextmanager
def _all_or_nothing(engine: Engine, tenant: Tenant) -> Iterator[WalledSession]:
    """A writing session of the system for one tenant; what goes wrong undoes everything, stored files
    too, and becomes one sentence."""
    with open_session(engine, system(tenant.id), writes=True) as session:
        try:
            # On PostgreSQL, imports of one tenant wait for each other here (SQLite has one writer).
            session.scalar(select(Tenant.id).where(Tenant.id == tenant.id).with_for_update(key_share=True))
            yield session
        except BaseException as error:
            session.rollback()
            if isinstance(error, DBAPIError):
                said = " ".join(str(error.orig).split())
                raise ImportFailed(f"nothing was imported; the database says: {said}") from error
            if isinstance(error, StorageError | Busy | OSError):
                raise ImportFailed(f"nothing was imported; {error}") from error
            raise


def _import_table(job: Job, table: Table, model: type[Any], there: bool) -> TableReport:
    opened = open_table(job.folder, table) if there else None
    if opened is None:
        return TableReport(table.file, table.into, there=False)
    report = TableReport(opened.name, table.into, grouped=table.group)
    with opened:
        feed_table(job, table, model, opened, report)
    return report


def _import_links(job: Job, table: LinkTable, called: Mapping[str, str]) -> TableReport:
    opened = open_inside(job.folder, table.file)
    if opened is None:
        return TableReport(table.file, LINK, there=False)
    report = TableReport(opened.name, LINK)
    with opened:
        feed_links(job, table, called, opened, report)
    return report


def _gone_links(job: Job, report: Report) -> list[Gone]:
    there = [table.there for table in report.tables if table.kind == LINK]
    return [Gone(LINK, *each) for each in job.ids(LINK).mark_gone(job.session)] if there and all(there) else []


def _gone(job: Job, profile: Profile, there: list[Table]) -> list[Gone]:
    """Mark and give what the export no longer holds, for each kind of which every table was there."""
    kinds = sorted({t.into for t in there} - {t.into for t in profile.tables if t not in there})
    return [Gone(kind, *each) for kind in kinds for each in job.ids(kind).mark_gone(job.session)]
