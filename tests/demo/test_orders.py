"""The demonstration's orders: one in every state, each with what it came from and led to."""

from sqlalchemy import select

from core.db.record import Record
from core.records.models import RecordLink
from plugins.orders.demo.plan import PLANS
from plugins.orders.models import CANCELLED, CONFIRMED, DELIVERED, DRAFT, IN_DELIVERY, INVOICED, Line, Order
from tests.demo.test_load import Loaded, loaded

__all__ = ["loaded"]


def test_there_are_orders_in_every_state_that_come_to_what_their_lines_do(loaded: Loaded) -> None:
    orders, lines = loaded.values(select(Order)), loaded.values(select(Line))
    assert len(orders) == len(PLANS)
    assert {o.status for o in orders} == {CANCELLED, CONFIRMED, DELIVERED, DRAFT, IN_DELIVERY, INVOICED}
    for order in orders:
        assert order.total == sum(line.total for line in lines if line.parent_id == order.id) > 0


def test_they_are_linked_to_the_invoices_that_came_of_them(loaded: Loaded) -> None:
    module = dict(loaded.rows(select(Record.id, Record.module)))
    pairs = [(module[x.from_id], module[x.to_id]) for x in loaded.values(select(RecordLink))]
    assert pairs.count(("orders", "invoices")) == sum(len(plan.invoiced) for plan in PLANS)
    assert ("orders", "invoices") in [
        (module[x.from_id], module[x.to_id])
        for x in loaded.values(select(RecordLink), "marta.ferrandis@miralbahia.example")
    ]
