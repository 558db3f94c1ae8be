"""Every address below which something of the module leaves the house, taken from the application's own map:
an exit that is new is looked at without a word here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from werkzeug.routing import Rule

from core.db.wall import Recorded
from core.files.models import File
from core.kit.places import VIEWERS, Row, Viewer
from core.kit.rows import canary
from core.kit.world import World, shown_on
from core.records.resource import Resource

HOME = "/portal/"
#: so many letters of a mark are the same in all
_BEGINNING = 3
#: no row has it
NOWHERE = 987_654_321

#: of the exits of one record, besides its page and its files, each viewer looks at one in so many
ONE_IN = 3

#: where staff set something about a resource, and no record is listed
_SETTINGS = "/staff/fields/"


@dataclass(frozen=True)
class Exit:
    """One address: who it is for ("client", "staff", or "both"), how a sentence calls it, the row that it is
    the page of, where it is one's, and whether it is one of the module's own."""

    url: str
    said: str
    side: str
    methods: frozenset[str]
    row: Row | None = None
    own: bool = False
    must: bool = False
    #: what it lists, where it is one of the core's lists
    resource: Resource | None = None

    @property
    def packed(self) -> bool:
        """Whether what it shows is packed, so that texts cannot be looked for."""
        return self.url.endswith(".zip")

    def nowhere(self) -> str:
        """The same address for a record that nobody has."""
        assert self.row is not None
        return _swapped(self.url, self.row.id, NOWHERE)


def home(world: World) -> Exit:
    """The dashboard."""
    return Exit(HOME, "The dashboard", "client", frozenset({"GET"}))


def searches(world: World) -> Iterator[Exit]:
    """The search over all modules, for what every mark begins with."""
    asked = f"q={canary(0)[:_BEGINNING]}&module={world.name}"
    for url, side in (("/portal/search", "client"), ("/staff/search", "staff"), ("/api/v1/search", "both")):
        yield Exit(f"{url}?{asked}", f"The search {url}", side, frozenset({"GET"}))


def lists(world: World) -> Iterator[Exit]:
    """What shows many records: lists, exports, and the module's own pages that ask for nothing; and the forms that
    begin a record."""
    for rule in _rules(world):
        if _is_own(world, rule):
            if not rule.arguments:
                yield _exit(rule, {}, f"Its own page {rule.rule}", own=True)
        elif "module" in rule.arguments and rule.arguments <= {"module", "resource"}:
            for name, resource in world.resources.items():
                first = next(iter(world.resources)) == name and not _has_own_home(world)
                if "resource" in rule.arguments - set(rule.defaults or ()) or first:
                    known = {"module": world.name, "resource": name}
                    found = _exit(rule, known, f"The {_called(rule, many=True)} of {resource.name!r}")
                    yield found if rule.rule.startswith(_SETTINGS) else replace(found, resource=resource)
        elif rule.arguments == {"module", "resource", "action"}:
            yield from _beginnings(world, rule)


def _beginnings(world: World, rule: Rule) -> Iterator[Exit]:
    """The forms that begin a record: they offer others to choose from."""
    for name, resource in world.resources.items():
        for action in resource.actions:
            if action.creates:
                known = {"module": world.name, "resource": name, "action": action.name}
                yield _exit(rule, known, f"The form of the action {action.name!r}")


def records(world: World, row: Row) -> Iterator[Exit]:
    """What shows one record: its pages, files and papers, and what can be done to it."""
    if not issubclass(row.model, Recorded):
        return
    model: Any = row.model
    known = {"module": model.portal_module, "resource": model.portal_resource, "record_id": row.id}
    resource = world.registry.resource(model.portal_module, model.portal_resource)
    actions = [action.name for action in resource.actions] if resource else []
    for rule in _rules(world):
        if "record_id" in rule.arguments and not _is_own(world, rule):
            if rule.arguments <= {*known, "file_id"}:
                said = f"The {_called(rule)} of a record"
                yield from (_exit(rule, {**known, "file_id": file_id}, said, row) for file_id in row.files)
            elif rule.arguments <= {*known, "action"}:
                for name in actions:
                    yield _exit(rule, {**known, "action": name}, f"The action {name!r}", row)


def own_pages(world: World, row: Row) -> Iterator[Exit]:
    """The module's own pages that ask for something, with all that they could mean by it put in for a row."""
    for rule in _rules(world):
        if _is_own(world, rule) and rule.arguments:
            for values in _guesses(world, rule, row):
                yield _exit(rule, values, f"Its own page {rule.rule}", own=True)


