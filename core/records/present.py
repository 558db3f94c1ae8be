"""Values as a reader reads them: the cells of lists and the facts of records."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from core.db.wall import ALL
from core.formats import decimals_of, format_amounts, format_dates, format_datetimes, format_number, format_price
from core.i18n import gettext
from core.records.fields import NAMED, kind_of
from core.records.resource import Field
from core.records.rows import Row

#: kinds of fields as the templates know them
_SHOWN_AS = {
    "money": "money",
    "number": "number",
    "quantity": "number",
    "price": "number",
    "date": "date",
    "datetime": "datetime",
    "choice": "status",
    "flag": "bool",
}


class Cell(NamedTuple):
    """One value for a template: its text, and for a status its tone and icon."""

    text: str
    tone: str | None = None
    icon: str | None = None


NOTHING = Cell("")


def shown_as(model: Any, field: Field) -> str:
    """The kind of a field in the templates' words."""
    return _SHOWN_AS.get(kind_of(model, field), "text")


def cell(model: Any, field: Field, row: Row) -> Cell:
    """One value of a record, formatted for the request's reader."""
    return column(model, field, [row])[0]


def cells_of(model: Any, fields: Sequence[Field], rows: Sequence[Row]) -> list[tuple[Cell, ...]]:
    """The values of many records, row by row."""
    return list(zip(*(column(model, f, rows) for f in fields), strict=True)) if fields else [() for _ in rows]


def column(model: Any, field: Field, rows: Sequence[Row]) -> list[Cell]:
    """One field of many records, formatted for the request's reader."""
    kind, name = kind_of(model, field), field.name
    values = [row.values[name] for row in rows]
    if kind == "choice":
        cells = {value: Cell(str(c.label), c.tone, c.icon or None) for value, c in field.choices.items()}
        return [cells.get(str(value)) or Cell("" if value is None else str(value)) for value in values]
    if kind == "audience":
        texts = [audience_text(row.values[name], row.names.get(name, "")) for row in rows]
    elif kind in NAMED:
        texts = [row.names.get(name, "") if row.values[name] is not None else "" for row in rows]
    elif kind == "money":
        texts = format_amounts((value, row.currency) for value, row in zip(values, rows, strict=True))
    elif kind == "date":
        texts = format_dates(values)
    elif kind == "datetime":
        texts = format_datetimes(values)
    else:
        texts = ["" if value is None or value == "" else _text(kind, value) for value in values]
    return [Cell(text) if text else NOTHING for text in texts]


def audience_text(audience: str, segments: str) -> str:
    """Whom a record is for, in words; `segments` are the names of those that it is for."""
    if audience == ALL:
        return gettext("All clients")
    return segments if audience else gettext("Our staff alone")


def _text(kind: str, value: Any) -> str:
    if kind in ("number", "quantity"):
        return format_number(value)
    if kind == "price":
        return format_price(value)
    if kind == "flag":
        return gettext("Yes") if value else gettext("No")
    return str(value)


def plain_money(minor: int, currency: str) -> str:
    """An amount for machines: "-1234.50", with as many decimals as the currency has."""
    return format(Decimal(minor).scaleb(-decimals_of(currency)), "f")


def plain_number(value: Any) -> str:
    """A number for machines: all its digits, no exponent, no zeros at the end."""
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
