"""One viewer's look at every exit, compared with the naive rule: what must be there, and what must not."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from core.db.wall import Recorded
from core.kit.exits import HOME, Exit, has_its_turn, home, lists, neighbours, own_pages, records, searches
from core.kit.places import Place, Row, Viewer, sees
from core.kit.rows import canary, found_in
from core.kit.world import World
from core.records.fields import staff_only

_NEXT = re.compile(r'rel="next" href="([^"]*)"')
_TEXTS = ("text/html", "application/json", "text/csv")
_ROW = re.compile(r'class="row-link" href="/(?:portal|staff/records)/(?:[a-z0-9_]+/)+(\d+)"')
_MOST_PAGES = 20


@dataclass
class Look:
    """What a viewer is shown, and what of it is wrong: one sentence each. `only_named` where contacts see
    what names them alone; `hidden` are columns that clients do not see, as pairs (class, attribute)."""

    world: World
    viewer: Viewer
    only_named: bool = False
    hidden: frozenset[tuple[Any, str]] = frozenset()
    why_hidden: str = "a field that clients do not see"
    complaints: list[str] = field(default_factory=list)
    #: what each kind of exit answers for a record that nobody has
    _nothing: dict[str, TestResponse] = field(default_factory=dict)

    def everywhere(self) -> list[str]:
        """Look at all exits; give the complaints."""
        samples = _samples(self.world.rows)
        self.at_records(samples)
        for row in samples:
            for each in own_pages(self.world, row):
                if "GET" in each.methods:
                    self.at(each)
        return self.at_once()

    def at_once(self) -> list[str]:
        """Look at what needs no record to be chosen: lists, exports, dashboard, search, other modules' records."""
        self.at_lists()
        for each in (home(self.world), *searches(self.world), *neighbours(self.world)):
            if self._is_for(each):
                self.at(each)
        return self.complaints

    def sees(self, row: Row) -> bool:
        """Whether the viewer may see a row."""
        return sees(self.viewer, row, only_named=self.only_named)

    def at_lists(self) -> None:
        """Each list and export holds exactly the rows that the viewer sees; the module's own pages, none
        beyond."""
        for each in lists(self.world):
            if "GET" not in each.methods or not self._is_for(each):
                continue
            text = self.at(each)
            if each.resource is not None and text is not None and not each.packed:
                self._exactly(each, text)
                self._found(each)

    def at_records(self, rows: Iterable[Row]) -> None:
        """A record's page is there for who sees it; else it is the 404 of one that is not."""
        for row in rows:
            for each in records(self.world, row):
                if "GET" in each.methods and self._is_for(each) and has_its_turn(each, self.viewer):
                    self._record(each, row)

    def at(self, each: Exit) -> str | None:
        """Fetch an exit to its end; complain of what it shows too much, and of what failed. Gives its text, or
        None where it is not there."""
        texts, around, there = [], [], True
        for answer in self._pages(each.url):
            if answer.status_code >= 500:
                self._failed(each)
                return None
            there = there and answer.status_code < 300
            texts.append(answer.get_data().decode("latin-1" if answer.mimetype not in _TEXTS else "utf-8", "replace"))
            around.append(str(answer.headers))  # cookies, and where a redirect leads, are read as well
        text = _without("".join(texts), each.url)
        for sentence in self._leaks(each, text + _without("".join(around), each.url)):
            self._complain(sentence)
        if not there:
            return None
        self._failed(each, quietly=True)
        return text

    def _pages(self, url: str) -> Iterator[TestResponse]:
        for _ in range(_MOST_PAGES):
            answer = self.world.get(self.viewer, url)
            yield answer
            found = _NEXT.search(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else None
            onward = unescape(found[1]) if found else _next_of(answer)
            if not onward:
                return
            url = onward

    def _record(self, each: Exit, row: Row) -> None:
        if not self.sees(row) or (self.viewer.is_contact and staff_only(_resource(self.world, row))):
            if each.said not in self._nothing:
                self._nothing[each.said] = self.world.get(self.viewer, each.nowhere())
            got, nothing = self.world.get(self.viewer, each.url), self._nothing[each.said]
            same = self.viewer.name == "visitor" or got.data == nothing.data  # a visitor is led to the door
            if got.status_code != nothing.status_code or not same:
                self._complain(
                    f"{each.said} answers {got.status_code} to {self.viewer} for one that {row}; it must answer as if "
                    f"there were no such record ({nothing.status_code})"
                )
        elif self.at(each) is None and each.must:
            self._complain(f"{each.said} is not there for {self.viewer}, for one that {row}")

    def _exactly(self, each: Exit, text: str) -> None:
        """Whether a list holds the rows that the viewer sees, by their marks and by its links."""
        resource = each.resource
        assert resource is not None
        rows = [row for row in self.world.rows if row.model is resource.model]
        linked = {int(found) for found in _ROW.findall(text)}
        for row in rows if linked else ():
            if (row.id in linked) != self.sees(row):
                verb = "lacks" if self.sees(row) else "lists"
                self._complain(f"{each.said} {verb} a record for {self.viewer}: one that {row}")
        listed = [f.name for f in resource.fields if f.listed and f.expression is None]
        listed = [name for name in listed if (resource.model, name) not in self.hidden or not self.viewer.is_contact]
        shown = {number for number, _ in found_in(text)}
        for row in rows:
            if set(listed) & set(row.columns) and self.sees(row) and row.number not in shown:
                self._complain(f"{each.said} lacks a record for {self.viewer}: one that {row}")

    def _found(self, each: Exit) -> None:
        """Whether a search finds a row that the viewer sees, and none that they do not."""
        resource = each.resource
        assert resource is not None
        names = {f.name for f in resource.fields if f.searchable and (f.seen or not self.viewer.is_contact)}
        rows = [row for row in self.world.rows if row.model is resource.model and names & set(row.columns)]
        mine = next((row for row in rows if self.sees(row)), None)
        theirs = next((row for row in reversed(rows) if not self.sees(row)), None)
        for row in (mine, theirs):
            if row is None:
                continue
            mark = canary(row.number, row.columns.index(min(names & set(row.columns))))
            answer = self.world.get(self.viewer, f"{each.url}?q={mark}")
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            linked = {int(found) for found in _ROW.findall(answer.get_data(as_text=True))}
            if linked != ({row.id} if row is mine else set()):
                self._complain(
                    f"The search for {mark!r} in {each.said.lower()} answers {self.viewer} with other records"
                )

    def _leaks(self, each: Exit, text: str) -> Iterator[str]:
        boxes: list[tuple[str, set[tuple[int, int]]]] | None = None
        for mark in sorted(found_in(text)):
            why = self.why_not(mark)
            if why:
                boxes = self._boxes(each) if boxes is None else boxes
                said = next((name for name, marks in boxes if mark in marks), each.said)
                yield f"{said} shows {why}, to {self.viewer}"

    def why_not(self, mark: tuple[int, int]) -> str:
        """What a mark is that the viewer must not see; nothing where they may."""
        number, column = mark
        row = self.world.rows[number] if number < len(self.world.rows) else None
        if row is None:
            return ""
        if not self.sees(row):
            return f"{canary(number, column)!r}, of a row that {row}"
        name = row.columns[column] if self.viewer.is_contact and column < len(row.columns) else ""
        return f"{name!r} of {row.model.__name__}, {self.why_hidden}" if (row.model, name) in self.hidden else ""

    def _boxes(self, each: Exit) -> list[tuple[str, set[tuple[int, int]]]]:
        """The module's widgets and panels on a page, each with the marks that are there by it alone."""
        registry, name = self.world.registry, self.world.name
        found: list[tuple[str, set[tuple[int, int]]]] = []
        kinds: tuple[tuple[str, dict[str, list[Any]]], ...] = (("widget", registry.widgets), ("panel", registry.panels))
        for kind, boxes in kinds:
            if each.own or (kind == "widget" and each.url != HOME):
                continue
            kept = boxes[name]
            try:
                boxes[name] = []
                without = self._marks(each)
                for box in kept:
                    boxes[name] = [box]
                    found.append((f"The {kind} {box.name!r} of {name!r}", self._marks(each) - without))
            finally:
                boxes[name] = kept
        return found

    def _marks(self, each: Exit) -> set[tuple[int, int]]:
        answer = self.world.get(self.viewer, each.url)  # an archive too, in which names of files are read
        return found_in(answer.get_data().decode("latin-1"))

    def _failed(self, each: Exit, *, quietly: bool = False) -> None:
        found = self.world.complaints_of_boxes()
        for sentence in found or ([] if quietly else [f"{each.said} ({each.url}) fails"]):
            self._complain(f"{sentence} (for {self.viewer})")

    def _complain(self, sentence: str) -> None:
        if sentence not in self.complaints:
            self.complaints.append(sentence)

    def _is_for(self, each: Exit) -> bool:
        return each.side == "both" or (each.side == "staff") == (self.viewer.name == "staff")


def hidden_columns(world: World) -> frozenset[tuple[Any, str]]:
    """The columns that the module itself keeps from clients."""
    found = [(r.model, f) for r in world.resources.values() for f in r.fields]
    found += [
        (c.model, replace(f, seen=f.seen and c.seen))
        for r in world.resources.values()
        for c in r.children
        for f in c.fields
    ]
    return frozenset((model, f.name) for model, f in found if not f.seen)


def _samples(rows: Sequence[Row]) -> list[Row]:
    """One row for each class and each way in which a row may belong."""
    chosen: dict[tuple[Any, str, Place, bool], Row] = {}
    for row in rows:
        if issubclass(row.model, Recorded):
            chosen.setdefault((row.model, row.slug, row.place, row.published), row)
    return list(chosen.values())


def _resource(world: World, row: Row) -> Any:
    model: Any = row.model
    return world.registry.resource(model.portal_module, model.portal_resource)


def _next_of(answer: TestResponse) -> str | None:
    if answer.mimetype != "application/json":
        return None
    body: Any = answer.get_json()
    found = body.get("next") if isinstance(body, dict) else None
    return found if isinstance(found, str) else None


def _without(text: str, url: str) -> str:
    """The text without the marks that the address itself holds: a page may repeat what it was asked for."""
    for number, column in found_in(url):
        text = text.replace(canary(number, column), "")
    return text
