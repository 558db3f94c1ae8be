"""The dashboard's box: what waits for the client's word, each currency apart."""

from flask import url_for
from sqlalchemy import BigInteger, cast, func, select

from core.api import Attention, Box, WalledSession, Widget, format_money, lazy_gettext, ngettext, sees
from postigo_expenses.models import PENDING, Expense
from postigo_expenses.resources import EXPENSE


def waiting(session: WalledSession) -> Box | None:
    """What is to be approved. No box where there is nothing, or where the company hides what it would say."""
    if not sees(session, EXPENSE, "status", "total"):
        return None
    # PostgreSQL sums whole numbers to decimals.
    total = cast(func.sum(Expense.total), BigInteger)
    statement = select(Expense.currency, func.count(Expense.id), total).where(Expense.status == PENDING)
    found = session.execute(statement.group_by(Expense.currency).order_by(Expense.currency)).all()
    if not found:
        return None
    count = sum(number for _, number, _ in found)
    text = ngettext("%(num)d expense waits for your approval", "%(num)d expenses wait for your approval", count)
    url = url_for("portal.module", module="expenses", status=PENDING)
    amounts = [format_money(amount, currency) for currency, _, amount in found]
    return Box("expenses/waiting.html", {"amounts": amounts, "url": url}, [Attention(text, url)])


WAITING = Widget("waiting", lazy_gettext("Expenses to approve"), waiting)
