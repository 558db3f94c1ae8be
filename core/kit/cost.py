"""What pages cost, and what a box costs that fails."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core.kit.exits import HOME, Exit, home, lists, neighbours, records
from core.kit.places import Place, Viewer, sees
from core.kit.statements import statements
from core.kit.world import World

MOST = 10
_CLIENT = Viewer("whole")


class Broken(Exception):
    """What the kit makes boxes raise."""


def statements_grow(world: World) -> list[str]:
    """Complaints of pages that ask the database more often where there are more rows, or too often."""
    exits = list(_pages(world))
    few = {each.url: _count(world, each.url) for each in exits}
    world.add([(Place("Alpha"), True)] * 3)
    complaints = []
    for each in exits:
        many = _count(world, each.url)
        if many > few[each.url]:
            complaints.append(
                f"{each.said} ({each.url}) takes {few[each.url]} statements, and {many} where there are three records "
                f"more: it asks anew for each row"
            )
        elif many > MOST:
            complaints.append(f"{each.said} ({each.url}) takes {many} statements; {MOST} are the most")
    return complaints


def boxes_fail_alone(world: World) -> list[str]:
    """Complaints where a box of the module that raises costs more than its own place."""
    complaints: list[str] = []
    registry = world.registry
    row = next((row for row in world.rows if row.files and sees(_CLIENT, row)), None)
    pages = [each.url for each in (*(records(world, row) if row else ()), *neighbours(world)) if each.must]
    kinds: tuple[tuple[dict[str, list[Any]], list[str]], ...] = ((registry.widgets, [HOME]), (registry.panels, pages))
    for boxes, urls in kinds:
        kept = boxes[world.name]
        for n, box in enumerate(kept):
            boxes[world.name] = [*kept[:n], replace(box, render=_raise), *kept[n + 1 :]]
            complaints += [
                f"{url} answers {status} to {_CLIENT} where {box.name!r} fails; it may cost its own place alone"
                for url in urls
                if (status := world.get(_CLIENT, url).status_code) >= 500
            ]
        boxes[world.name] = kept
    world.complaints_of_boxes()
    return complaints


def _raise(*args: Any) -> Any:
    raise Broken("by the contract kit")


def _pages(world: World) -> Iterator[Exit]:
    row = next((row for row in world.rows if row.files and sees(_CLIENT, row)), None)
    of_row = records(world, row) if row is not None else ()
    for each in (home(world), *lists(world), *of_row, *neighbours(world)):
        if each.side != "staff" and "GET" in each.methods and not each.packed:
            yield each


def _count(world: World, url: str) -> int:
    """Statements of a page, once what is kept in memory is there."""
    world.get(_CLIENT, url)
    with statements(world.engine) as sent:
        world.get(_CLIENT, url)
    return len(sent)
