"""Pages of a list that is ordered by name: found by the row that they begin after, so that the
thousandth costs what the first costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, request
from sqlalchemy import Select, func, literal, select, tuple_

from core.crm.models import Account, Contact, Site
from core.db.folding import folded
from core.records.errors import BadQuery
from core.staff.asked import asked_id

# As people order names: Álvarez beside Alvarez. What the databases themselves would do differs between
# them, and puts every accent behind the Z on one.
BY_CONTACT_NAME = (folded(Contact.last_name), folded(Contact.first_name), Contact.id)
BY_ACCOUNT_NAME = (folded(Account.name), Account.id)
BY_SITE_NAME = (folded(Site.name), Site.id)
PAGE_SIZE = 25
COUNT_CAP = 1000


@dataclass(frozen=True)
class Page:
    """The rows of one page, how many there are in all (up to the cap), and its neighbours."""

    rows: list[Any]
    count: Mapping[str, Any]
    pager: Mapping[str, Any]


def page(statement: Select[*tuple[Any, ...]], keys: Sequence[Any], url: str, size: int = PAGE_SIZE) -> Page:
    """The page of `statement` that the request's `after` or `before` (a row's id) asks for, in the order
    of `keys`, the last of which is the id. `url` is the list's own address.

    Raises BadQuery for a place in the list that is none."""
    after, before = asked_id("after"), asked_id("before")
    if after and before:
        raise BadQuery("after")
    anchor = after or before
    keyed = statement.add_columns(*(k.label(f"key_{i}") for i, k in enumerate(keys)))
    wanted = keyed
    if anchor:
        here = _anchor(keys, anchor)
        wanted = keyed.where(tuple_(*keys) > here if after else tuple_(*keys) < here)
    order = [k.desc() for k in keys] if before else list(keys)
    rows = list(g.session.execute(wanted.order_by(*order).limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if before:
        rows.reverse()
    total = len(rows) if not more and not anchor else _count(statement, keys[-1])
    ids = [getattr(row, f"key_{len(keys) - 1}") for row in rows]
    earlier, later = (more, True) if before else (bool(after), more)
    return Page(
        rows,
        {"total": min(total, COUNT_CAP), "capped": total > COUNT_CAP},
        {
            "previous_url": address(url, before=ids[0]) if earlier and ids else None,
            "next_url": address(url, after=ids[-1]) if later and ids else None,
        },
    )


def _anchor(keys: Sequence[Any], row_id: int) -> Any:
    values = g.session.execute(select(*keys).where(keys[-1] == row_id)).first()
    if values is None:
        raise BadQuery("after")
    return tuple_(*(literal(v) for v in values))


def _count(statement: Select[*tuple[Any, ...]], key: Any) -> int:
    some = statement.with_only_columns(key.label("id")).order_by(None).limit(COUNT_CAP + 1).subquery()
    return g.session.scalar(select(func.count(some.c.id))) or 0


def address(url: str, **more: Any) -> str:
    """The list's address with the search and filters in use, and the place given."""
    return narrowed(url, [name for name in request.args if name not in ("after", "before")], **more)


def narrowed(url: str, names: Iterable[str], **changed: Any) -> str:
    """An address with those of the request's parameters that have these names, but for what is `changed`; without
    any that is empty."""
    given = {name: request.args.get(name) for name in names} | changed
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{url}?{query}" if query else url
