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
    _write_order(order, values)
    order.status = DRAFT
    order.number = next_number(session, Order, NUMBERS)


def change(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """Write what was typed."""
    _write_order(order, values)


def move_to(status: str) -> Callable[[WalledSession, Order, Mapping[str, Any]], None]:
    """What an action does that brings an order into a state."""

    def run(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
        _write_order(order, values)
        order.status = status

    return run


ship, invoice, cancel = (move_to(status) for status in (IN_DELIVERY, INVOICED, CANCELLED))


def confirm(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """Let the client have it. Raises Misfit where there is nothing in it."""
    if session.scalar(select(Line.id).where(Line.parent_id == order.id).limit(1)) is None:
        raise Misfit("lines", gettext("An order without lines cannot be confirmed."))
    order.status = CONFIRMED


def deliver(session: WalledSession, order: Order, values: Mapping[str, Any]) -> None:
    """It has arrived, today unless another day was typed."""
    _write_order(order, {**values, "delivered_on": values.get("delivered_on") or today()})
    order.status = DELIVERED


def write_line(session: WalledSession, line: Line, values: Mapping[str, Any]) -> None:
    """Write a line, behind those that are there where no place was typed, and what the order comes to with it. Raises
    Misfit where the order can no longer be changed, or the amounts are too large."""
    order = _open_order(session, line)
    _write(line, values)
    if not line.position:
        last = select(func.max(Line.position)).where(Line.parent_id == order.id)
        line.position = (session.scalar(last) or 0) + 1
    reckon(line, order.currency)
    session.add(line)
    _sum(session, order)


def remove_line(session: WalledSession, line: Line, values: Mapping[str, Any]) -> None:
    """Take a line off its order."""
    order = _open_order(session, line)
    session.delete(line)
    _sum(session, order)


def _open_order(session: WalledSession, line: Line) -> Order:
    """The order of a line, which nobody else changes until this is kept."""
    order = session.scalars(select(Order).where(Order.id == line.parent_id).with_for_update()).one()
    if order.status not in _OPEN:
        raise Misfit("description", gettext("This order can no longer be changed."))
    return order


def _sum(session: WalledSession, order: Order) -> None:
    """Write what the lines of an order come to; local taxes, which the CRM reckoned, are kept."""
    session.flush()
    add_up(order, session.scalars(select(Line).where(Line.parent_id == order.id)))
    order.total += order.local_tax_1 + order.local_tax_2


def _write(row: Order | Line, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _write_order(order: Order, values: Mapping[str, Any]) -> None:
    """Write what was typed; who leaves the day of the order empty means today. Raises Misfit for a delivery before
    it."""
    _write(order, values)
    order.ordered_on = order.ordered_on or today()
    for name in ("deliver_on", "delivered_on"):
        day = getattr(order, name)
        if day is not None and day < order.ordered_on:
            raise Misfit(name, gettext("The delivery cannot be before the order."))
