"""Lines with prices and taxes, and what they come to: what invoices, quotes and orders have in common."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy import Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import money
from core.i18n import gettext, lazy_gettext
from core.records.errors import Misfit
from core.records.resource import Child, Field

#: minor units that one line may come to; sums of lines still fit into their column
_MOST = 10**14


class Totals:
    """Mixin of a record whose lines come to an amount: its currency, the amount without tax, the tax, and both.
    What else makes up a total (a local tax) is the record's own to add."""

    currency: Mapped[str] = mapped_column(String(3))
    net: Mapped[int] = mapped_column(**money(default=0))
    tax: Mapped[int] = mapped_column(**money(default=0))
    total: Mapped[int] = mapped_column(**money(default=0))


class PricedLine(Totals):
    """Mixin of one priced line, beside `PartOf` its record. Amounts are in the record's currency."""

    position: Mapped[int] = mapped_column(Integer, default=0)
    description: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[Decimal] = mapped_column(Numeric(18, 6), default=Decimal(1))
    unit_price: Mapped[Decimal] = mapped_column(Numeric(18, 6), default=Decimal(0))
    #: in per cent, as is `tax_rate`
    discount: Mapped[Decimal] = mapped_column(Numeric(9, 4), default=Decimal(0))
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(9, 4), default=Decimal(0))


def priced_lines(model: Any, *more: Field) -> Child:
    """The child table of a record's priced lines, `model` being a class with the mixin `PricedLine`; `more` are
    fields of the record's own, after the description."""
    return Child(
        "lines",
        lazy_gettext("Lines"),
        model,
        order="position",
        fields=(
            Field("description", lazy_gettext("Description")),
            *more,
            Field("quantity", lazy_gettext("Quantity"), "quantity"),
            Field("unit_price", lazy_gettext("Unit price"), "price"),
            Field("discount", lazy_gettext("Discount (%)"), "quantity"),
            Field("tax_rate", lazy_gettext("VAT (%)"), "quantity"),
            Field("net", lazy_gettext("Net amount")),
            Field("total", lazy_gettext("Total")),
        ),
    )


def reckon(line: PricedLine, currency: str) -> None:
    """Write what a line comes to, in this currency: its amount without tax, the tax, and both; half a minor unit
    goes away from nothing. Raises Misfit for what no amount holds."""
    exact = line.quantity * line.unit_price * (100 - line.discount) / 100
    net = exact.scaleb(get_currency_precision(currency)).quantize(Decimal(1), ROUND_HALF_UP)
    tax = (net * line.tax_rate / 100).quantize(Decimal(1), ROUND_HALF_UP)
    if max(abs(net), abs(tax)) > _MOST:
        raise Misfit("unit_price", gettext("The line comes to more than an amount may be."))
    line.currency, line.net, line.tax, line.total = currency, int(net), int(tax), int(net + tax)


def add_up(record: Totals, counted: Iterable[PricedLine]) -> None:
    """Write what a record comes to: the sums of those of its lines that count."""
    lines = list(counted)
    record.net, record.tax = sum(line.net for line in lines), sum(line.tax for line in lines)
    record.total = record.net + record.tax
