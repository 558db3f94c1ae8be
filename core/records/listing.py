"""A list of records, as rows and not as a page: search, filters, order and paging in the viewer's own
session, which narrows every statement by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select, true

from core.crm.models import Account, Site
from core.db.folding import fold, folded
from core.db.session import WalledSession
from core.db.viewer import Kind
from core.records import keyset
from core.records.errors import BadQuery, NotHere
from core.records.fields import effective, kind_of, never_missing, value_of
from core.records.query import Filter, Query
from core.records.resource import Field, Resource
from core.records.rows import Row, columns_of, row_of

PAGE_SIZE = 25
COUNT_CAP = 1000


@dataclass(frozen=True)
class Page:
    """One page of a list. `total` stops at the cap, and is then `capped`."""

    fields: Sequence[Field]
    rows: list[Row]
    total: int
    capped: bool
    after: str = ""
    before: str = ""


def list_records(
    session: WalledSession,
    resource: Resource,
    query: Query,
    zone: tzinfo,
    size: int = PAGE_SIZE,
    fields: Sequence[Field] | None = None,
) -> Page:
    """One page of the records that the session's viewer sees. Days are those of `zone`; `fields` is what is read
    of each record, the columns of a list's page where it is not given.

    Raises BadQuery for a cursor that is not one, NotHere for an account or site out of reach."""
    model = resource.model
    fields = _listed(session, resource) if fields is None else fields
    conditions = _conditions(session, resource, query, zone)
    sorting = _sorting(resource, query)
    cursor = _cursor(sorting, query)
    some = _counted(model, conditions)
    # Counted in the same statement: however many rows there are, a list takes as many statements.
    asked = _select(model, fields, sorting).add_columns(some.label("total_count")).where(*conditions)
    found = list(session.execute(keyset.page(asked, sorting, cursor, size)))
    backward = cursor is not None and cursor.backward
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    rows = [row_of(r, fields) for r in found]
    total = found[0]._mapping["total_count"] if found else _count_beside(session, some, cursor)
    later, earlier = (cursor is not None, more) if backward else (more, cursor is not None)
    ends = [keyset.encode(sorting, r._mapping["sort_value"], r._mapping["row_id"]) for r in (found[:1] + found[-1:])]
    return Page(
        fields,
        rows,
        min(total, COUNT_CAP),
        total > COUNT_CAP,
        after=ends[-1] if later and ends else "",
        before=ends[0] if earlier and ends else "",
    )


def list_ids(session: WalledSession, resource: Resource, query: Query, zone: tzinfo, most: int) -> list[int]:
    """The ids of all that a list shows on its pages, in its order; one more than `most` where there are
    more. Raises NotHere for an account or site out of reach."""
    asked = select(resource.model.id).where(*_conditions(session, resource, query, zone))
    return list(session.scalars(keyset.page(asked, _sorting(resource, query), None, most)))


def count_records(session: WalledSession, resource: Resource, query: Query, zone: tzinfo) -> int:
    """How many records a list has in all, whatever their number. Raises NotHere as `list_records` does."""
    model: Any = resource.model
    return session.scalar(select(func.count(model.id)).where(*_conditions(session, resource, query, zone))) or 0


def walk_records(
    session: WalledSession, resource: Resource, query: Query, zone: tzinfo, fields: Sequence[Field], size: int
) -> Iterator[list[Row]]:
    """All records of a list in its order, `size` at a time. Raises NotHere as `list_records` does."""
    sorting, cursor = _sorting(resource, query), None
    asked = _select(resource.model, fields, sorting).where(*_conditions(session, resource, query, zone))
    while True:
        found = list(session.execute(keyset.page(asked, sorting, cursor, size - 1)))
        yield [row_of(r, fields) for r in found]
        if len(found) < size:
            return
        last = found[-1]._mapping
        cursor = keyset.Cursor(last["sort_value"], last["row_id"])


def _listed(session: WalledSession, resource: Resource) -> list[Field]:
    """The columns of the list. Who reaches one account alone is not told its name on each row."""
    viewer, accounts = session.sight.viewer, session.sight.accounts
    fields = [f for f in effective(resource, session.sight) if f.listed]
    if viewer.kind is not Kind.CONTACT or len(accounts) > 1:
        return fields
    return [f for f in fields if kind_of(resource.model, f) != "account"]


def _select(model: Any, fields: Sequence[Field], sorting: keyset.Sorting) -> Select[Any]:
    return select(*columns_of(model, fields), sorting.value.label("sort_value"))


def _sorting(resource: Resource, query: Query) -> keyset.Sorting:
    model, order = resource.model, query.order
    kind = kind_of(model, order)
    value = value_of(model, order)
    return keyset.Sorting(
        name=f"{'-' if query.descending else ''}{order.name}",
        kind=kind,
        value=folded(value) if kind == "text" else value,
        id=model.id,
        descending=query.descending,
        never_missing=never_missing(model, order),
    )


def _cursor(sorting: keyset.Sorting, query: Query) -> keyset.Cursor | None:
    if query.after and query.before:
        raise BadQuery("page")
    if query.before:
        return keyset.decode(sorting, query.before, backward=True)
    return keyset.decode(sorting, query.after, backward=False) if query.after else None


def _conditions(session: WalledSession, resource: Resource, query: Query, zone: tzinfo) -> list[ColumnElement[bool]]:
    model = resource.model
    fields = effective(resource, session.sight)
    conditions = [_filtered(model, f, zone) for f in query.filters]
    searched = [folded(value_of(model, f)) for f in fields if f.searchable]
    for word in query.words:
        conditions.append(or_(*(text.contains(fold(word) or "", autoescape=True) for text in searched)))
    conditions += _place(session, model, query)
    if query.mine:
        conditions.append(model.contact_id == session.sight.viewer.person_id)
    return conditions


def _place(session: WalledSession, model: Any, query: Query) -> list[ColumnElement[bool]]:
    """Narrow to one account or site. They are looked for through the session: one that is out of
    reach is not there."""
    conditions = []
    if (query.account is not None or query.site is not None) and not hasattr(model, "owner"):
        raise NotHere
    if query.account is not None:
        if session.sight.viewer.kind is Kind.CONTACT:
            there = query.account in session.sight.accounts
        else:
            there = session.scalar(select(Account.id).where(Account.id == query.account)) is not None
        if not there:
            raise NotHere
        conditions.append(model.owner == query.account)
    if query.site is not None:
        if session.scalar(select(Site.id).where(Site.id == query.site)) is None:
            raise NotHere
        conditions.append(model.site_id == query.site)
    return conditions


def _filtered(model: Any, used: Filter, zone: tzinfo) -> ColumnElement[bool]:
    value = value_of(model, used.field)
    if used.choices:
        return value.in_(used.choices)
    start, end = used.start, used.end
    terms: list[ColumnElement[bool]] = [true()]
    if kind_of(model, used.field) == "date":
        terms += [value >= start] if start else []
        return and_(*terms, *([value <= end] if end else []))
    terms += [value >= _beginning(start, zone)] if start else []
    if end and end < date.max:
        terms.append(value < _beginning(end + timedelta(days=1), zone))
    return and_(*terms)


def _beginning(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in a zone; of the very first day, the first that there is."""
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _counted(model: Any, conditions: list[ColumnElement[bool]]) -> ScalarSelect[int]:
    """How many records there are in all, as an expression that stops counting past the cap."""
    some = select(model.id).where(*conditions).limit(COUNT_CAP + 1).subquery()
    return select(func.count(some.c.id)).scalar_subquery()


def _count_beside(session: WalledSession, some: ScalarSelect[int], cursor: keyset.Cursor | None) -> int:
    """How many records there are, where the page itself has none: past the last one, there may be some."""
    return 0 if cursor is None else session.scalar(select(some)) or 0
