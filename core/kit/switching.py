"""Off hides everything and runs nothing; on again, all is as it was."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from core.kit.exits import HOME, Exit, has_its_turn, lists, own_pages, records
from core.kit.places import Viewer, sees
from core.kit.rows import classes
from core.kit.world import World
from core.modules.switches import SwitchError

_VERBS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_CLIENT = Viewer("whole")
_NOBODYS = "nonsense"


def hidden_when_off(world: World) -> list[str]:
    """Complaints of what answers, or runs, while the module is off; and of what is not back when it is on."""
    complaints, before = [], _counts(world)
    run: dict[str, list[str]] = {}
    exits = [each for each in _exits(world) if each.side != "staff"]
    token = _token(world)
    world.switch(False)
    try:
        for each in exits:
            for verb in _VERBS:
                with _watched(world.module.package) as ran:
                    got = _ask(world, verb, each.url, token)
                if got != _ask(world, verb, _elsewhere(world, each.url), token):
                    complaints.append(f"{each.said} ({verb} {each.url}) answers {got[0]} while {world.name!r} is off")
                for name in ran:
                    run.setdefault(name, []).append(f"{verb} {each.url}")
        with _watched(world.module.package) as ran:
            page = world.get(_CLIENT, HOME).get_data(as_text=True)
        for name in ran:
            run.setdefault(name, []).append("the dashboard")
        complaints += [_ran(world, name, asked) for name, asked in run.items()]
        if f"/portal/{world.name}/" in page:
            complaints.append(f"The dashboard leads to {world.name!r} while it is off")
    finally:
        world.switch(True)
    if _counts(world) != before:
        complaints.append(f"Rows of {world.name!r} came or went while it was switched off and on")
    if world.resources and world.get(_CLIENT, f"/portal/{world.name}/").status_code not in (200, 404):
        complaints.append(f"/portal/{world.name}/ is not there again after {world.name!r} was switched on")
    return list(dict.fromkeys(complaints))


def _ran(world: World, name: str, asked: list[str]) -> str:
    more = f" and {len(asked) - 1} others" if len(asked) > 1 else ""
    return f"{name} runs for {asked[0]}{more} while {world.name!r} is off"


def switched_twice(world: World) -> list[str]:
    """Complaints of hooks that cannot run a second time: a module may be switched on that was on before."""
    before, complaints = _counts(world), []
    for on in (True, True, False, False, True):
        try:
            world.switch(on)
        except SwitchError as error:
            failed = world.complaints_of_boxes()
            word = "on" if on else "off"
            complaints.append(f"{world.name!r} cannot be switched {word} again: {'; '.join(failed) or error}")
    after = _counts(world)
    complaints += [f"Rows of {name} came or went with a switch" for name in before if before[name] != after[name]]
    return complaints


def changed_by_strangers(world: World) -> list[str]:
    """Complaints of addresses through which somebody changes a row that they do not see."""
    complaints = []
    mine = _token(world)
    theirs = [row for row in world.rows if row.files and not sees(_CLIENT, row)]
    chosen = {(row.model, row.slug, str(row.place), row.published): row for row in theirs}.values()
    for row in chosen:
        before = _row(world, row)
        exits = [each for each in records(world, row) if has_its_turn(each, _CLIENT)]
        for each in (*exits, *own_pages(world, row)):
            for verb in sorted(each.methods & {"POST", "PUT", "PATCH", "DELETE"}):
                world.browser(_CLIENT).open(each.url, method=verb, data={"csrf_token": mine})
                if _row(world, row) != before:
                    complaints.append(f"{each.said} ({verb} {each.url}) lets {_CLIENT} change a record that {row}")
                    before = _row(world, row)
    return list(dict.fromkeys(complaints))


def _exits(world: World) -> Iterator[Exit]:
    row = next((row for row in world.rows if row.files and sees(_CLIENT, row)), None)
    yield from lists(world)
    if row is not None:
        yield from records(world, row)
        yield from own_pages(world, row)


def _ask(world: World, verb: str, url: str, token: str) -> tuple[int, bytes]:
    got = world.browser(_CLIENT).open(url, method=verb, data={"csrf_token": token} if verb != "GET" else None)
    return got.status_code, got.data if got.status_code == 404 else b""  # other errors carry a number of their own


def _token(world: World) -> str:
    page = world.get(_CLIENT, HOME).get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def _elsewhere(world: World, url: str) -> str:
    """The same address in a module that is not there."""
    return url.replace(f"/{world.name}/", f"/{_NOBODYS}/", 1)


def _counts(world: World) -> dict[str, int]:
    with world.writing() as session:
        found: dict[str, int] = {}
        for model in classes(world.resources):
            key: Any = model
            found[model.__name__] = session.scalar(select(func.count(key.id))) or 0
        return found


def _row(world: World, row: Any) -> list[Any]:
    with world.writing(row.slug) as session:
        columns = list(row.model.__mapper__.columns)
        found = session.execute(select(row.model).where(row.model.id == row.id)).scalar_one_or_none()
        if found is None:
            return []
        return [getattr(found, row.model.__mapper__.get_property_by_column(column).key) for column in columns]


@contextmanager
def _watched(package: str) -> Iterator[list[str]]:
    """Give a list that fills with the functions of a package that run meanwhile."""
    ran: list[str] = []

    def note(frame: Any, event: str, _: Any) -> None:
        module = str(frame.f_globals.get("__name__", ""))
        if event == "call" and f"{module}.".startswith(f"{package}."):
            name = f"{module}.{frame.f_code.co_name}"
            if name not in ran:
                ran.append(name)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield ran
    finally:
        sys.setprofile(before)
