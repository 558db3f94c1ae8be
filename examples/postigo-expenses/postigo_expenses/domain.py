"""What may be done to an expense, and what then becomes of it. Nothing here knows of pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement

from core.api import Event, WalledSession, send
from postigo_expenses.models import APPROVED, PENDING, QUERIED, Expense


@dataclass(frozen=True)
class ExpenseApproved(Event):
    """A client has approved an expense; `order_number` is what they call it."""

    name: ClassVar[str] = "expenses.approved"

    record_id: int
    order_number: str


def is_open(expense: Any) -> ColumnElement[bool]:
    """Whether it can still be approved."""
    return expense.status.in_([PENDING, QUERIED])  # type: ignore[no-any-return]


def is_unasked(expense: Any) -> ColumnElement[bool]:
    """Whether it can be asked about: one question at a time."""
    return expense.status == PENDING  # type: ignore[no-any-return]


def is_asked(expense: Any) -> ColumnElement[bool]:
    """Whether a question waits for its answer."""
    return expense.status == QUERIED  # type: ignore[no-any-return]


def approve(session: WalledSession, expense: Expense, values: Mapping[str, Any]) -> None:
    """The client approves, with an order number where they have one."""
    expense.order_number = values.get("order_number", "")
    expense.status = APPROVED
    send(session, ExpenseApproved(expense.id, expense.order_number))


def ask(session: WalledSession, expense: Expense, values: Mapping[str, Any]) -> None:
    """The client asks about it."""
    expense.question, expense.answer = values["question"], ""
    expense.status = QUERIED


def reply(session: WalledSession, expense: Expense, values: Mapping[str, Any]) -> None:
    """Staff answer, and it waits for the client again."""
    expense.answer = values["answer"]
    expense.status = PENDING
