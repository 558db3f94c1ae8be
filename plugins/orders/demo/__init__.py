"""The module's part of the demonstration: what the made-up firm's clients have ordered, and how far it has come."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from core.api import WalledSession, World, give_lines, next_number
from plugins.orders.demo.plan import PLANS, Item, Plan
from plugins.orders.domain import NUMBERS
from plugins.orders.models import Line, Order

_VAT = Decimal(21)


def load(session: WalledSession, world: World) -> None:
    """Add the orders, the first first, with their lines, what was said, and what each came from and led to."""
    for plan in sorted(PLANS, key=lambda plan: plan.ordered):
        order = _order(session, world, plan)
        session.add_all(give_lines(order, map(_line, plan.items)))
        session.flush()
        for days, hour, who, text in plan.said:
            by = world.contacts[who] if who else world.staff[0]
            world.say(order.id, text, by, datetime.combine(world.today - timedelta(days), time(hour), UTC))
        _link(world, plan, order)


def _order(session: WalledSession, world: World, plan: Plan) -> Order:
    account, site = world.accounts.get(plan.account), world.sites.get(plan.site)
    order = Order(
        account_id=account and account.id,
        site_id=site and site.id,
        contact_id=world.contacts[plan.contact].id,
        number=next_number(session, Order, NUMBERS),
        status=plan.status,
        ordered_on=world.today + timedelta(plan.ordered),
        deliver_on=_day(world, plan.deliver),
        delivered_on=_day(world, plan.delivered),
        shipping=plan.shipping,
        reference=plan.reference,
        note=plan.note,
        reason=plan.reason,
        currency=world.tenant.currency,
    )
    session.add(order)
    session.flush()
    return order


def _day(world: World, days: int | None) -> date | None:
    return None if days is None else world.today + timedelta(days)


def _line(item: Item) -> Line:
    return Line(description=item.description, quantity=item.quantity, unit_price=item.unit_price, tax_rate=_VAT)


def _link(world: World, plan: Plan, order: Order) -> None:
    """Say what the order came from and led to, by names that the other modules' parts give to their records."""
    name = f"orders/{plan.key or order.number}"
    world.named[name] = order.id
    if plan.quoted:
        world.links.append((f"quotes/{plan.key}", name, "led_to"))
    world.links.extend((name, f"invoices/{key}", "led_to") for key in plan.invoiced)
