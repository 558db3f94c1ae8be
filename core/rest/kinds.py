"""How the values of JSON are read, for each kind of column: strictly, and as `values` gives them out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Float, Numeric

from core.i18n import gettext
from core.records.limits import NumberLimits, number_limits, text_limits
from core.records.typed import no_day, no_text, tidy

_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,10})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")

#: gives what a value of JSON means; raises ValueError with a sentence
Reader = Callable[[Any], Any]

#: a reader, and what the description says of what it reads
Reading = tuple[Reader, dict[str, Any]]


@dataclass(frozen=True)
class Amount:
    """An amount as it was sent: whether its currency is the record's is asked with the record."""

    number: Decimal
    currency: str


def reader_of(kind: str, label: Any, column: Column[Any]) -> Reading:
    """How the values of a kind of field are read; `label` is what its sentences call it."""
    made: dict[str, Callable[[Any, Column[Any]], Reading]] = {
        "money": _money, "number": _number, "quantity": _exact, "price": _exact, "date": _day, "datetime": _moment,
    }  # fmt: skip
    if kind == "flag":
        return flag_reading(label)
    return made.get(kind, _text)(label, column)


def _text(label: Any, column: Column[Any]) -> Reading:
    limits = text_limits(column)

    def read(value: Any) -> str | None:
        if not isinstance(value, str):
            raise ValueError(no_text(label))
        if misfit := limits.misfit(str(label), value.replace("\r\n", "\n")):
            raise ValueError(misfit)
        return tidy(value) or (None if column.nullable else "")

    return read, {"type": "string", "maxLength": limits.longest}


def flag_reading(label: Any) -> Reading:
    """How yes and no are read."""

    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(gettext("Write %(field)s as true or false.", field=label))
        return value

    return read, {"type": "boolean"}


def _number(label: Any, column: Column[Any]) -> Reading:
    limits = number_limits("number", column)
    most = float(limits.most) if limits.decimals else int(limits.most)
    type_ = "number" if isinstance(column.type, Numeric | Float) else "integer"

    def read(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(gettext("Write %(field)s as a number, such as %(example)s.", field=label, example="12"))
        return _fitting(label, Decimal(str(value)), limits)

    return read, {"type": type_, "minimum": -most, "maximum": most}


def _exact(label: Any, column: Column[Any]) -> Reading:
    limits = number_limits("quantity", column)

    def read(value: Any) -> Any:
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            example = '"12.5"'
            raise ValueError(gettext("Write %(field)s as a number, such as %(example)s.", field=label, example=example))
        return _fitting(label, Decimal(value), limits)

    return read, {"type": "string", "pattern": f"^{_DECIMAL.pattern}$"}


def _fitting(label: Any, number: Decimal, limits: NumberLimits) -> Any:
    if misfit := limits.misfit(str(label), number):
        raise ValueError(misfit)
    return limits.kept(number)


def _money(label: Any, column: Column[Any]) -> Reading:
    parts = {"amount": {"type": "string", "pattern": f"^{_DECIMAL.pattern}$"}, "currency": {"type": "string"}}

    def read(value: Any) -> Amount:
        sent = value if isinstance(value, dict) and value.keys() == parts.keys() else {}
        amount, currency = sent.get("amount"), sent.get("currency")
        if not (isinstance(amount, str) and isinstance(currency, str) and _DECIMAL.fullmatch(amount)):
            example = '{"amount": "12.50", "currency": "EUR"}'
            raise ValueError(
                gettext("Write %(field)s as an amount, such as %(example)s.", field=label, example=example)
            )
        return Amount(Decimal(amount), currency)

    required = sorted(parts)
    return read, {"type": "object", "properties": parts, "required": required, "additionalProperties": False}


def _day(label: Any, column: Column[Any]) -> Reading:
    def read(value: Any) -> date:
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # the thirtieth of February
        raise ValueError(no_day(label))

    return read, {"type": "string", "format": "date"}


def _moment(label: Any, column: Column[Any]) -> Reading:
    def read(value: Any) -> datetime:
        try:
            if isinstance(value, str) and _MOMENT.fullmatch(value.upper()):
                return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        example = "2026-05-31T09:30:00+02:00"
        raise ValueError(gettext("Write %(field)s as a moment, such as %(example)s.", field=label, example=example))

    return read, {"type": "string", "format": "date-time"}
