"""The part in the demonstration: what the made-up firm looks after at its clients', and what was done to it."""

from collections.abc import Iterator
from datetime import timedelta

from core.api import WalledSession, World
from plugins.assets.demo.pictures import draw_extinguisher, draw_panel
from plugins.assets.demo.plan import EXTINGUISHER, PANEL, PLANS, Plan
from plugins.assets.models import Asset, Work

_PICTURES = {PANEL: ("central.jpg", draw_panel), EXTINGUISHER: ("extintor.jpg", draw_extinguisher)}


def load(session: WalledSession, world: World) -> None:
    """Add the assets, each after what it is part of, with what was done and photographs."""
    units: dict[str, int] = {}
    for plan in PLANS:
        asset = _asset(world, plan, units)
        session.add(asset)
        session.flush()
        units[plan.number] = world.named[f"assets/{plan.number}"] = asset.id
        session.add_all(_works(world, plan, asset.id))
        if plan.picture:
            name, draw = _PICTURES[plan.picture]
            world.store_file(asset.id, name, draw(), "image/jpeg")
    session.flush()


def _asset(world: World, plan: Plan, units: dict[str, int]) -> Asset:
    account, site = world.accounts[plan.account], world.sites.get(plan.site)
    return Asset(
        account_id=account.id,
        site_id=site.id if site else None,
        unit_id=units.get(plan.unit),
        number=plan.number,
        name=plan.name,
        kind=plan.kind,
        state=plan.state,
        category=plan.category,
        maker=plan.maker,
        model=plan.model,
        serial_number=plan.serial,
        installed_on=world.today - timedelta(plan.age) if plan.age else None,
        warranty_until=world.today + timedelta(plan.warranty) if plan.warranty is not None else None,
        note=plan.note,
    )


def _works(world: World, plan: Plan, asset_id: int) -> Iterator[Work]:
    for days, text, by_whom, published in plan.works:
        day = world.today - timedelta(days)
        yield Work(parent_id=asset_id, done_on=day, text=text, by_whom=by_whom, published=published)
