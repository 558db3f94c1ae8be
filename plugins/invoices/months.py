"""The dashboard's chart: what was invoiced and paid in each of the last twelve months, each currency apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Date,
    and_,
    bindparam,
    cast,
    extract,
    func,
    literal,
    select,
    union_all,
)

from core.api import (
    Bars,
    Box,
    Chart,
    WalledSession,
    Widget,
    format_money,
    format_month,
    gettext,
    keep,
    lazy_gettext,
    sees,
    today,
)
from plugins.invoices.models import CANCELLED, DRAFT, Allocation, Invoice
from plugins.invoices.resources import INVOICE

MONTHS = 12
#: what the chart tells of; who does not see one of these is not shown the sums of it either
_TOLD = ("status", "issued_on", "total", "paid", "payments.paid_on", "payments.amount")


@dataclass(frozen=True)
class Months:
    """One currency's amounts in minor units: for each month, the first day of it, invoiced and paid."""

    currency: str
    amounts: Sequence[tuple[date, int, int]]


def months(day: date) -> list[date]:
    """The first days of the twelve months that end with that of `day`."""
    last = day.year * 12 + day.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]


def per_month(session: WalledSession, day: date) -> list[Months]:
    """What was invoiced to the viewer of `session` (drafts and cancelled invoices left out, credit notes
    taken off) and what they paid, in the twelve months to `day`, by currency, in one statement. Currencies
    in which nothing was, are left out."""
    shown = months(day)
    rows = session.execute(_by_month(), {"first": shown[0], "last": day})
    found = {(currency, what, int(year), int(month)): amount for what, currency, year, month, amount in rows}

    def amount(currency: str, what: str, first: date) -> int:
        return found.get((currency, what, first.year, first.month), 0)

    return [
        Months(currency, [(each, amount(currency, "invoiced", each), amount(currency, "paid", each)) for each in shown])
        for currency in sorted({currency for currency, *_ in found})
    ]


@lru_cache
def _by_month() -> CompoundSelect[Any]:
    """The sums of `per_month`, from the day `first` to the day `last`."""
    first, last = bindparam("first", type_=Date()), bindparam("last", type_=Date())
    counts = and_(Invoice.status != DRAFT, Invoice.status != CANCELLED)
    invoiced = _sums("invoiced", Invoice.currency, Invoice.issued_on, Invoice.total)
    paid = _sums("paid", Allocation.currency, Allocation.paid_on, Allocation.amount)
    return keep(
        union_all(
            invoiced.where(counts, Invoice.issued_on >= first, Invoice.issued_on <= last),
            paid.join(Invoice, Invoice.id == Allocation.parent_id).where(
                counts, Allocation.paid_on >= first, Allocation.paid_on <= last
            ),
        )
    )


def _sums(what: str, currency: Any, day: Any, amount: Any) -> Any:
    """A sum for each currency and month."""
    year, month = extract("year", day), extract("month", day)
    # PostgreSQL sums whole numbers to decimals.
    total = cast(func.sum(amount), BigInteger)
    return select(literal(what), currency, year, month, total).group_by(currency, year, month)


def chart(found: Months) -> Chart:
    """The chart of one currency."""
    first, last = found.amounts[0][0], found.amounts[-1][0]
    between = {"first": format_month(first), "last": format_month(last)}
    title = gettext("Invoiced and paid per month, from %(first)s to %(last)s", **between)
    return Chart(
        id=f"months-{found.currency}",
        title=f"{title} ({found.currency})",
        unit=gettext("Month"),
        series=[gettext("Invoiced"), gettext("Amount paid")],
        groups=[_bars(found.currency, *each) for each in found.amounts],
    )


def _bars(currency: str, first: date, invoiced: int, paid: int) -> Bars:
    texts = [format_money(amount, currency) for amount in (invoiced, paid)]
    return Bars(format_month(first, short=True), format_month(first), [invoiced, paid], texts)


def render(session: WalledSession) -> Box | None:
    """The box of the session's viewer; none where nothing was invoiced or paid in a year, or where the
    company does not show what it tells of."""
    if not sees(session, INVOICE, *_TOLD):
        return None
    charts = [chart(each) for each in per_month(session, today())]
    return Box("invoices/months.html", {"charts": charts}) if charts else None


WIDGET = Widget("months", lazy_gettext("Invoiced and paid per month"), render)
