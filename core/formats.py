"""Dates, amounts and numbers as the reader writes them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import babel.dates
import babel.numbers

from core.i18n import language, time_zone


@lru_cache(maxsize=20_000)
def _date(value: date, language: str, pattern: str = "d MMM y") -> str:
    return babel.dates.format_date(value, pattern, locale=language)


def format_dates(values: Iterable[date | None]) -> list[str]:
    """`format_date` of many."""
    reads = language()
    return ["" if value is None else _date(value, reads) for value in values]


def format_amounts(values: Iterable[tuple[int | None, str]]) -> list[str]:
    """`format_money` of many: pairs (amount in minor units, currency)."""
    reads = language()
    return ["" if minor is None else _money(minor, currency, reads) for minor, currency in values]


def format_date(value: date | None) -> str:
    """A calendar day as the reader writes it ("3 mar 2026"); nothing for None."""
    return "" if value is None else _date(value, language())


def format_month(value: date, *, short: bool = False) -> str:
    """The month of a day as the reader writes it ("mar 2026"); without the year where `short`."""
    return _date(value, language(), "LLL" if short else "MMM y")


def format_datetime(value: datetime | None) -> str:
    """A moment in the tenant's time zone ("3 mar 2026, 17:05"); nothing for None."""
    return "" if value is None else _moment(value, time_zone(), language())


def format_datetimes(values: Iterable[datetime | None]) -> list[str]:
    """`format_datetime` of many."""
    zone, reads = time_zone(), language()
    return ["" if value is None else _moment(value, zone, reads) for value in values]


@lru_cache(maxsize=20_000)
def _moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    local = value.astimezone(zone)
    return f"{_date(local.date(), language)}, {local:%H:%M}"


def decimals_of(currency: str) -> int:
    """How many decimals amounts of a currency have; two where there is none to ask."""
    return babel.numbers.get_currency_precision(currency) if currency else 2


@lru_cache(maxsize=20_000)
def _money(minor: int, currency: str, language: str) -> str:
    amount = Decimal(minor).scaleb(-decimals_of(currency))
    if not currency:
        return babel.numbers.format_decimal(amount, "#,##0.00", locale=language)
    return babel.numbers.format_currency(amount, currency, locale=language)


def format_money(minor: int | None, currency: str) -> str:
    """An amount in minor units of `currency` ("1.234,50 €"); nothing for None."""
    return "" if minor is None else _money(minor, currency, language())


@lru_cache(maxsize=20_000)
def _number(value: Decimal, language: str, pattern: str = "#,##0.######") -> str:
    return babel.numbers.format_decimal(value, pattern, locale=language)


def format_number(value: Decimal | int | float | None) -> str:
    """A number with as many decimals as it has, six at most; nothing for None."""
    return "" if value is None else _number(Decimal(str(value)), language())


def format_price(value: Decimal | None) -> str:
    """A price of one unit, with two decimals and up to six ("4,60"); nothing for None."""
    return "" if value is None else _number(value, language(), "#,##0.00####")
