"""The drawing as numbers: everything stands within it, in the order of the tree, whatever the days are."""

import re
from datetime import date, timedelta
from time import process_time

import pytest

from plugins.projects.gantt import WIDTH, Gantt, Mark, Step, as_tree

DAY = date(2026, 3, 15)
_MOVE = re.compile(r"M(-?[\d.]+) (-?[\d.]+)h([\d.]+)")


def step(number: int, within: int | None = None, start: int | None = 0, end: int | None = 5, progress: int = 0) -> Step:
    """A task whose days count from `DAY`."""
    days = [None if n is None else DAY + timedelta(n) for n in (start, end)]
    return Step(number, within, f"Task {number}", days[0], days[1], progress)


def draw(*steps: Step, marks: tuple[Mark, ...] = (), today: date = DAY) -> Gantt:
    """The drawing of those that have days."""
    dated = [(depth, each, days) for depth, each in as_tree(steps) if (days := each.days)]
    return Gantt(dated, marks, today, lambda day: f"{day:%d}", lambda day: f"{day:%m}")


def bars(gantt: Gantt, *, done: bool = False) -> list[tuple[float, float, float]]:
    """Left edge, height and width of each bar."""
    return [(float(x), float(y), float(width)) for x, y, width in _MOVE.findall(gantt.bars(done=done))]


def test_tasks_stand_below_the_one_that_they_are_steps_of() -> None:
    steps = [step(1), step(2, within=4), step(3, within=1), step(4), step(5, within=3)]
    assert [(depth, each.id) for depth, each in as_tree(steps)] == [(0, 1), (1, 3), (2, 5), (0, 4), (1, 2)]


def test_circles_and_strangers_end_and_lose_no_task() -> None:
    """A task that is a step of itself, two of each other, one of a task that its reader does not see."""
    steps = [step(1, within=1), step(2, within=3), step(3, within=2), step(4, within=99)]
    assert sorted(each.id for _, each in as_tree(steps)) == [1, 2, 3, 4]
    deep = [step(n, within=n - 1) for n in range(1, 2000)]
    assert [depth for depth, _ in as_tree(deep)][-1] == 1998


def test_a_bar_is_as_long_as_its_days_and_full_as_far_as_it_is_done() -> None:
    gantt = draw(step(1, start=0, end=9, progress=50), step(2, start=10, end=19), step(3, start=None, end=19))
    (first, second, third), (half,) = bars(gantt), bars(gantt, done=True)
    assert first[2] == pytest.approx(second[2], abs=0.2)
    assert first[0] + first[2] == pytest.approx(second[0], abs=0.2)
    assert half[0] == first[0]
    assert half[2] == pytest.approx(first[2] / 2, abs=0.1)
    assert third[2] == pytest.approx(first[2] / 10, abs=0.2)
    assert first[1] < second[1] < third[1]


@pytest.mark.parametrize(
    "days", [(date.min, date.max), (DAY, DAY), (DAY, DAY - timedelta(400)), (DAY, DAY + timedelta(70))], ids=str
)
def test_whatever_the_days_are_everything_stands_within_the_drawing(days: tuple[date, date]) -> None:
    """From the first day that there is to the last, one day alone, and an end before its start."""
    marks = (Mark("Due", days[0], False), Mark("Reached", days[1], True))
    gantt = draw(Step(1, None, "x", *days, 100), Step(2, None, "y", *days, -5), marks=marks)
    for x, _, width in bars(gantt):
        assert x >= 0
        assert x + width <= WIDTH
    ticks = list(gantt.ticks())
    assert 1 <= len(ticks) <= 8
    assert all(0 <= x <= WIDTH for x, _ in ticks)
    assert all(0 < y < gantt.height for _, y, _ in gantt.labels())
    assert len(bars(gantt, done=True)) == 1
    for reached in (True, False):
        assert gantt.diamonds(reached=reached).count("M") == 1


def test_today_is_drawn_where_it_is_among_the_days_alone() -> None:
    assert draw(step(1)).now is not None
    assert draw(step(1), today=DAY + timedelta(5)).now is not None
    assert draw(step(1), today=DAY + timedelta(6)).now is None
    assert draw(step(1), today=DAY - timedelta(1)).now is None


def test_a_long_label_is_cut_and_no_row_lacks_one() -> None:
    gantt = draw(Step(1, None, "x" * 500, DAY, DAY, 0), marks=(Mark("A milestone", DAY, False),))
    labels = [label for _, _, label in gantt.labels()]
    assert labels[0] == "A milestone"
    assert labels[1].endswith("…")
    assert len(labels[1]) < 80


def test_thousands_of_tasks_take_no_time_to_speak_of() -> None:
    steps = [step(n, within=n // 10 or None, start=n % 300, end=n % 300 + 9, progress=n % 101) for n in range(1, 3000)]
    begun = process_time()
    gantt = draw(*steps)
    assert len(bars(gantt)) == len(list(gantt.labels())) == 2999
    assert process_time() - begun < 2
