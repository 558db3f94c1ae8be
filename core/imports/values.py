"""Text of an export as the value of a column, strictly: what cannot be read is refused, not guessed."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import babel.numbers
from sqlalchemy import BigInteger, Boolean, Date, Integer, Numeric, String, Text
from sqlalchemy.schema import Column

from core.db.model import UtcDateTime
from core.imports.errors import RowRefused

Reader = Callable[[str], Any]

# Numbers repeat in an export: those that were read last are kept.
_KEPT = 20_000
# Five factors of 28 digits; what would not be exact raises.
_EXACT = Context(prec=150, traps=[Inexact])
# 28 digits are what the arithmetic keeps exactly.
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,10})?", re.ASCII)
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([ T].*)?", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
)
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


def reader_for(column: Column[Any], zone: str) -> Reader:
    """The function that reads text as a value of `column`; it raises RowRefused where it cannot.

    `zone` is the time zone of moments that name none. Amounts of money are not read here: they need
    the row's currency, see `read_money`. Raises TypeError for a type that no export can fill."""
    kind = column.type
    if isinstance(kind, Text):
        return lambda text: _text(text, None)
    if isinstance(kind, String):
        return lambda text: _text(text, kind.length)
    if isinstance(kind, Boolean):
        return _flag
    if isinstance(kind, Date):
        return _day
    if isinstance(kind, UtcDateTime):
        return lambda text: _moment(text, ZoneInfo(zone))
    if isinstance(kind, Integer):
        top = 2**63 if isinstance(kind, BigInteger) else 2**31
        return lambda text: _whole(text, top)
    if isinstance(kind, Numeric):
        return lambda text: _decimal(text, kind.precision or 18, kind.scale or 0)
    raise TypeError(f"a column of type {kind} cannot be filled from an export")


def clean(text: str) -> str:
    """Text in one form: composed characters, plain line ends, no blanks around it."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.strip() if "\r" not in text else text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _text(text: str, longest: int | None) -> str:
    if longest is not None and len(text) > longest:
        raise RowRefused(f"is longer than {longest} characters")
    return text


def _flag(text: str) -> bool:
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise RowRefused(f"is no yes or no (0, 1, true, false): {text[:40]!r}") from None


@lru_cache(_KEPT)
def _day(text: str) -> date:
    match = _DAY.fullmatch(text)
    try:
        if match is None or (match[2] and not _MOMENT.fullmatch(text)):
            raise ValueError
        return date.fromisoformat(match[1])
    except ValueError:
        raise RowRefused(f"is no date such as 2026-03-31: {text[:40]!r}") from None


@lru_cache(_KEPT)
def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise RowRefused(f"is no moment such as 2026-03-31 17:05:00: {text[:40]!r}") from None


@lru_cache(_KEPT)
def read_number(text: str) -> Decimal:
    """A decimal number with a point, exactly. Raises RowRefused."""
    if not _NUMBER.fullmatch(text):
        raise RowRefused(f"is no number such as 1234.50: {text[:40]!r}")
    return Decimal(text)


@lru_cache(_KEPT)
def _whole(text: str, top: int) -> int:
    number = read_number(text)
    if number != number.to_integral_value():
        raise RowRefused(f"is no whole number: {text[:40]!r}")
    if not -top <= number < top:
        raise RowRefused(f"is too large a number: {text[:40]!r}")
    return int(number)


@lru_cache(_KEPT)
def _decimal(text: str, precision: int, scale: int) -> Decimal:
    number = read_number(text)
    if abs(number) >= Decimal(10) ** (precision - scale):
        raise RowRefused(f"is too large a number: {text[:40]!r}")
    rounded = round(number, scale)
    if rounded != number:
        raise RowRefused(f"has more than {scale} decimals: {text[:40]!r}")
    return rounded


@lru_cache(maxsize=500)
def digits_of(currency: str) -> int:
    """How many decimals amounts of `currency` have. Raises RowRefused for one that is not known."""
    if re.fullmatch(r"[A-Z]{3}", currency) is None or currency not in babel.numbers.list_currencies():
        raise RowRefused(f"is no currency such as EUR: {currency[:40]!r}")
    return babel.numbers.get_currency_precision(currency)


@lru_cache(_KEPT)
def read_money(text: str, digits: int) -> int:
    """An amount in minor units of a currency with `digits` decimals, exactly: zeros behind them are
    dropped, anything else there is refused rather than rounded. Raises RowRefused."""
    minor = read_number(text).scaleb(digits)
    if minor != minor.to_integral_value():
        raise RowRefused(f"has more decimals than its currency ({digits}): {text[:40]!r}")
    if abs(minor) >= 2**63:
        raise RowRefused(f"is too large an amount: {text[:40]!r}")
    return int(minor)


def multiply(factors: list[Decimal]) -> Decimal:
    """The product of up to five numbers, exactly."""
    found = factors[0]
    for factor in factors[1:]:
        found = _EXACT.multiply(found, factor)
    return found


def round_money(amount: Decimal, digits: int) -> int:
    """A computed amount in minor units, half a unit rounded away from nothing, so that what is taken back
    rounds as what was given. Raises RowRefused for one that is too large."""
    minor = int(amount.scaleb(digits, _EXACT).to_integral_value(ROUND_HALF_UP, _EXACT))
    if abs(minor) >= 2**63:
        raise RowRefused("is too large an amount")
    return minor
