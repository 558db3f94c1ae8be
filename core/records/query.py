"""What a reader asks of a list: search, filters, order, place; read strictly from URL parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.db.ids import id_in
from core.db.viewer import Sight
from core.records.errors import BadQuery
from core.records.fields import effective, kind_of
from core.records.resource import Field, Resource
from core.records.typed import printable
from core.records.whose import narrowings

LONGEST_SEARCH = 200
_BY_ID = Field("id", "id", kind="number")
_PLAIN = ("q", "sort", "after", "before", "account", "site", "mine")


@dataclass(frozen=True)
class Filter:
    """One filter in use: one of several choices, or a range of days (either end may be open)."""

    field: Field
    choices: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Query:
    """What is asked of a list. `order` is the field sorted by; `account` and `site` narrow within the
    viewer's reach; `mine` to the rows that name the viewer (see `core.records.whose`)."""

    order: Field
    descending: bool
    words: tuple[str, ...] = ()
    search: str = ""
    filters: tuple[Filter, ...] = ()
    account: int | None = None
    site: int | None = None
    mine: str = ""
    after: str = ""
    before: str = ""
    #: the parameters as given, without the place in the list: links to other pages begin with them
    given: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_query(resource: Resource, sight: Sight, params: Mapping[str, Sequence[str]]) -> Query:
    """Read URL parameters (name -> values). Empty values count as not given.

    Raises BadQuery, with the parameter's name, for one that is unknown, of a field that the viewer
    does not see, or not readable: a hidden field and one that never was give the same answer."""
    given = {name: kept for name, values in params.items() if (kept := [v for v in values if v])}
    fields = effective(resource, sight)
    filters = tuple(_filters(resource, fields, given))
    known = {*_PLAIN, *_filter_names(resource, fields)}
    for name in given:
        if name not in known:
            raise BadQuery(name[:60])
    order, descending = _order(resource, fields, _one(given, "sort"))
    search = _search(_one(given, "q"), fields)
    return Query(
        order=order,
        descending=descending,
        words=tuple(search.split()),
        search=search,
        filters=filters,
        account=_id(given, "account"),
        site=_id(given, "site"),
        mine=_mine(given, resource, sight),
        after=_one(given, "after"),
        before=_one(given, "before"),
        given={n: v for n, v in given.items() if n not in ("after", "before")},
    )


def _one(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name, ())
    if len(values) > 1:
        raise BadQuery(name)
    return values[0] if values else ""


def _id(given: Mapping[str, Sequence[str]], name: str) -> int | None:
    text = _one(given, name)
    if not text:
        return None
    return id_in(text) or 0  # not a number, or of nobody: both are an id that is not there


def _mine(given: Mapping[str, Sequence[str]], resource: Resource, sight: Sight) -> str:
    text = _one(given, "mine")
    if text and text not in narrowings(resource, sight):
        raise BadQuery("mine")
    return text


def _search(text: str, fields: Sequence[Field]) -> str:
    if text and not any(f.searchable for f in fields):
        raise BadQuery("q")
    cleaned = printable(text)
    if len(cleaned) > LONGEST_SEARCH:
        raise BadQuery("q")
    return cleaned.strip()


def _order(resource: Resource, fields: Sequence[Field], asked: str) -> tuple[Field, bool]:
    text = asked or resource.order
    name = text.removeprefix("-")
    if not asked:  # the resource's own order needs no flag, and may be by id
        # A link to the next page holds the value that was sorted by, which is theirs to read or not.
        own = next((f for f in fields if f.name == name), _BY_ID)
        return own, text.startswith("-")
    for candidate in fields:
        if candidate.name == name and candidate.sortable:
            return candidate, text.startswith("-")
    raise BadQuery("sort")


def _filter_names(resource: Resource, fields: Sequence[Field]) -> list[str]:
    names = []
    for f in (f for f in fields if f.filterable):
        ranged = kind_of(resource.model, f) in ("date", "datetime")
        names += [f"{f.name}_from", f"{f.name}_to"] if ranged else [f.name]
    return names


def _filters(resource: Resource, fields: Sequence[Field], given: Mapping[str, Sequence[str]]) -> list[Filter]:
    found = []
    for f in (f for f in fields if f.filterable):
        if kind_of(resource.model, f) in ("date", "datetime"):
            start, end = _day(given, f"{f.name}_from"), _day(given, f"{f.name}_to")
            if start or end:
                found.append(Filter(f, start=start, end=end))
        elif values := given.get(f.name):
            if not set(values) <= set(f.choices):
                raise BadQuery(f.name)
            found.append(Filter(f, choices=tuple(values)))
    return found


def _day(given: Mapping[str, Sequence[str]], name: str) -> date | None:
    text: Any = _one(given, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadQuery(name) from error
