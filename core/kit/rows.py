"""Rows of a module that was never seen before, made from its mapped columns; each text says whose it is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Time,
    Uuid,
    inspect,
)
from sqlalchemy.exc import SQLAlchemyError

from core.db.model import Model, UtcDateTime
from core.db.session import WalledSession
from core.db.shared import STAFF
from core.db.wall import ALL, WHOSE, Owned, Part, Recorded, Shared
from core.files.storage import Store, attach
from core.kit.places import SEGMENT, Place, Row
from core.records.resource import Field, Resource

CANARY = re.compile(r"kx(\d{4})f(\d{2})")
_FILE = 99
_SHORTEST = len("kx0000f00")
#: how SQLite and PostgreSQL say that there is no such table or column
_NO_TABLE = re.compile(r"no such table|has no column named|no such column|does not exist")
_STAMPED = {"id", "tenant_id", "owner", "version", "updated_at", "published", *WHOSE}
_START = date(2026, 1, 5)
#: what the author says of the columns of a class
Examples = Callable[[type[Any]], Mapping[str, Any]]


class NotMade(Exception):
    """A row could not be made up; the text says what the author can do."""


def canary(number: int, column: int = _FILE) -> str:
    """The text that marks one column of one row."""
    return f"kx{number:04d}f{column:02d}"


def found_in(text: str) -> set[tuple[int, int]]:
    """The marks in a text: pairs of a row's number and a column's."""
    return {(int(number), int(column)) for number, column in CANARY.findall(text)}


class Maker:
    """Makes rows of one module in one tenant's session, and keeps what was made in `rows`."""

    def __init__(self, resources: Mapping[str, Resource], rows: list[Row], store: Store, examples: Examples) -> None:
        self.resources, self.rows, self._store, self._examples = resources, rows, store, examples
        declared = [(of.model, f) for of in resources.values() for f in of.fields]
        declared += [(child.model, f) for of in resources.values() for child in of.children for f in child.fields]
        self._naming = {(model, f.name) for model, f in declared if f.kind == "record"}
        self._choices = {(model, f.name): _first_seen(f) for model, f in declared if f.choices}

    def fill(
        self, session: WalledSession, slug: str, ids: Mapping[str, int], places: Iterable[tuple[Place, bool]]
    ) -> None:
        """Make, of each class of the module, a row for each pair (place, published), and parts of each. `ids`
        are the tenant's accounts, sites and contacts by name."""
        made: dict[type[Any], list[Row]] = {}
        wanted = list(places)
        for model in classes(self.resources):
            made[model] = []
            if issubclass(model, Part):
                for parent in made.get(model.part_of, []):
                    whole = (parent.place, parent.published, {"parent_id": parent.id})
                    made[model].append(self._make(session, slug, model, *whole, made, parent))
                    if parent.published and hasattr(model, "published"):  # and one that is the staff's alone
                        whole = (parent.place, False, {"parent_id": parent.id})
                        made[model].append(self._make(session, slug, model, *whole, made, parent))
                continue
            for place, published, columns in _ways(model, wanted, ids):
                made[model].append(self._make(session, slug, model, place, published, columns, made))

    def _make(
        self,
        session: WalledSession,
        slug: str,
        model: type[Any],
        place: Place,
        published: bool,
        columns: Mapping[str, Any],
        made: Mapping[type[Any], list[Row]],
        parent: Row | None = None,
    ) -> Row:
        number, names = len(self.rows), [n for n in text_columns(model) if (model, n) not in self._choices]
        values = {**self._made_up(model, number, names, made, slug, place), **columns, **self._examples(model)}
        if hasattr(model, "published"):
            values["published"] = published
        row = model(**values)
        _write(session, row)
        rule = parent.rule if parent else _rule(row)
        shown = bool(getattr(row, "published", True)) and (parent is None or parent.published)
        kept = {name: getattr(row, name) for name in names}
        new = Row(number, slug, model, row.id, place, shown, rule, tuple(names), kept)
        self.rows.append(new)
        if issubclass(model, Recorded):
            data, name = f"%PDF-1.4\n% {canary(number)}".encode(), f"{canary(number)}.pdf"
            new.files.append(attach(session, self._store, row.id, name, data, "application/pdf").id)
        return new

    def _made_up(
        self,
        model: type[Any],
        number: int,
        names: list[str],
        made: Mapping[type[Any], list[Row]],
        slug: str,
        place: Place,
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, column in _columns(model):
            if (model, name) in self._choices:
                values[name] = self._choices[model, name]
            elif name in names:
                values[name] = canary(number, names.index(name))
            elif column.foreign_keys:
                if (model, name) in self._naming:
                    values[name] = _referred(column, made, slug, place) or _referred(column, made, slug)
                elif not column.nullable:
                    values[name] = _referred(column, made, slug)
            elif column.default is None and column.server_default is None:
                values[name] = plain(name, column, number)
        return values


def _write(session: WalledSession, row: Any) -> None:
    """Write a row that was made up. Raises NotMade, with what its author can do about it."""
    try:
        session.add(row)
        session.flush()
    except (SQLAlchemyError, ValueError, TypeError) as error:
        name, reason = type(row).__name__, str(getattr(error, "orig", None) or error)
        if _NO_TABLE.search(reason):
            raise NotMade(f"{reason}: the module's migrations do not make what {name} says.") from error
        raise NotMade(
            f"A row of {name} could not be made up ({type(error).__name__}: {reason}). Give the contract "
            f"a class method `examples(cls, model)` that returns what its columns hold."
        ) from error


def classes(resources: Mapping[str, Resource]) -> list[type[Any]]:
    """The module's classes, those first that others refer to."""
    modules = {resource.model.portal_module for resource in resources.values()}
    order = {table: n for n, table in enumerate(Model.metadata.sorted_tables)}
    mappers = [m for m in Model.registry.mappers if m.class_.portal_module in modules and m.local_table in order]
    return [m.class_ for m in sorted(mappers, key=lambda m: order[m.local_table])]  # type: ignore[index]


def text_columns(model: type[Any]) -> list[str]:
    """The attributes of a class whose texts can carry a mark: not codes, which have few values or a default."""
    found = []
    for name, column in _columns(model):
        plain = isinstance(column.type, String) and not isinstance(column.type, Enum) and not column.foreign_keys
        long = plain and (column.type.length or _SHORTEST) >= _SHORTEST  # type: ignore[attr-defined]
        default = getattr(column.default, "arg", "")
        if long and not default:
            found.append(name)
    return found


def _columns(model: type[Any]) -> Iterator[tuple[str, Column[Any]]]:
    for attribute in inspect(model).column_attrs:
        column = attribute.columns[0]
        if isinstance(column, Column) and attribute.key not in _STAMPED and attribute.key != "parent_id":
            yield attribute.key, column


def _first_seen(field: Field) -> str:
    return next((value for value, choice in field.choices.items() if choice.seen), next(iter(field.choices)))


def _owner(place: Place, ids: Mapping[str, int]) -> dict[str, int]:
    named = {"account_id": place.account, "site_id": place.site, "contact_id": place.contact}
    return {column: ids[name] for column, name in named.items() if name}


def _ways(
    model: type[Any], places: Sequence[tuple[Place, bool]], ids: Mapping[str, int]
) -> list[tuple[Place, bool, dict[str, Any]]]:
    """The ways in which a row of a class may belong: where, whether it is published, and the columns that say so. What
    is for many is made for them where something is to be seen at the account of the segment; else for staff alone."""
    if issubclass(model, Owned):
        return [(place, published, _owner(place, ids)) for place, published in places]
    if not issubclass(model, Shared):
        return [(Place(), True, {}), (Place(), False, {})]
    segment = (Place(SEGMENT), str(ids["segment"]))
    meant = [(Place(), ALL, False), (Place(), STAFF, True), (*segment, False)]
    if (Place(SEGMENT), True) in places:
        meant = [(Place(), ALL, True), (*segment, True), *meant]
    return [(place, published, {"audience": audience}) for place, audience, published in meant]


def _rule(row: Any) -> str:
    if isinstance(row, Shared):
        return "staff" if row.audience == STAFF else "shared" if row.audience == ALL else "segment"
    return "owned" if isinstance(row, Owned) else "staff"


def _referred(
    column: Column[Any], made: Mapping[type[Any], list[Row]], slug: str, place: Place | None = None
) -> int | None:
    """The first row of this tenant's that a foreign key can name; one that is seen at that place, where it is given."""
    target = next(iter(column.foreign_keys)).column.table
    rows = [row for model, of in made.items() for row in of if inspect(model).local_table is target]
    fits = (row for row in rows if place is None or (row.place == place and row.published))
    return next((row.id for row in fits if row.slug == slug), None)


def plain(name: str, column: Column[Any], number: int) -> Any:
    """A value of the column's type, another for each row where the type has as many."""
    kind, day = column.type, _START + timedelta(days=number % 300)
    if isinstance(kind, Enum):
        return (kind.enum_class and next(iter(kind.enum_class))) or kind.enums[0]
    if isinstance(kind, String):
        return "EUR" if name == "currency" else str(number)[-(kind.length or 9) :]
    if isinstance(kind, DateTime | UtcDateTime):
        return datetime.combine(day, time(9), UTC)
    by_type: list[tuple[Any, Any]] = [
        (Boolean, False), (Float, float(number)), (Numeric, Decimal(number % 90 + 1)), (Integer, number + 1),
        (Date, day), (Time, time(9)), (LargeBinary, canary(number).encode()), (JSON, {}), (Uuid, uuid4()),
    ]  # fmt: skip
    return next((value for of, value in by_type if isinstance(kind, of)), None)
