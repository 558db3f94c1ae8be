"""The dashboard's box: what is due and overdue, each currency apart."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import BigInteger, Date, Select, and_, bindparam, case, cast, func, literal, select

from core.api import (
    Attention,
    Box,
    WalledSession,
    Widget,
    format_date,
    format_money,
    gettext,
    keep,
    lazy_gettext,
    ngettext,
    sees,
    today,
)
from plugins.invoices import domain
from plugins.invoices.models import PENDING, Invoice
from plugins.invoices.resources import INVOICE


@dataclass(frozen=True)
class Balance:
    """What is open in one currency: amounts in minor units, and how many invoices they come from."""

    currency: str
    due: int
    overdue: int
    credit: int
    open: int
    late: int
    next_on: date | None


def balances(session: WalledSession, day: date) -> list[Balance]:
    """What the viewer of `session` owes and is owed on `day`, by currency, in one statement. Currencies
    in which nothing is open are left out."""
    rows = session.execute(_open_by_currency(), {"day": day})
    return [found for row in rows if (found := Balance(*row)).due or found.credit]


@lru_cache
def _open_by_currency() -> Select[Any]:
    """The sums of `balances`, on the day `day`."""
    day = bindparam("day", type_=Date())
    invoice = (
        select(
            Invoice.currency,
            Invoice.due_on,
            Invoice.total,
            domain.allocated(Invoice).label("paid"),
            domain.is_late(Invoice, day).label("is_late"),
        )
        .where(Invoice.status == PENDING)
        # Sums below name the amounts many times. Databases would write what was allocated into each of their places,
        # and ask for it as often; not where rows are skipped, though it be none.
        .offset(0)
        .subquery()
    ).c
    due, credit = domain.surplus(invoice.total, invoice.paid), domain.surplus(invoice.paid, invoice.total)
    unpaid, late = invoice.total > invoice.paid, and_(invoice.total > invoice.paid, invoice.is_late)
    sums = select(
        invoice.currency,
        _sum(due),
        _sum(case((late, due), else_=0)),
        _sum(credit),
        _sum(case((unpaid, 1), else_=0)),
        _sum(case((late, 1), else_=0)),
        func.min(case((and_(unpaid, invoice.due_on >= day), invoice.due_on))),
    )
    return keep(sums.group_by(invoice.currency).order_by(invoice.currency))


def _sum(value: object) -> object:
    # PostgreSQL sums whole numbers to decimals.
    return cast(func.coalesce(func.sum(value), literal(0)), BigInteger)


def _overdue_url() -> str:
    return url_for("portal.module", module="invoices", status=domain.OVERDUE)


def attention(balance: Balance) -> Attention:
    """The sentence for the strip on top, of a currency in which something is overdue."""
    text = ngettext(
        "%(num)d invoice is overdue: %(amount)s",
        "%(num)d invoices are overdue: %(amount)s",
        balance.late,
        amount=format_money(balance.overdue, balance.currency),
    )
    return Attention(text, _overdue_url(), "danger")


def figures(balance: Balance) -> list[dict[str, str]]:
    """The figures of one currency, as the shell's macro of that name takes them."""

    def figure(label: str, amount: int, **more: str) -> dict[str, str]:
        return {"label": label, "text": format_money(amount, balance.currency), **more}

    found = [figure(gettext("To pay"), balance.due)]
    if balance.overdue:
        found.append(figure(gettext("Of that, overdue"), balance.overdue, tone="danger", url=_overdue_url()))
    if balance.credit:
        found.append(figure(gettext("Credit in your favour"), balance.credit, tone="info"))
    return found


def sentence(balance: Balance) -> str:
    """How many invoices are open in one currency, and when the next is to be paid."""
    text = ngettext("%(num)d invoice is to be paid.", "%(num)d invoices are to be paid.", balance.open)
    if balance.next_on is not None:
        text += " " + gettext("The next is due on %(day)s.", day=format_date(balance.next_on))
    return text if balance.open else ""


def render(session: WalledSession) -> Box | None:
    """The box of the session's viewer, with a sentence for each currency that has something overdue; none
    where the company does not show what is due."""
    if not sees(session, INVOICE, "due", "due_on", "status"):
        return None
    found = balances(session, today())
    if not sees(session, INVOICE, "credit"):
        found = [replace(each, credit=0) for each in found if each.due]
    shown = [{"figures": figures(each), "sentence": sentence(each)} for each in found]
    return Box("invoices/widget.html", {"balances": shown}, [attention(b) for b in found if b.overdue])


WIDGET = Widget("due", lazy_gettext("Invoices"), render)
