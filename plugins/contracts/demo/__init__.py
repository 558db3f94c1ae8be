"""The module's part of the demonstration: the made-up firm's contracts, and what its clients have used of them."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from core.api import WalledSession, World, give_lines, next_number
from plugins.contracts.demo.plan import PLANS, Bought, Plan
from plugins.contracts.domain import NUMBERS
from plugins.contracts.models import Contract, Covered, Service, Use

_VAT = Decimal(21)


def load(session: WalledSession, world: World) -> None:
    """Add the contracts, in the order in which they began, with their services, uses, sites and messages."""
    for plan in sorted(PLANS, key=lambda plan: plan.starts):
        contract = _contract(session, world, plan)
        session.add_all(give_lines(contract, map(_service, plan.bought)))
        session.add_all(_uses(world, contract, plan))
        names = (world.sites[f"{plan.account}/{place}"].name for place in plan.covers)
        session.add_all(Covered(parent_id=contract.id, name=name) for name in names)
        session.flush()
        name = f"contracts/{contract.number}"
        world.named[name] = contract.id
        world.links.extend((name, f"assets/{number}", "covers") for number in plan.assets)
        for days, who, text in plan.said:
            by = world.contacts.get(who) or world.staff[0]
            world.say(contract.id, text, by, datetime.combine(world.today - timedelta(days), time(9, 40), UTC))


def _contract(session: WalledSession, world: World, plan: Plan) -> Contract:
    site, contact = world.sites.get(plan.site), world.contacts.get(plan.contact)
    contract = Contract(
        account_id=world.accounts[plan.account].id,
        site_id=site and site.id,
        contact_id=contact and contact.id,
        number=next_number(session, Contract, NUMBERS),
        title=plan.title,
        status=plan.status,
        coverage=plan.coverage,
        starts_on=world.today + timedelta(plan.starts),
        ends_on=None if plan.ends is None else world.today + timedelta(plan.ends),
        renewal=plan.renewal,
        notice_days=plan.notice,
        reference=plan.reference,
        currency=world.tenant.currency,
    )
    session.add(contract)
    session.flush()
    return contract


def _service(bought: Bought) -> Service:
    return Service(
        description=bought.what,
        quantity=bought.quantity,
        unit=bought.unit,
        counted=bool(bought.unit),
        unit_price=bought.price,
        tax_rate=_VAT,
    )


def _uses(world: World, contract: Contract, plan: Plan) -> list[Use]:
    return [
        Use(
            parent_id=contract.id,
            line=position,
            used_on=world.today - timedelta(days),
            units=Decimal(units),
            what_for=what_for,
        )
        for position, bought in enumerate(plan.bought, 1)
        for days, units, what_for in bought.used
    ]
