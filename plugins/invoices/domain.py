"""What is due, in credit and overdue on an invoice, as SQL.

All amounts are minor units of the invoice's own currency; two currencies are never added. Of an invoice
of which the CRM does not say whether it was paid (ISSUED), neither a debt nor a payment is claimed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, and_, case, cast, func, literal, null, or_, select

from plugins.invoices.models import CANCELLED, DRAFT, ISSUED, PAID, PENDING, Allocation

#: what the CRM calls settled: nothing is due on these and nothing in credit, whatever was allocated
SETTLED = frozenset({PAID, CANCELLED})
#: what pages call a pending invoice whose day has passed, and one with something in the client's favour
OVERDUE, IN_CREDIT = "overdue", "in_credit"
#: a day, or an expression for one
Day = date | ColumnElement[date]


def _over_allocations(invoice: Any, value: Callable[[ColumnElement[int]], Any]) -> ColumnElement[Any]:
    """What `value` makes of the sum that was allocated to `invoice`, in its currency: one subquery, in which
    the sum may be named as often as it takes. Databases would compute a second one anew."""
    total = cast(func.coalesce(func.sum(Allocation.amount), 0), BigInteger)
    rows = select(value(total)).where(Allocation.parent_id == invoice.id, Allocation.currency == invoice.currency)
    # Theirs anyway: said, it leads to where the payments of one owner stand side by side.
    rows = rows.where(Allocation.owner.is_not_distinct_from(invoice.owner))
    return rows.correlate(invoice).scalar_subquery()


def allocated(invoice: Any) -> ColumnElement[int]:
    """What was allocated to `invoice` (the class, or an alias of it), in its currency."""
    return _over_allocations(invoice, lambda total: total)


def paid(invoice: Any) -> ColumnElement[int | None]:
    """What a reader is told was paid of an invoice: what was allocated to it, if that is known."""
    return case((invoice.status == ISSUED, null()), else_=allocated(invoice))


def spent(payment: Any) -> ColumnElement[int]:
    """What of `payment` (the class, or an alias of it) was allocated, in its currency."""
    total = func.coalesce(func.sum(Allocation.amount), 0)
    rows = select(cast(total, BigInteger)).where(
        Allocation.payment_id == payment.id, Allocation.currency == payment.currency
    )
    return rows.correlate(payment).scalar_subquery()


def due(invoice: Any) -> ColumnElement[int | None]:
    """What is still to be paid: nothing where the CRM says paid or cancelled, not known where it says
    nothing, else the total minus what was allocated, and never below nothing. Credit on other invoices is
    not taken off."""
    return _open_part(invoice, lambda paid: surplus(invoice.total, paid))


def credit(invoice: Any) -> ColumnElement[int | None]:
    """What stands in the client's favour: the surplus of an overpaid invoice, and what is open of a
    credit note; nothing where the CRM says paid or cancelled, not known where it says nothing."""
    return _open_part(invoice, lambda paid: surplus(paid, invoice.total))


def surplus(of: Any, over: Any) -> ColumnElement[int]:
    """By how much one amount is more than another; 0 where it is not."""
    return case((of > over, of - over), else_=literal(0, BigInteger()))


def _open_part(invoice: Any, amount: Callable[[ColumnElement[int]], ColumnElement[int]]) -> ColumnElement[int | None]:
    # The settled come first: for them, most of the rows, the sum of allocations is not even read.
    nothing = literal(0, BigInteger())
    return case(
        # One by one: the text of an IN is written anew each time that it runs.
        (or_(*(invoice.status == settled for settled in sorted(SETTLED))), nothing),
        (invoice.status == ISSUED, null()),
        else_=_over_allocations(invoice, amount),
    )


def is_late(invoice: Any, today: Day) -> ColumnElement[bool]:
    """Whether the day of an invoice has passed, drafts and those without a day excepted."""
    return and_(invoice.status != DRAFT, invoice.due_on.is_not(None), invoice.due_on < today)


def overdue(invoice: Any, today: Day) -> ColumnElement[int]:
    """What of the amount due should have been paid before `today`."""
    late = and_(is_late(invoice, today), invoice.status != ISSUED)
    return case((late, due(invoice)), else_=literal(0, BigInteger()))


def state(invoice: Any, today: Day) -> ColumnElement[str]:
    """The status as pages say it: the CRM's, but that what it calls pending is overdue where its day has
    passed, in credit where it stands in the client's favour, and paid where nothing is left to pay."""
    late = is_late(invoice, today)

    def open_state(total: ColumnElement[int]) -> ColumnElement[str]:
        unpaid = invoice.total > total
        return case(
            (and_(late, unpaid), literal(OVERDUE, String())),
            (unpaid, literal(PENDING, String())),
            (invoice.total < total, literal(IN_CREDIT, String())),
            else_=literal(PAID, String()),
        )

    return case((invoice.status != PENDING, invoice.status), else_=_over_allocations(invoice, open_state))
