"""Lists without pages: a tenant with one account, resources over real tables with every kind of field."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date
from typing import Any

from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.records.listing import Page, list_records
from core.records.query import read_query
from core.records.resource import Field, Resource
from plugins.invoices.models import Invoice, Line
from tests.staff import rows
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World

#: every kind of column that can be sorted by
INVOICES = Resource(
    name="invoice", title="", singular="", model=Invoice, order="-issued_on",
    fields=(
        Field("number", "", listed=True, sortable=True, searchable=True),
        Field("reference", "", sortable=True, searchable=True),
        Field("kind", "", sortable=True),
        Field("issued_on", "", sortable=True, filterable=True),
        Field("due_on", "", sortable=True, filterable=True),
        Field("updated_at", "", sortable=True, filterable=True),
        Field("total", "", sortable=True),
        Field("published", "", sortable=True),
        Field("contact_id", "", sortable=True),
        Field("half", "", "quantity", sortable=True, expression=lambda invoice: invoice.total * 0.5),
        Field("secret", "", seen=False, sortable=True, filterable=True, searchable=True, expression=lambda i: i.note),
    ),
)  # fmt: skip
LINES = Resource(
    name="line", title="", singular="", model=Line, order="position",
    fields=(Field("position", "", sortable=True), Field("quantity", "", sortable=True)),
)  # fmt: skip


def furnish(world: World) -> None:
    """An account and two contacts, and no record."""
    tenant = rows.make_tenant(world.engine, "one", "one.localhost")
    with rows.writing(world.engine, tenant) as session:
        account = rows.account(session, "Alpha")
        people = {name: rows.contact(session, name, "", account).id for name in ("whole", "other")}
    world.tenancies["one"] = Tenancy("one", tenant.id, {"alpha": account.id}, people=people)


@contextmanager
def working(world: World) -> Iterator[WalledSession]:
    """A session of the tenant's system that keeps nothing of what is done in it."""
    with open_session(world.engine, system(world.one.id), writes=True) as session:
        yield session


def invoice(session: WalledSession, world: World, **columns: Any) -> Invoice:
    """An invoice of the first account's, flushed."""
    given = {"number": "", "status": "pending", "issued_on": date(2026, 1, 1), "currency": "EUR", **columns}
    made = Invoice(account_id=world.one.accounts["alpha"], **given)
    session.add(made)
    session.flush()
    return made


def page(session: WalledSession, resource: Resource, size: int = 3, **params: str) -> Page:
    """One page, asked for as an address does."""
    query = read_query(resource, session.sight, {name: [value] for name, value in params.items()})
    return list_records(session, resource, query, UTC, size)


def walk(session: WalledSession, resource: Resource, size: int = 3, **params: str) -> list[int]:
    """The ids of all pages from the first on."""
    found, ids = page(session, resource, size, **params), []
    for _ in range(200):
        ids += [row.id for row in found.rows]
        if not found.after:
            return ids
        found = page(session, resource, size, **params, after=found.after)
    raise AssertionError("the list has no end")
