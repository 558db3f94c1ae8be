"""Lines with prices and taxes, and what they come to: what invoices, quotes, orders and contracts have in common."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from sqlalchemy import Integer, Numeric, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db.model import money
from core.db.session import WalledSession
from core.formats import decimals_of
from core.i18n import gettext
from core.records.errors import Misfit

#: minor units that one line may come to; sums of lines still fit into their column
_MOST = 10**14
_NONE, _ONE = Decimal(0), Decimal(1)


class Totals:
    """Mixin of a record whose lines come to an amount: its currency, the amount without tax, the tax, and both.
    `added` names amounts of the record's own (a local tax) that its total has beside these."""

    added: ClassVar[tuple[str, ...]] = ()

    currency: Mapped[str] = mapped_column(String(3))
    net: Mapped[int] = mapped_column(**money(default=0))
    tax: Mapped[int] = mapped_column(**money(default=0))
    total: Mapped[int] = mapped_column(**money(default=0))


class PricedLine(Totals):
    """Mixin of one priced line, beside `PartOf` its record. Amounts are in the record's currency. A line that is
    `optional`, where the class has that column, is offered beside the record and counts for no total."""

    position: Mapped[int] = mapped_column(Integer, default=0)
    description: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[Decimal] = mapped_column(Numeric(18, 6), default=_ONE)
    unit_price: Mapped[Decimal] = mapped_column(Numeric(18, 6), default=_NONE)
    #: in per cent, as is `tax_rate`
    discount: Mapped[Decimal] = mapped_column(Numeric(9, 4), default=_NONE)
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(9, 4), default=_NONE)


def begins_with(session: WalledSession, model: Any, record_id: int | None) -> dict[str, Any]:
    """What a new line of a record begins with, by column, before anything is typed: the tax rate of the record's last
    line; of the first, that of the line which was added last to any. Nothing where `model` is no class of lines."""
    if record_id is None or not issubclass(model, PricedLine):
        return {}
    of_it = select(model.tax_rate).where(model.parent_id == record_id).order_by(model.position.desc(), model.id.desc())
    rate = session.scalar(of_it.limit(1))
    if rate is None:
        rate = session.scalar(select(model.tax_rate).order_by(model.id.desc()).limit(1))
    return {} if rate is None else {"tax_rate": rate}


def reckon(line: PricedLine, currency: str) -> None:
    """Write what a line comes to, in this currency: its amount without tax, the tax, and both; half a minor unit
    goes away from nothing. A new line without a quantity is one of what it describes, and without a discount or a
    tax rate it has none. Raises Misfit for what no amount holds."""
    for name, default in (("quantity", _ONE), ("unit_price", _NONE), ("discount", _NONE), ("tax_rate", _NONE)):
        if getattr(line, name) is None:
            setattr(line, name, default)
    exact = line.quantity * line.unit_price * (100 - line.discount) / 100
    net = exact.scaleb(decimals_of(currency)).quantize(_ONE, ROUND_HALF_UP)
    tax = (net * line.tax_rate / 100).quantize(_ONE, ROUND_HALF_UP)
    if max(abs(net), abs(tax)) > _MOST:
        raise Misfit("unit_price", gettext("The line comes to more than an amount may be."))
    line.currency, line.net, line.tax, line.total = currency, int(net), int(tax), int(net + tax)


def add_up(record: Totals, lines: Iterable[PricedLine]) -> None:
    """Write what a record comes to: the sums of those of its lines that count, and what is `added` to them."""
    counted = [line for line in lines if not getattr(line, "optional", False)]
    record.net, record.tax = sum(line.net for line in counted), sum(line.tax for line in counted)
    record.total = record.net + record.tax + sum(getattr(record, name) for name in record.added)


def give_lines(record: Any, lines: Iterable[Any]) -> list[Any]:
    """Let a record that was begun have these lines, in their order: each gets its place and its amounts, and the
    record what they come to. Gives the lines, which are still to be added."""
    given = list(lines)
    for position, line in enumerate(given, 1):
        line.parent_id, line.position = record.id, position
        reckon(line, record.currency)
    add_up(record, given)
    return given
