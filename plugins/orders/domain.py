"""What may happen to an order."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from core.api import Misfit, WalledSession, gettext, in_status, move_to, next_number, today, write_values
from plugins.orders.models import CANCELLED, CONFIRMED, DELIVERED, DRAFT, IN_DELIVERY, INVOICED, Line, Order

NUMBERS = "PE-{:05d}"
#: until it is on its way, what was ordered can be changed
_OPEN = (DRAFT, CONFIRMED)

is_draft, can_change, can_edit = in_status(DRAFT), in_status(*_OPEN), in_status(*_OPEN, IN_DELIVERY)
can_ship, can_deliver, can_invoice = in_status(CONFIRMED), in_status(CONFIRMED, IN_DELIVERY), in_status(DELIVERED)
can_cancel = in_status(CONFIRMED, IN_DELIVERY)
invoice, cancel = move_to(INVOICED), move_to(CANCELLED)


def order_of(line: Any) -> ColumnElement[str]:
    """The number of the order that a line is of."""
    return select(Order.number).where(Order.id == line.parent_id).correlate(line).scalar_subquery()


def begin(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """Begin an order, as a draft: give it its number."""
    change(session, order, values)
    order.status = DRAFT
    order.number = next_number(session, Order, NUMBERS)


def change(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """Write what was typed; who leaves the day of the order empty means today. Raises Misfit for a delivery before
    it."""
    write_values(session, order, values)
    order.ordered_on = order.ordered_on or today()
    for name in ("deliver_on", "delivered_on"):
        day = getattr(order, name)
        if day is not None and day < order.ordered_on:
            raise Misfit(name, gettext("The delivery cannot be before the order."))


def confirm(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """Let the client have it. Raises Misfit where there is nothing in it."""
    if session.scalar(select(Line.id).where(Line.parent_id == order.id).limit(1)) is None:
        raise Misfit("lines", gettext("An order without lines cannot be confirmed."))
    order.status = CONFIRMED


def ship(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """It is on its way."""
    change(session, order, values)
    order.status = IN_DELIVERY


def deliver(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """It has arrived, today unless another day was typed."""
    change(session, order, {**values, "delivered_on": values.get("delivered_on") or today()})
    order.status = DELIVERED
