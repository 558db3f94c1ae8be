"""Languages: catalogues read straight from .po files, and dates, amounts and numbers as the reader
writes them."""

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import babel.dates
import babel.numbers
import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import g, has_request_context
from flask_babel import Domain, LazyString, get_locale, lazy_gettext
from markupsafe import escape

from core.db.model import now

__all__ = [
    "LANGUAGES",
    "Catalogues",
    "format_date",
    "format_datetime",
    "format_money",
    "format_month",
    "format_number",
    "format_price",
    "gettext",
    "in_language",
    "lazy_gettext",
    "ngettext",
    "time_zone",
    "today",
    "today_in",
]

# Flask-Babel carries no types; these are its own functions, said to give text.
gettext: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext

#: the languages that every page is in, each by its own name
LANGUAGES = {"es": "Español", "en": "English"}


class Catalogues(Domain):
    """The translations of the core and of every module, merged per language. Made once at start from
    the `translations` folders, so that no compiled file needs to be kept in step with its source."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__()
        self._merged = {language: _merge(folders, language) for language in LANGUAGES}

    def get_translations(self) -> NullTranslations:
        """The catalogue of the current request's language."""
        return self._merged.get(_language(), NullTranslations())


def _merge(folders: list[Path], language: str) -> NullTranslations:
    merged: NullTranslations = NullTranslations()
    for folder in folders:
        path = folder / language / "LC_MESSAGES" / "messages.po"
        if not path.is_file():
            continue
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        found = Translations(compiled)
        merged = found if not isinstance(merged, Translations) else merged.add(found)
    return merged


class _Typed(LazyString):
    """A lazy text that a person typed. Flask-Babel's own go onto pages as they are, for they come out of catalogues;
    this one is escaped as any text."""

    def __html__(self) -> str:
        return str(escape(str(self)))


def in_language(texts: Mapping[str, str], otherwise: Any) -> LazyString:
    """A text that is chosen when it is read: that of the reader's language, else `otherwise`."""
    return _Typed(lambda: texts.get(_language()) or str(otherwise))


def _language() -> str:
    locale = get_locale()
    return "en" if locale is None else locale.language


def time_zone() -> tzinfo:
    """The tenant's time zone in a request, UTC elsewhere."""
    tenant = g.get("tenant") if has_request_context() else None
    return ZoneInfo(tenant.time_zone if tenant is not None else "UTC")


def today_in(zone: str) -> date:
    """The calendar day that it is now in a time zone, by its name."""
    return now().astimezone(ZoneInfo(zone)).date()


def today() -> date:
    """The calendar day that it is now for the request's tenant."""
    return now().astimezone(time_zone()).date()


@lru_cache(maxsize=20_000)
def _date(value: date, language: str, pattern: str = "d MMM y") -> str:
    return babel.dates.format_date(value, pattern, locale=language)


def format_date(value: date | None) -> str:
    """A calendar day as the reader writes it ("3 mar 2026"); nothing for None."""
    return "" if value is None else _date(value, _language())


def format_month(value: date, *, short: bool = False) -> str:
    """The month of a day as the reader writes it ("mar 2026"); without the year where `short`."""
    return _date(value, _language(), "LLL" if short else "MMM y")


def format_datetime(value: datetime | None) -> str:
    """A moment in the tenant's time zone ("3 mar 2026, 17:05"); nothing for None."""
    if value is None:
        return ""
    local = value.astimezone(time_zone())
    return f"{_date(local.date(), _language())}, {local:%H:%M}"


@lru_cache(maxsize=20_000)
def _money(minor: int, currency: str, language: str) -> str:
    digits = babel.numbers.get_currency_precision(currency) if currency else 2
    amount = Decimal(minor).scaleb(-digits)
    if not currency:
        return babel.numbers.format_decimal(amount, "#,##0.00", locale=language)
    return babel.numbers.format_currency(amount, currency, locale=language)


def format_money(minor: int | None, currency: str) -> str:
    """An amount in minor units of `currency` ("1.234,50 €"); nothing for None."""
    return "" if minor is None else _money(minor, currency, _language())


@lru_cache(maxsize=20_000)
def _number(value: Decimal, language: str, pattern: str = "#,##0.######") -> str:
    return babel.numbers.format_decimal(value, pattern, locale=language)


def format_number(value: Decimal | int | float | None) -> str:
    """A number with as many decimals as it has, six at most; nothing for None."""
    return "" if value is None else _number(Decimal(str(value)), _language())


def format_price(value: Decimal | None) -> str:
    """A price of one unit, with two decimals and up to six ("4,60"); nothing for None."""
    return "" if value is None else _number(value, _language(), "#,##0.00####")