def neighbours(world: World) -> Iterator[Exit]:
    """The pages of other modules' records that the module has panels for."""
    others = shown_on(world.registry, world.name)
    for row in world.rows:
        model: Any = row.model
        if issubclass(row.model, Recorded) and model.portal_module in others:
            yield from (each for each in records(world, row) if each.must and each.side == "client")


def _guesses(world: World, rule: Rule, row: Row) -> list[dict[str, Any]]:
    """Numbers are the record's or its file's; texts its number, its file's name, or the key of its bytes."""
    ids = [row.id, *row.files]
    number = row.values.get(getattr(row.model, "portal_number", ""), canary(row.number, 0))
    texts = [number, f"{canary(row.number)}.pdf", *keys_of(world, row)]
    converters = rule._converters
    whole = [n for n in rule.arguments if getattr(converters[n], "num_convert", None) is int]
    guesses = [{name: ids[-1] if "file" in name else row.id for name in whole}] if whole else [{}]
    if len(whole) < len(rule.arguments):
        rest = rule.arguments - set(whole)
        guesses = [{**g, **dict.fromkeys(rest, text)} for g in guesses for text in texts]
    return guesses


def has_its_turn(each: Exit, viewer: Viewer) -> bool:
    """Whether a viewer looks at an exit of a record. Its page, its files and the module's own pages are looked at by
    all, for every record. The core's other exits, which are the same for all modules, are looked at for every record,
    but by some of the clients each, and others for the next exit and the next record."""
    assert each.row is not None
    turn = VIEWERS.index(viewer) + crc32(each.said.encode()) + crc32(f"{each.row.model.__name__} {each.row}".encode())
    return each.must or turn % ONE_IN == 0


def keys_of(world: World, row: Row) -> list[str]:
    """Where the bytes of a row's files lie."""
    with world.writing(row.slug) as session:
        return [session.get_one(File, id_).key for id_ in row.files]


def _rules(world: World) -> list[Rule]:
    return sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule)


def _is_own(world: World, rule: Rule) -> bool:
    mounted = {blueprint.name for blueprint in world.registry.routes[world.name]}
    return rule.endpoint.partition(".")[0] in mounted


def _has_own_home(world: World) -> bool:
    """Whether a page of the module's own stands where the list of its first resource would."""
    return any(
        _is_own(world, rule) and not rule.arguments and rule.rule == f"/portal/{world.name}/" for rule in _rules(world)
    )


def _exit(rule: Rule, values: Mapping[str, Any], said: str, row: Row | None = None, own: bool = False) -> Exit:
    kept = {name: value for name, value in values.items() if name in rule.arguments}
    built = rule.build({**kept, **(rule.defaults or {})})
    url = "" if built is None else built[1]
    side = {"staff": "staff", "portal": "client"}.get(rule.rule.split("/")[1], "both")
    must = rule.endpoint.rpartition(".")[2] in ("detail", "file")
    return Exit(url, said, side, frozenset(rule.methods or ()), row, own, must)


def _called(rule: Rule, *, many: bool = False) -> str:
    """How a sentence calls one of the core's exits."""
    room, last = rule.rule.split("/")[1], rule.rule.rstrip("/").rpartition("/")[2]
    kind = "file" if "file_id" in rule.arguments else "list" if many else "page"
    if "<" not in last:
        kind = last
    return {"api": f"JSON {kind}", "staff": f"staff's {kind}"}.get(room, kind)


def _swapped(url: str, old: int, new: int) -> str:
    return "/".join(str(new) if part == str(old) else part for part in url.split("/"))
