"""Keyset paging: a page is found by the last row of the one before, so that page one thousand costs
what page one costs, and rows that arrive meanwhile shift nothing."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from core.records.errors import BadQuery
from core.records.fields import NAMED

MAX_ID = 2**63 - 1
#: before or after the point; more than any column has
_MOST_DIGITS = 40


@dataclass(frozen=True)
class Sorting:
    """How a list is ordered: by `value`, then by `id`, both one way; rows without a value come last.

    `name` is the field with its sign ("-issued_on"), `kind` how a cursor's value is read."""

    name: str
    kind: str
    value: ColumnElement[Any]
    id: ColumnElement[Any]
    descending: bool
    never_missing: bool


@dataclass(frozen=True)
class Cursor:
    """The row that a page begins after (or, going back, ends before)."""

    value: Any
    id: int
    backward: bool = False


def encode(sorting: Sorting, value: Any, row_id: int) -> str:
    """A cursor as text for a URL. It holds the sort value of a row that its reader has seen."""
    plain = None if value is None else value.isoformat() if isinstance(value, date) else str(value)
    packed = json.dumps([sorting.name, plain, row_id], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def decode(sorting: Sorting, text: str, *, backward: bool) -> Cursor:
    """Read a cursor. Raises BadQuery for one that is not ours, or of another order."""
    try:
        padded = text + "=" * (-len(text) % 4)
        name, plain, row_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != sorting.name or type(row_id) is not int or not 0 < row_id <= MAX_ID:
            raise ValueError
        value = None if plain is None else _read(sorting.kind, plain)
    except (ValueError, TypeError, ArithmeticError, binascii.Error, RecursionError) as error:
        raise BadQuery("page") from error
    return Cursor(value, row_id, backward)


def _read(kind: str, plain: Any) -> Any:
    """A cursor's value as the column takes it. Raises ValueError, or ArithmeticError, for one that no
    column of the kind could hold."""
    if not isinstance(plain, str) or "\x00" in plain:
        raise ValueError
    plain.encode()  # half a surrogate pair is text to JSON, and to no database
    if kind == "flag":
        return bool(("False", "True").index(plain))
    if kind == "date":
        return date.fromisoformat(plain)
    if kind == "datetime":
        moment = datetime.fromisoformat(plain)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if kind in NAMED or kind in ("money", "number"):
        return _whole(plain)
    return _quantity(plain) if kind == "quantity" else plain


def _whole(plain: str) -> int:
    number = int(plain)
    if abs(number) > MAX_ID:
        raise ValueError
    return number


def _quantity(plain: str) -> Decimal:
    number = Decimal(plain)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError
    return number


def shape(cursor: Cursor | None) -> tuple[bool, bool] | None:
    """What of a cursor shows in the SQL: whether it goes back, and whether its row has a value."""
    return None if cursor is None else (cursor.backward, cursor.value is None)


def values(cursor: Cursor | None) -> dict[str, Any]:
    """The values of the binds that `page` puts into a statement for a cursor."""
    if cursor is None:
        return {}
    here = {"cursor_id": cursor.id}
    return here if cursor.value is None else {**here, "cursor_value": cursor.value}


def page(statement: Select[Any], sorting: Sorting, cursor: Cursor | None, size: int) -> Select[Any]:
    """`statement` ordered and cut to the page after `cursor`, with one row more than `size` so that
    the caller knows whether there is a next. Going back, the rows come in reverse. Run it with the `values`
    of the cursor, or of any other of the same `shape`."""
    backward = cursor is not None and cursor.backward
    if cursor is not None:
        statement = statement.where(_beyond(sorting, cursor))
    down = sorting.descending is not backward
    keys = [k.desc() if down else k.asc() for k in (sorting.value, sorting.id)]
    if not sorting.never_missing:
        missing = sorting.value.is_(None)
        keys.insert(0, missing.desc() if backward else missing.asc())
    return statement.order_by(*keys).limit(size + 1)


def page_of_several(
    parts: Sequence[Select[Any]], sorting: Sorting, cursor: Cursor | None, size: int
) -> CompoundSelect[Any]:
    """`page` of several statements that have no row in common, as of one. Each selects `sort_value` and `row_id`. The
    page is put together from a page of each: where a database has each in order by an index, it reads no more than
    these. So that it has, rows without a value, which no index puts last, are taken apart."""
    backward = cursor is not None and cursor.backward
    down = sorting.descending is not backward
    pages = []
    for part in parts if cursor is None else [part.where(_beyond(sorting, cursor)) for part in parts]:
        if sorting.never_missing:
            pages.append(_cut(part, (sorting.value, sorting.id), down, size, 0))
            continue
        pages.append(_cut(part.where(sorting.value.is_not(None)), (sorting.value, sorting.id), down, size, 0))
        pages.append(_cut(part.where(sorting.value.is_(None)), (sorting.id,), down, size, 1))
    whole = union_all(*pages)
    missing, *keys = (whole.selected_columns[name] for name in ("sort_missing", "sort_value", "row_id"))
    first = missing.desc() if backward else missing.asc()
    return whole.order_by(first, *(key.desc() if down else key.asc() for key in keys)).limit(size + 1)


def _cut(part: Select[Any], keys: Sequence[ColumnElement[Any]], down: bool, size: int, missing: int) -> Select[Any]:
    """The first rows of a part in the order of `keys`, with one more than `size`, and whether they lack a value."""
    cut = part.order_by(*(key.desc() if down else key.asc() for key in keys)).limit(size + 1).subquery()
    return select(*cut.c, literal(missing).label("sort_missing"))


def _beyond(sorting: Sorting, cursor: Cursor) -> ColumnElement[bool]:
    down = sorting.descending is not cursor.backward
    value, row_id = sorting.value, sorting.id
    at, at_id = bindparam("cursor_value", type_=value.type), bindparam("cursor_id", type_=BigInteger())
    further_id = row_id < at_id if down else row_id > at_id
    if cursor.value is None:
        same = and_(value.is_(None), further_id)
        return or_(value.is_not(None), same) if cursor.backward else same
    if sorting.never_missing:
        here = tuple_(at, at_id)
        return tuple_(value, row_id) < here if down else tuple_(value, row_id) > here
    further = value < at if down else value > at
    beyond = or_(further, and_(value == at, further_id))
    return beyond if cursor.backward else or_(beyond, value.is_(None))
