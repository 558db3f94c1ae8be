"""What a column can hold, and the sentences for what it cannot: the same for forms and for programs."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, Float, Numeric, Text

from core.formats import decimals_of
from core.i18n import gettext, ngettext
from core.records.typed import TextLimits, write_number

_LONGEST_TEXT = 10_000
_DIGITS, _DECIMALS = 15, 6  # of a column that says nothing of either


def text_limits(column: Column[Any]) -> TextLimits:
    """The limits of a column of text."""
    return TextLimits(getattr(column.type, "length", None) or _LONGEST_TEXT, isinstance(column.type, Text))


@dataclass(frozen=True)
class NumberLimits:
    """How many decimals a number may have, and how large it may be. `minor` is one that is kept in minor units,
    `inexact` one that is kept as a float."""

    decimals: int
    most: Decimal
    minor: bool = False
    inexact: bool = False

    @property
    def example(self) -> str:
        """A number such as these, as the reader writes it."""
        return write_number(Decimal("1234.56").quantize(Decimal(1).scaleb(-min(self.decimals, 2)), ROUND_DOWN))

    def misfit(self, label: str, number: Decimal) -> str:
        """The sentence for a number that does not fit; "" for one that does."""
        if abs(number) > self.most:
            return gettext("%(field)s is too large.", field=label)
        if number == round(number, self.decimals):
            return ""
        few = ngettext(
            "%(field)s may have at most %(num)s decimal.",
            "%(field)s may have at most %(num)s decimals.",
            self.decimals,
            field=label,
        )
        return few if self.decimals else gettext("%(field)s is a whole number.", field=label)

    def kept(self, number: Decimal) -> Decimal | int | float:
        """A number that fits, as the column keeps it."""
        if self.minor or not self.decimals:
            return int(number.scaleb(self.decimals)) if self.minor else int(number)
        return float(number) if self.inexact else number


def number_limits(kind: str, column: Column[Any], currency: str = "") -> NumberLimits:
    """The limits of a column of numbers; of an amount, those of its currency."""
    whole = Decimal(2) ** (63 if isinstance(column.type, BigInteger) else 31) - 1
    if kind == "money":
        decimals = decimals_of(currency)
        return NumberLimits(decimals, whole.scaleb(-decimals), minor=True)
    if not isinstance(column.type, Numeric | Float):
        return NumberLimits(0, whole)
    scale, precision = column.type.scale, column.type.precision
    decimals = _DECIMALS if scale is None else scale
    inexact = isinstance(column.type, Float)
    digits = _DIGITS if precision is None or inexact else precision - decimals
    return NumberLimits(decimals, Decimal(10) ** digits - Decimal(10) ** -decimals, inexact=inexact)
