"""The module's part of the demonstration: what the made-up firm has offered its clients, and what they said."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from core.api import WalledSession, World, give_lines, next_number
from plugins.quotes.demo.pdf import print_quote
from plugins.quotes.demo.plan import PLANS, Item, Plan
from plugins.quotes.domain import NUMBERS
from plugins.quotes.models import ACCEPTED, SENT, Line, Quote
from plugins.quotes.resources import QUOTE

_VAT = Decimal(21)


def load(session: WalledSession, world: World) -> None:
    """Add the quotes, the first first, with their lines, what was said, and the answers given in the portal."""
    for plan in sorted(PLANS, key=lambda plan: plan.issued):
        quote = _quote(session, world, plan)
        lines = give_lines(quote, map(_line, plan.items))
        session.add_all(lines)
        session.flush()
        for days, hour, who, text in plan.said:
            by = world.contacts[who] if who else world.staff[0]
            world.say(quote.id, text, by, _moment(world, -days, hour))
        if plan.signed and plan.answered is not None:
            _sign(world, plan, quote, lines)
        if plan.key:
            world.named[f"quotes/{plan.key}"] = quote.id


def _quote(session: WalledSession, world: World, plan: Plan) -> Quote:
    answered = plan.answered if plan.signed else None
    quote = Quote(
        account_id=world.accounts[plan.account].id,
        site_id=world.sites[plan.site].id,
        contact_id=world.contacts[plan.contact].id,
        assignee_id=world.staff[0].id,
        number=next_number(session, Quote, NUMBERS),
        subject=plan.subject,
        status=plan.status,
        issued_on=world.today + timedelta(plan.issued),
        valid_until=world.today + timedelta(plan.until),
        answered_on=None if answered is None else world.today + timedelta(answered),
        reference=plan.reference,
        note=plan.note,
        currency=world.tenant.currency,
    )
    session.add(quote)
    session.flush()
    return quote


def _line(item: Item) -> Line:
    return Line(
        description=item.description,
        quantity=item.quantity,
        unit_price=item.unit_price,
        tax_rate=_VAT,
        optional=item.optional,
    )


def _sign(world: World, plan: Plan, quote: Quote, lines: list[Line]) -> None:
    """The client has accepted in the portal, and the quote's history says so."""
    by, at = world.contacts[plan.contact], _moment(world, plan.answered or 0, 11)
    world.agree(QUOTE, quote.id, print_quote(world, plan, quote, lines), by, at, plan.order_number)
    world.note(quote.id, "status", SENT, ACCEPTED, by, at)


def _moment(world: World, days: int, hour: int) -> datetime:
    """An hour of the day that is so many days from today."""
    return datetime.combine(world.today + timedelta(days), time(hour), UTC)
