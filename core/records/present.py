"""Values as a reader reads them: the cells of lists and the facts of records."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from core.i18n import format_date, format_datetime, format_money, format_number, format_price, gettext
from core.records.fields import kind_of
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


@dataclass(frozen=True)
class Cell:
    """One value for a template: its text, and for a status its tone and icon."""

    text: str
    tone: str | None = None
    icon: str | None = None


def shown_as(model: Any, field: Field) -> str:
    """The kind of a field in the templates' words."""
    return _SHOWN_AS.get(kind_of(model, field), "text")


def cell(model: Any, field: Field, row: Row) -> Cell:
    """One value of a record, formatted for the request's reader."""
    kind, value = kind_of(model, field), row.values[field.name]
    if value is None or value == "":
        return Cell("")
    if kind == "choice":
        choice = field.choices.get(str(value))
        return Cell(str(value)) if choice is None else Cell(str(choice.label), choice.tone, choice.icon or None)
    if kind in ("account", "site", "contact"):
        return Cell(row.names.get(field.name, ""))
    if kind == "money":
        return Cell(format_money(value, row.currency))
    if kind in ("number", "quantity"):
        return Cell(format_number(value))
    if kind == "price":
        return Cell(format_price(value))
    if kind == "date":
        return Cell(format_date(value))
    if kind == "datetime":
        return Cell(format_datetime(value))
    if kind == "flag":
        return Cell(gettext("Yes") if value else gettext("No"))
    return Cell(str(value))


def plain_money(minor: int, currency: str) -> str:
    """An amount for machines: "-1234.50", with as many decimals as the currency has."""
    digits = get_currency_precision(currency) if currency else 2
    return format(Decimal(minor).scaleb(-digits), "f")


def plain_number(value: Any) -> str:
    """A number for machines: all its digits, no exponent, no zeros at the end."""
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
