"""A list of records, as rows and not as a page: search, filters, order and paging in the viewer's own
session, which narrows every statement by itself."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, select

from core.db.folding import folded
from core.db.kept import kept
from core.db.session import WalledSession
from core.db.shape import shaped
from core.db.viewer import Kind, Scope
from core.db.wall import Owned, met_by_owners
from core.records import keyset
from core.records.conditions import Condition, conditions_of
from core.records.errors import BadQuery
from core.records.fields import effective, kind_of, never_missing, value_of
from core.records.query import Query
from core.records.resource import Field, Resource
from core.records.rows import Row, columns_of, rows_of

PAGE_SIZE = 25
#: of more owners than these, rows are looked for all at once
_FEW = 4
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
    fields = _listed(session, resource) if fields is None else tuple(fields)
    asked = _Asked(session, resource, query, zone)
    cursor = _cursor(asked.sorting, query)
    place = keyset.shape(cursor)

    owners = _owners(session, resource, query)

    def build() -> Any:
        # Counted in the same statement: however many rows there are, a list takes as many statements.
        statement = asked.select(fields).add_columns(asked.counted().label("total_count"))
        if not owners:
            return keyset.page(statement, asked.sorting, cursor, size)
        owner = resource.model.owner
        of_each = [statement.where(owner == bindparam(name, type_=BigInteger())) for name in owners]
        return keyset.page_of_several(of_each, asked.sorting, cursor, size)

    values = {**asked.values, **keyset.values(cursor), **owners}
    found = list(session.execute(asked.kept("page", (fields, size, place, tuple(owners)), build), values))
    return _page(session, asked, fields, cursor, found, size)


def _page(
    session: WalledSession,
    asked: "_Asked",
    fields: Sequence[Field],
    cursor: keyset.Cursor | None,
    found: list[Any],
    size: int,
) -> Page:
    """What was found, one row beyond the page where there are more, as a page in the list's own order."""
    backward = cursor is not None and cursor.backward
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    rows = rows_of(found, asked.model, fields)
    total = found[0].total_count if found else _count_beside(session, asked, cursor)
    later, earlier = (cursor is not None, more) if backward else (more, cursor is not None)
    return Page(
        fields,
        rows,
        min(total, COUNT_CAP),
        total > COUNT_CAP,
        after=_end(asked.sorting, found[-1]) if later and found else "",
        before=_end(asked.sorting, found[0]) if earlier and found else "",
    )


def list_ids(session: WalledSession, resource: Resource, query: Query, zone: tzinfo, most: int) -> list[int]:
    """The ids of all that a list shows on its pages, in its order; one more than `most` where there are
    more. Raises NotHere for an account or site out of reach."""
    asked = _Asked(session, resource, query, zone)

    def build() -> Select[Any]:
        ids = select(resource.model.id).where(*asked.terms())
        return keyset.page(ids, asked.sorting, None, most)

    return list(session.scalars(asked.kept("ids", (most,), build), asked.values))


def count_records(session: WalledSession, resource: Resource, query: Query, zone: tzinfo) -> int:
    """How many records a list has in all, whatever their number. Raises NotHere as `list_records` does."""
    asked = _Asked(session, resource, query, zone)

    def build() -> Select[Any]:
        return select(func.count(resource.model.id)).where(*asked.terms())

    return session.scalar(asked.kept("count", (), build), asked.values) or 0


def walk_records(
    session: WalledSession, resource: Resource, query: Query, zone: tzinfo, fields: Sequence[Field], size: int
) -> Iterator[list[Row]]:
    """All records of a list in its order, `size` at a time. Raises NotHere as `list_records` does."""
    asked, fields = _Asked(session, resource, query, zone), tuple(fields)
    cursor: keyset.Cursor | None = None
    while True:
        here = cursor

        def build(here: keyset.Cursor | None = here) -> Select[Any]:
            return keyset.page(asked.select(fields), asked.sorting, here, size - 1)

        statement = asked.kept("walk", (fields, size, keyset.shape(here)), build)
        found = list(session.execute(statement, {**asked.values, **keyset.values(here)}))
        yield rows_of(found, resource.model, fields)
        if len(found) < size:
            return
        last = found[-1]._mapping
        cursor = keyset.Cursor(last["sort_value"], last["row_id"])


