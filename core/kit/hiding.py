"""What the company hides is gone from every exit with the next request, the module's own pages too."""

from typing import Any

from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.kit.exits import home, lists, neighbours, own_pages, records, searches
from core.kit.look import Look
from core.kit.places import Viewer, sees
from core.kit.world import World
from core.modules.flags import save_flags
from core.records.fields import staff_only

_CLIENT = Viewer("whole")


def hidden_by_company(world: World) -> list[str]:
    """Complaints of exits that go on showing a field after staff have hidden it from clients."""
    complaints = []
    for resource in (each for each in world.resources.values() if not staff_only(each)):
        fields = [(resource.model, f.name, f.name) for f in resource.fields if f.seen]
        children = [child for child in resource.children if child.seen]
        fields += [(c.model, f.name, f"{c.name}.{f.name}") for c in children for f in c.fields if f.seen]
        marked = {(row.model, name) for row in world.rows for name in row.columns}
        for model, name, flag in fields:
            if (model, name) in marked:
                _hide(world, resource.name, FieldFlags(((flag, Flags(seen=False)),)))
                complaints += _look(world, model, name, flag)
        _hide(world, resource.name, NO_FLAGS)
    return list(dict.fromkeys(complaints))


def _hide(world: World, resource: str, flags: FieldFlags) -> None:
    with world.writing() as session:
        save_flags(session, world.name, resource, flags)


def _look(world: World, model: Any, name: str, flag: str) -> list[str]:
    why = f"which staff have hidden from clients (ask core.api.sees(…, {flag!r}) before you show it)"
    look = Look(world, _CLIENT, hidden=frozenset({(model, name)}), why_hidden=why)
    mine = next((row for row in world.rows if row.files and sees(_CLIENT, row)), None)
    exits = [home(world), *searches(world), *lists(world), *neighbours(world)]
    exits += [*records(world, mine), *own_pages(world, mine)] if mine is not None else []
    for each in exits:
        if each.side != "staff" and "GET" in each.methods:
            look.at(each)
    return look.complaints
