"""Tables of orders and their lines."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.api import Drafted, Id, Model, Owned, PartOf, PricedLine, Totals, money, today

#: how far an order is, from the first to the last; "cancelled" is none of these
DRAFT, CONFIRMED, IN_DELIVERY, DELIVERED, INVOICED = "draft", "confirmed", "in_delivery", "delivered", "invoiced"
CANCELLED = "cancelled"
UNDER_WAY = (CONFIRMED, IN_DELIVERY)

_MINE = ("tenant_id", "owner")


class Order(Drafted, Owned, Totals, Model):
    """Something that a client ordered."""

    __tablename__ = "orders_order"
    #: what the CRM reckoned beside the tax, and lines that staff write leave as it is
    added = ("local_tax_1", "local_tax_2")

    number: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(20), default=DRAFT)
    ordered_on: Mapped[date] = mapped_column(Date, default=today)
    #: when it is to be delivered, and when it was
    deliver_on: Mapped[date | None] = mapped_column(Date)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    #: who brings it, under which number
    shipping: Mapped[str] = mapped_column(String(200), default="")
    local_tax_1: Mapped[int] = mapped_column(**money(default=0))
    local_tax_2: Mapped[int] = mapped_column(**money(default=0))
    #: what the client calls it
    reference: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    #: why it was cancelled
    reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("status <> 'draft' OR NOT published", name="draft_unpublished"),
        Index("ix_orders_order_listed", *_MINE, "published", "ordered_on", "id"),
        Index(None, "tenant_id", "contact_id", "ordered_on", "id"),
        Index(None, "tenant_id", "site_id", "ordered_on", "id"),
        # What is under way, without reading what was delivered in all the years.
        Index("ix_orders_order_under_way", *_MINE, "status", "published", "deliver_on"),
    )


class Line(PartOf(Order), PricedLine, Model):  # type: ignore[misc]
    """One line of an order."""

    __tablename__ = "orders_line"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
