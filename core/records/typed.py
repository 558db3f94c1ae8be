"""What may be typed into a field of a form, and how it is read."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import babel.numbers
from flask_babel import get_locale
from wtforms.validators import StopValidation, ValidationError

from core.i18n import gettext

_BLANKS = re.compile(r"[\s\u00a0\u202f'’]")


def missing(label: Any) -> str:
    """The sentence for a field that must be filled in, and is not."""
    return gettext("Fill in: %(field)s.", field=label)


def none_of_these(label: Any) -> str:
    """The sentence for what is none of the choices that there are."""
    return gettext("Choose %(field)s from the list.", field=label)


def no_text(label: Any) -> str:
    """The sentence for what a program sent where a text belongs, and is none."""
    return gettext("Write %(field)s as a text.", field=label)


def no_day(label: Any) -> str:
    """The sentence for what cannot be read as a day."""
    return gettext("Write %(field)s as a day, such as 2026-05-31.", field=label)


def required(form: Any, field: Any) -> None:
    """Refuse an empty field."""
    if not field.raw_data or not str(field.raw_data[0]).strip():
        field.errors[:] = []
        raise StopValidation(missing(field.label.text))


@dataclass(frozen=True)
class TextLimits:
    """How long a text may be, and whether it may have several lines."""

    longest: int
    lines: bool

    def misfit(self, label: str, text: str) -> str:
        """The sentence for a text that does not fit; "" for one that does."""
        allowed = "\n\t" if self.lines else ""
        if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in allowed for c in text):
            return gettext("%(field)s holds a character that cannot be shown. Type it anew.", field=label)
        if len(text) > self.longest:
            return gettext("%(field)s may have at most %(most)s characters.", field=label, most=self.longest)
        return ""


class Fits:
    """Refuse what the column cannot hold: too much text, or control characters."""

    def __init__(self, longest: int, lines: bool) -> None:
        self.limits = TextLimits(longest, lines)

    def __call__(self, form: Any, field: Any) -> None:
        if misfit := self.limits.misfit(field.label.text, field.data or ""):
            raise ValidationError(misfit)


def is_currency(text: Any) -> bool:
    """Whether a text could be the code of a currency ("EUR")."""
    return isinstance(text, str) and text.isascii() and text.isalpha() and len(text) == 3


def printable(text: str) -> str:
    """Text with a blank for each sign that cannot be shown: no word has one, and PostgreSQL takes not all of them."""
    return "".join(c if c.isprintable() else " " for c in text)


def tidy(text: str | None) -> str:
    """Text without blanks around it, and with one kind of line end."""
    return (text or "").replace("\r\n", "\n").strip()


def read_number(text: str) -> Decimal:
    """A number as the request's reader writes it: "1.234,5" in Spanish. Raises ValueError for what could be
    meant in two ways, and for what is none."""
    locale = get_locale() or "en"
    point, group = babel.numbers.get_decimal_symbol(locale), babel.numbers.get_group_symbol(locale)
    cleaned = _BLANKS.sub("", text).replace("−", "-")
    whole, comma, part = cleaned.partition(point)
    digits = f"-?[0-9]{{1,3}}({re.escape(group)}[0-9]{{3}})*|-?[0-9]*"
    if not re.fullmatch(digits, whole) or not re.fullmatch("[0-9]*", part) or len(cleaned) > 40:
        raise ValueError(text)
    try:
        return Decimal(f"{whole.replace(group, '')}.{part}" if comma else whole.replace(group, ""))
    except InvalidOperation as error:
        raise ValueError(text) from error


def write_number(value: Decimal | int | float, least: int = 0, most: int = 6) -> str:
    """A number as `read_number` reads it, with so many decimals at least and at most."""
    pattern = "0." + "0" * least + "#" * (most - least) if most else "0"
    return str(babel.numbers.format_decimal(value, pattern, locale=get_locale() or "en"))
