"""Lines with prices and taxes, and what they come to: what invoices, quotes and orders have in common."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import money
from core.i18n import lazy_gettext
from core.records.resource import Child, Field


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
