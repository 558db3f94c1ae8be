"""Filling the index of the search anew, for rows that were there before it, or before a field was searched."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, inspect, select

from core.crm.models import Tenant
from core.crm.tenants import find_tenant
from core.db.entry import SearchEntry, entry_of, is_searched, write_entries
from core.db.record import Record
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.modules.registry import Registry

_CHUNK = 1000


def rebuild(engine: Engine, registry: Registry, slug: str | None = None) -> int:
    """Write the entry of every record of one tenant, or of all, over what is there; give how many. Others may go on
    meanwhile: each tenant is one transaction, and what the flush writes stands for itself. Raises TenantError for a
    tenant that is not there."""
    written = 0
    for tenant_id in _tenants(engine, slug):
        with open_session(engine, system(tenant_id), writes=True) as session:
            written += sum(_write(session, model) for model in _models(registry))
            session.commit()
    return written


def fill_where_empty(engine: Engine, registry: Registry) -> int:
    """As `rebuild`, for the tenants that have records and no entry; give how many were written."""
    written = 0
    for tenant_id in _tenants(engine, None):
        with open_session(engine, system(tenant_id), writes=True) as session:
            if session.scalar(select(SearchEntry.id).limit(1)) is None and session.scalar(select(Record.id).limit(1)):
                written += sum(_write(session, model) for model in _models(registry))
                session.commit()
    return written


def _tenants(engine: Engine, slug: str | None) -> list[int]:
    with open_session(engine, installation()) as session:
        if slug is not None:
            return [find_tenant(session, slug).id]
        return list(session.scalars(select(Tenant.id).order_by(Tenant.id)))


def _models(registry: Registry) -> Iterator[Any]:
    for resources in registry.resources.values():
        yield from (each.model for each in resources.values() if is_searched(each.model))


def _write(session: WalledSession, model: Any) -> int:
    """Write the entries of all rows of one class."""
    columns = inspect(model).columns
    whose = ("id", "tenant_id", "owner", "site_id", "contact_id", "audience", "published")
    names = [name for name in dict.fromkeys((*whose, *model.portal_searched)) if name in columns]
    asked = select(*(getattr(model, name).label(name) for name in names)).order_by(model.id).limit(_CHUNK)
    written, last = 0, 0
    while rows := session.execute(asked.where(model.id > last)).mappings().all():
        write_entries(session, [entry_of(model, {**row}) for row in rows])
        written, last = written + len(rows), rows[-1]["id"]
    return written
