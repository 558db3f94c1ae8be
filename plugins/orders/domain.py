"""What may happen to an order and to its lines, and what it comes to."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.api import Misfit, WalledSession, add_up, gettext, next_number, reckon, today
from plugins.orders.models import CANCELLED, CONFIRMED, DELIVERED, DRAFT, IN_DELIVERY, INVOICED, Line, Order

NUMBERS = "PE-{:05d}"
#: until it is on its way, what was ordered can be changed
_OPEN = (DRAFT, CONFIRMED)


def in_state(*states: str) -> Callable[[Any], ColumnElement[bool]]:
    """The condition that an order is in one of these states."""
    return lambda order: order.status.in_(states)  # type: ignore[no-any-return]


is_draft, can_change, can_edit = in_state(DRAFT), in_state(*_OPEN), in_state(*_OPEN, IN_DELIVERY)
can_ship, can_deliver, can_invoice = in_state(CONFIRMED), in_state(CONFIRMED, IN_DELIVERY), in_state(DELIVERED)
can_cancel = can_edit


def of_open_order(line: Any) -> ColumnElement[bool]:
    """Whether the order of a line can still be changed."""
    return line.parent_id.in_(select(Order.id).where(Order.status.in_(_OPEN)))  # type: ignore[no-any-return]


def order_of(line: Any) -> ColumnElement[str]:
    """The number of the order that a line is of."""
    return select(Order.number).where(Order.id == line.parent_id).correlate(line).scalar_subquery()


def begin(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """Begin an order, as a draft: give it its number."""
    _write(order, values)
    order.status = DRAFT
    order.number = next_number(session, Order, NUMBERS)


def change(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """Write what was typed. Raises Misfit for a delivery before the order."""
    _write(order, values)


def move_to(status: str) -> Callable[[WalledSession, Order, Mapping[str, Any]], None]:
    """What an action does that brings an order into a state."""

    def run(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
        _write(order, values)
        order.status = status

    return run


confirm, ship, invoice, cancel = (move_to(status) for status in (CONFIRMED, IN_DELIVERY, INVOICED, CANCELLED))


def deliver(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """It has arrived, today unless another day was typed."""
    _write(order, {**values, "delivered_on": values.get("delivered_on") or today()})
    order.status = DELIVERED


def add_line(session: WalledSession, line: Line, values: Mapping[str, Any]) -> None:
    """Add a line, behind those that are there, to an order that can still be changed. Raises Misfit for any other."""
    order = session.scalar(select(Order).where(Order.id == line.parent_id).with_for_update())
    if order is None or order.status not in _OPEN:
        raise Misfit("description", gettext("This order can no longer be changed."))
    _write(line, values)
    if not line.position:
        last = select(func.max(Line.position)).where(Line.parent_id == line.parent_id)
        line.position = (session.scalar(last) or 0) + 1
    reckon(line, order.currency)
    session.add(line)
    _sum(session, order)


def change_line(session: WalledSession, line: Line, values: Mapping[str, Any]) -> None:
    """Write what was typed of a line, and what the order comes to."""
    order = session.scalars(select(Order).where(Order.id == line.parent_id).with_for_update()).one()
    _write(line, values)
    reckon(line, order.currency)
    _sum(session, order)


def remove_line(session: WalledSession, line: Line, values: Mapping[str, Any]) -> None:
    """Take a line away."""
    order = session.scalars(select(Order).where(Order.id == line.parent_id).with_for_update()).one()
    session.delete(line)
    _sum(session, order)


def _sum(session: WalledSession, order: Order) -> None:
    """Write what the lines of an order come to; local taxes, which the CRM reckoned, are kept."""
    session.flush()
    add_up(order, session.scalars(select(Line).where(Line.parent_id == order.id)))
    order.total += order.local_tax_1 + order.local_tax_2


def _write(row: Order | Line, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    ordered_on = getattr(row, "ordered_on", None)
    for name in ("deliver_on", "delivered_on"):
        day = getattr(row, name, None)
        if ordered_on is not None and day is not None and day < ordered_on:
            raise Misfit(name, gettext("The delivery cannot be before the order."))
