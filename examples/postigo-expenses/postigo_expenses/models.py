"""Tables of expenses and their items."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.api import Id, Model, Owned, PartOf, money

PENDING, QUERIED, APPROVED = "pending", "queried", "approved"


class Expense(Owned, Model):
    """One expense. `order_number` and `question` are what the client writes, `answer` what staff reply."""

    __tablename__ = "expenses_expense"

    number: Mapped[str] = mapped_column(String(40))
    spent_on: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(200))
    #: "pending", "queried" or "approved"
    status: Mapped[str] = mapped_column(String(20), default=PENDING)
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(**money(default=0))
    order_number: Mapped[str] = mapped_column(String(60), default="")
    question: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    #: what it cost the company, for staff alone
    cost: Mapped[int] = mapped_column(**money(default=0))

    __table_args__: Any = (
        # What lists are narrowed and sorted by: who may see it, then the order of the list.
        Index(None, "tenant_id", "owner", "spent_on", "id"),
        Index(None, "tenant_id", "owner", "status"),
    )


class Item(PartOf(Expense), Model):  # type: ignore[misc]
    """One item of an expense; seen exactly when the expense is."""

    __tablename__ = "expenses_item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    description: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(Numeric(18, 6), default=Decimal(1))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(**money(default=0))