class _Asked:
    """What is asked of a resource's records: the statements over it are built once for each shape of a
    query, and run with the query's values."""

    def __init__(self, session: WalledSession, resource: Resource, query: Query, zone: tzinfo) -> None:
        self.model: Any = resource.model
        self._conditions: list[Condition] = conditions_of(session, resource, query, zone)
        self.values: dict[str, Any] = {name: v for each in self._conditions for name, v in each.values.items()}
        self.sorting = _sorting(resource, query.order, query.descending)
        self._key = (resource, query.order, query.descending, tuple(each.key for each in self._conditions))

    def kept(self, purpose: str, more: Hashable, build: Callable[[], Select[Any]]) -> Select[Any]:
        """The statement for a purpose, built when it is not there."""
        return kept((purpose, self._key, more), build)

    def terms(self) -> list[Any]:
        """The conditions, in SQL."""
        return [each.term() for each in self._conditions]

    def select(self, fields: Sequence[Field]) -> Select[Any]:
        """The rows with these fields, and what they are sorted by."""
        columns = columns_of(self.model, fields)
        return select(*columns, self.sorting.value.label("sort_value")).where(*self.terms())

    def counted(self) -> Any:
        """How many records there are in all, as an expression that stops counting past the cap."""
        some = select(self.model.id).where(*self.terms()).limit(COUNT_CAP + 1).subquery()
        return select(func.count(some.c.id)).scalar_subquery()


def _owners(session: WalledSession, resource: Resource, query: Query) -> dict[str, int]:
    """The keys that the reader's rows belong to, by name of a bind, where they are few and say all that is seen. Of
    each, a database has the rows in the order of an index; of `owner IN (several)`, it would sort them all."""
    model, sight = resource.model, session.sight
    if sight.viewer.kind is not Kind.CONTACT or query.account is not None or not issubclass(model, Owned):
        return {}
    shape, keys = shaped(sight)[0].modules.get(model.portal_module), sight.reach(model.portal_module).keys
    if shape is None or shape.scope is not Scope.ACCOUNT or len(keys) > _FEW or not met_by_owners(model, shape):
        return {}
    return {f"owner_{i}": key for i, key in enumerate(keys)}


def _listed(session: WalledSession, resource: Resource) -> tuple[Field, ...]:
    """The columns of the list. Who reaches one account alone is not told its name on each row."""
    viewer, accounts = session.sight.viewer, session.sight.accounts
    of_many = viewer.kind is not Kind.CONTACT or len(accounts) > 1
    listed = (f for f in effective(resource, session.sight) if f.listed)
    return tuple(f for f in listed if of_many or kind_of(resource.model, f) != "account")


@lru_cache(maxsize=500)
def _sorting(resource: Resource, order: Field, descending: bool) -> keyset.Sorting:
    model = resource.model
    kind = kind_of(model, order)
    value = value_of(model, order)
    return keyset.Sorting(
        name=f"{'-' if descending else ''}{order.name}",
        kind=kind,
        value=folded(value) if kind == "text" else value,
        id=model.id,
        descending=descending,
        never_missing=never_missing(model, order),
    )


def _cursor(sorting: keyset.Sorting, query: Query) -> keyset.Cursor | None:
    if query.after and query.before:
        raise BadQuery("page")
    if query.before:
        return keyset.decode(sorting, query.before, backward=True)
    return keyset.decode(sorting, query.after, backward=False) if query.after else None


def _end(sorting: keyset.Sorting, row: Any) -> str:
    return keyset.encode(sorting, row._mapping["sort_value"], row._mapping["row_id"])


def _count_beside(session: WalledSession, asked: _Asked, cursor: keyset.Cursor | None) -> int:
    """How many records there are, where the page itself has none: past the last one, there may be some."""
    if cursor is None:
        return 0
    return session.scalar(asked.kept("total", (), lambda: select(asked.counted())), asked.values) or 0
