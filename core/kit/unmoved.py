"""Whatever happens to rows that somebody does not see, their pages stay the same to the byte; and nothing can be
asked about a field that is hidden from them. So counts, sums, orders, filters and caches that reach too far are
found without knowing what they are."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy import select, update

from core.db.engine import make_engine
from core.kit.exits import Exit, home, lists, neighbours, records
from core.kit.look import hidden_columns
from core.kit.places import CONTACTS, PLACES, Place, Row, Viewer, sees
from core.kit.rows import canary
from core.kit.world import World

#: what differs between two answers that say the same: the form's token, when the sign-in ends, an error's number
_VARIES = re.compile(r'name="csrf_token" value="[^"]*"|data-session-ends="[^"]*"|Error [0-9a-f]{8}')
_LOOKING = tuple(viewer for viewer in CONTACTS if viewer.name in ("whole", "site", "nobody"))
_WORD = "kxnothing"


def moved_by_others(world: World) -> list[str]:
    """Complaints of pages that tell a client of rows which they do not see: these pages differ after such rows
    were added, or after the module was switched off and on."""
    watched = [(viewer, each) for viewer in _LOOKING for each in _readable(world, viewer)]
    before = {(viewer, each.url): _answer(world, viewer, each.url) for viewer, each in watched}
    steady = {key for key, answer in before.items() if _answer(world, *key) == answer}
    complaints = []
    unseen = [place for place in PLACES if not any(_owns(viewer, place) for viewer in _LOOKING)]
    for slug in ("one", "two"):
        world.add([(place, True) for place in unseen], slug)
        world.add([(place, False) for place in PLACES], slug)
        world.switch(False, slug)
        world.switch(True, slug)
    for viewer, each in watched:
        key = (viewer, each.url)
        if key in steady and _answer(world, *key) != before[key]:
            complaints.append(
                f"{each.said} ({each.url}) changed for {viewer} when only rows were added that they do not see: it "
                f"counts, sums or keeps something beyond their reach"
            )
    return list(dict.fromkeys(complaints))


def asked_by_hidden(world: World) -> list[str]:
    """Complaints of lists and of the module's own pages that can be filtered, sorted or searched by a field that
    clients do not see."""
    viewer, complaints = Viewer("whole"), []
    hidden = {(model, name) for model, name in hidden_columns(world)}
    exits = [each for each in lists(world) if each.side != "staff" and "GET" in each.methods and not each.packed]
    shown = {f.name for resource in world.resources.values() for f in resource.fields if f.seen}
    for model, name in sorted(hidden, key=lambda pair: (pair[0].__name__, pair[1])):
        values = _values(world, model, name)
        # A page of the module's own may well ask for another class's field of that name.
        own = [each for each in exits if each.own and name not in shown]
        for each in (*own, *(each for each in exits if each.resource and each.resource.model is model)):
            answers: dict[str, tuple[int, str]] = {}
            for url, other, how in _questions(each.url, name, values):
                for asked in (url, other):
                    answers[asked] = answers.get(asked) or _answer(world, viewer, asked)
                if answers[url] != answers[other]:
                    complaints.append(
                        f"{each.said} ({url}) can be {how} by {name!r} of {model.__name__}, which clients do not see: "
                        f"the answer tells what the field holds"
                    )
                    break
    return complaints


def moved_by_hidden(world: World) -> list[str]:
    """Complaints of pages that tell a client what a field holds which they do not see: these pages differ after nothing
    but such fields was changed. What it was turned into (a length, an order, a mark) is found so as well."""
    viewer, complaints = Viewer("whole"), []
    watched = list(_readable(world, viewer))
    before = {each.url: _answer(world, viewer, each.url) for each in watched}
    steady = {url for url, answer in before.items() if _answer(world, viewer, url) == answer}
    for model, name in sorted(hidden_columns(world), key=lambda pair: (pair[0].__name__, pair[1])):
        if not any(row.model is model and name in row.columns for row in world.rows):
            continue
        with _otherwise(world, model, name):
            complaints += [
                f"{each.said} ({each.url}) changed for {viewer} when only {name!r} of {model.__name__} did, which "
                "clients do not see: it tells what the field holds"
                for each in watched
                if each.url in steady and _answer(world, viewer, each.url) != before[each.url]
            ]
    return list(dict.fromkeys(complaints))


@contextmanager
def _otherwise(world: World, model: Any, name: str) -> Iterator[None]:
    """Let a column of all rows hold texts of other lengths and in another order, or none, for as long as this lasts."""
    table, column = model.__table__, model.__mapper__.columns[name]
    alone = any(each.unique and column in list(each.columns) for each in table.indexes) or column.unique
    engine = make_engine(world.address.owner_url, guarded=False)
    try:
        with engine.begin() as connection:
            held = connection.execute(select(table.c.id, column)).all()
            for n, (id_, _) in enumerate(held):
                text = "" if n % 3 == 0 and not alone else "z" * (n % 4) + str(len(held) - n)
                connection.execute(update(table).where(table.c.id == id_).values({column: text}))
        yield
    finally:
        with engine.begin() as connection:
            for id_, text in held:
                connection.execute(update(table).where(table.c.id == id_).values({column: text}))
        engine.dispose()


def _questions(url: str, name: str, values: Iterable[Any]) -> Iterator[tuple[str, str, str]]:
    """Pairs of addresses that answer alike where nothing can be asked by a field."""
    for sort in ("sort", "order", "order_by"):
        yield f"{url}?{sort}={name}", f"{url}?{sort}=-{name}", "sorted"
    for value in values:
        for parameter in (name, f"{name}_from", f"{name}_to"):
            yield f"{url}?{parameter}={quote_plus(str(value))}", f"{url}?{parameter}={_WORD}", "filtered"
        for parameter in ("q", "search"):
            yield f"{url}?{parameter}={quote_plus(str(value))}", f"{url}?{parameter}={_WORD}", "searched"


def _values(world: World, model: type[Any], name: str) -> list[Any]:
    """What a hidden field holds in a row that the viewer sees, and in one that they do not."""
    rows = [row for row in world.rows if row.model is model and name in row.columns]
    mine = next((row for row in rows if sees(Viewer("whole"), row)), None)
    theirs = next((row for row in rows if row.slug == "one" and not sees(Viewer("whole"), row)), None)
    return [canary(row.number, row.columns.index(name)) for row in (mine, theirs) if row is not None]


def _readable(world: World, viewer: Viewer) -> Iterator[Exit]:
    mine = next((row for row in world.rows if sees(viewer, row) and row.files), None)
    of_mine = records(world, mine) if mine is not None else ()
    for each in (home(world), *lists(world), *of_mine, *neighbours(world)):
        if each.side != "staff" and "GET" in each.methods and not each.packed:
            yield each


def _owns(viewer: Viewer, place: Place) -> bool:
    return sees(viewer, Row(0, viewer.slug, object, 0, place, True))


def _answer(world: World, viewer: Viewer, url: str) -> tuple[int, str]:
    """What an address answers, without what it was asked for and what always varies."""
    got = world.get(viewer, url)
    if got.status_code >= 400:
        return got.status_code, ""  # refused; the page carries a number of its own
    text = _VARIES.sub("", got.get_data().decode("utf-8", "replace"))
    for said in _said(url):
        text = text.replace(said, "")
    return got.status_code, text


def _said(url: str) -> list[str]:
    """The question as a page may repeat it: as it was, escaped, and with its sign before an order."""
    values = [pair.partition("=")[2] for pair in url.partition("?")[2].split("&") if "=" in pair]
    return [form for value in values for form in (url, escape(url), value, value.lstrip("-")) if value]
