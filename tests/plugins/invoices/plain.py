"""The rules of invoices once more, as plain functions: what their SQL is compared with."""

from collections.abc import Iterable
from datetime import date

from plugins.invoices.domain import IN_CREDIT, OVERDUE, SETTLED
from plugins.invoices.models import DRAFT, ISSUED, PAID, PENDING


def sum_allocated(currency: str, allocations: Iterable[tuple[int, str]]) -> int:
    """What was allocated to an invoice in `currency`, of pairs (amount, currency)."""
    return sum(amount for amount, other in allocations if other == currency)


def amount_due(status: str, total: int, paid: int) -> int | None:
    """`due`, of an invoice of which `paid` was allocated."""
    if status == ISSUED:
        return None
    return 0 if status in SETTLED else max(total - paid, 0)


def amount_credit(status: str, total: int, paid: int) -> int | None:
    """`credit`, of an invoice of which `paid` was allocated."""
    if status == ISSUED:
        return None
    return 0 if status in SETTLED else max(paid - total, 0)


def amount_overdue(status: str, total: int, paid: int, due_on: date | None, today: date) -> int:
    """`overdue`, of an invoice of which `paid` was allocated."""
    late = status != DRAFT and due_on is not None and due_on < today
    return (amount_due(status, total, paid) or 0) if late else 0


def state_of(status: str, total: int, paid: int, due_on: date | None, today: date) -> str:
    """`state`, of an invoice of which `paid` was allocated."""
    if status != PENDING or total > paid:
        return OVERDUE if amount_overdue(status, total, paid, due_on, today) else status
    return IN_CREDIT if total < paid else PAID
