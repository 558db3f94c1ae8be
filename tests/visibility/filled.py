"""A record in which each field says something of its own, made for any resource from its declaration."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect

from core.records.fields import kind_of
from core.records.resource import Field, Resource
from tests.visibility.canaries import amount, day

_BEGINNING = date(2001, 1, 2)


def names_of(resource: Resource) -> list[str]:
    """The fields that staff may show to clients, and those of its child tables as "lines.net"."""
    own = [f.name for f in resource.fields if not f.internal]
    return own + [f"{child.name}.{f.name}" for child in resource.children for f in child.fields if not f.internal]


def filled(model: Any, fields: Sequence[Field], beginning: int, **given: Any) -> dict[str, Any]:
    """What columns of a row hold: a value of their own each, but for those that are given."""
    columns = inspect(model).columns
    plain = [f for f in fields if f.expression is None and f.name in columns and f.name not in given]
    made = {f.name: _value(model, f, columns[f.name], beginning + n) for n, f in enumerate(plain)}
    money = {"currency": "EUR"} if "currency" in columns else {}
    return {**money, **{name: value for name, value in made.items() if value is not None}, **given}


def _value(model: Any, field: Field, column: Any, n: int) -> Any:
    kind, later = kind_of(model, field), _BEGINNING + timedelta(days=41 * n)
    if kind in ("text", "code", "markdown"):
        return f"canary {n} {field.name}"[: getattr(column.type, "length", None) or 80]
    values: dict[str, Any] = {
        "money": 900_001 + 10_007 * n,
        "date": later,
        "datetime": datetime.combine(later, time(12), UTC),
        "quantity": Decimal(f"{n % 90 + 10}.{n * 7 % 80 + 11}"),
        "price": Decimal(f"{n % 90 + 10}.{n * 7 % 80 + 11}"),
        "number": n + 4310,
        "flag": True,
    }
    return values.get(kind)


def marks_of(body: Any) -> dict[str, tuple[str, ...]]:
    """What a program is told of a record, field by field, in all the ways in which exits say it."""
    found = {name: tuple(_said(value)) for name, value in body["fields"].items()}
    for table, rows in body["children"].items():
        for name in rows[0] if rows else ():
            found[f"{table}.{name}"] = tuple(text for row in rows for text in _said(row[name]))
    return found


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "amount" in value:
            yield from amount(round(Decimal(value["amount"]) * 100))
        else:
            yield value.get("name") or value.get("label") or ""
    elif isinstance(value, str) and len(value) >= len("2001-01-02") and value[4] == value[7] == "-":
        yield from (value, *day(date.fromisoformat(value[:10])))
    elif isinstance(value, str):
        yield value
    elif value is not None and not isinstance(value, bool):
        yield from (f"{value}", f"{value:,}")
