"""A project's tasks and milestones along the days, as numbers: where each bar and diamond of the drawing stands.
It is drawn by templates/projects/gantt.html."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

WIDTH, ROW, TOP, BOTTOM = 720, 36, 26, 24
_SIDE, _BAR, _HALF, _INDENT, _DEEPEST = 8, 10, 6, 14, 6
#: so many days and months are labelled at most
_MOST_TICKS = 7
_DAYS_AS_WEEKS = 70
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 300, 600, 1200, 2400, 6000, 24000)
_LONGEST = 64


@dataclass(frozen=True)
class Step:
    """A task: its id, that of the one which it is a step of, what it is called, its first and last day, and how far it
    is in per cent."""

    id: int
    within: int | None
    label: str
    start: date | None
    end: date | None
    progress: int

    @property
    def days(self) -> tuple[date, date] | None:
        """Its first and last day, in this order; the one that is known, where one alone is."""
        known = sorted(day for day in (self.start, self.end) if day is not None)
        return (known[0], known[-1]) if known else None


@dataclass(frozen=True)
class Mark:
    """A milestone: what it is called, its day, and whether it was reached."""

    label: str
    day: date
    reached: bool


def as_tree(steps: Sequence[Step]) -> Iterator[tuple[int, Step]]:
    """The tasks in their order, each followed by its own steps; with how deep each stands. One that is a step of
    itself, or of none that is here, stands outermost."""
    known = {step.id for step in steps}
    below: dict[int | None, list[Step]] = {}
    for step in steps:
        below.setdefault(step.within if step.within in known else None, []).append(step)
    seen: set[int] = set()
    waiting = [(0, step) for step in reversed(below.get(None, []))]
    rest = iter(steps)
    while True:
        if not waiting:  # what is left goes in a circle
            left = next((step for step in rest if step.id not in seen), None)
            if left is None:
                return
            waiting = [(0, left)]
        depth, step = waiting.pop()
        if step.id in seen:
            continue
        seen.add(step.id)
        yield depth, step
        waiting += [(depth + 1, each) for each in reversed(below.get(step.id, []))]


@dataclass(frozen=True)
class Gantt:
    """The drawing of tasks (in the order of `as_tree`, each with its days) and milestones, as seen on `today`.
    `name_day` and `name_month` write a label for a day and for a month."""

    steps: Sequence[tuple[int, Step, tuple[date, date]]]
    marks: Sequence[Mark]
    today: date
    name_day: Callable[[date], str]
    name_month: Callable[[date], str]

    @property
    def height(self) -> int:
        """How tall the drawing is; it is `WIDTH` wide."""
        return TOP + ROW * (len(self.steps) + len(self.marks)) + BOTTOM

    @cached_property
    def _span(self) -> tuple[date, int]:
        """The first day, and how many there are."""
        days = [day for _, _, both in self.steps for day in both] + [mark.day for mark in self.marks]
        return min(days), (max(days) - min(days)).days + 1

    def _x(self, day: date, after: int = 0) -> float:
        first, count = self._span
        return round(_SIDE + ((day - first).days + after) * (WIDTH - 2 * _SIDE) / count, 1)

    def labels(self) -> Iterator[tuple[int, int, str]]:
        """Where each row's label stands, and the label: milestones first."""
        rows = [(0, mark.label) for mark in self.marks] + [(depth, step.label) for depth, step, _ in self.steps]
        for row, (depth, label) in enumerate(rows):
            shown = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
            yield _SIDE + _INDENT * min(depth, _DEEPEST), TOP + row * ROW + 13, shown

    def diamonds(self, *, reached: bool) -> str:
        """The milestones that were reached, or the others, as one path."""
        points = (
            (self._x(mark.day), TOP + row * ROW + 25) for row, mark in enumerate(self.marks) if mark.reached is reached
        )
        return "".join(f"M{x} {y - _HALF}l{_HALF} {_HALF}l-{_HALF} {_HALF}l-{_HALF} -{_HALF}z" for x, y in points)

    def bars(self, *, done: bool) -> str:
        """The tasks from their first day to their last as one path; of each, what is done."""
        path = []
        for row, (_, step, (start, end)) in enumerate(self.steps, len(self.marks)):
            x = self._x(start)
            width = max(self._x(end, after=1) - x, 3)
            if done:
                width = width * min(max(step.progress, 0), 100) / 100
            if width:
                path.append(f"M{x} {TOP + row * ROW + 20}h{width:.1f}v{_BAR}h-{width:.1f}z")
        return "".join(path)

    @property
    def now(self) -> float | None:
        """Where the line of today stands, if it is among the days."""
        first, count = self._span
        return self._x(self.today) if 0 <= (self.today - first).days < count else None

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Where the lines behind the bars stand, and what is written below each."""
        first, count = self._span
        if count <= _DAYS_AS_WEEKS:
            step = 7 * -(-count // (7 * _MOST_TICKS)) if count > _MOST_TICKS else 1
            days = (first + timedelta(n) for n in range(0, count, step))
            yield from ((self._x(day), self.name_day(day)) for day in days)
            return
        begin = first.year * 12 + first.month - 1
        months = (first + timedelta(count - 1)).year * 12 + (first + timedelta(count - 1)).month - 1 - begin
        step = next(each for each in _MONTHS if months / each <= _MOST_TICKS)
        for month in range(begin + step - begin % step, begin + months + 1, step):
            day = date(month // 12, month % 12 + 1, 1)
            yield self._x(day), str(day.year) if step >= 12 else self.name_month(day)
