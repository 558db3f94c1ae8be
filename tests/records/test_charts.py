"""Where the bars of a chart stand: above nothing or below it, never outside the drawing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records.charts import HEIGHT, WIDTH, Bars, Chart

_PLACE = re.compile(r"M([\d.]+) ([\d.]+)V([\d.]+)h([\d.]+)V([\d.]+)z")


def chart(*numbers: tuple[int, ...]) -> Chart:
    """A chart of these numbers, a tuple for each group."""
    groups = [Bars(f"{n}", f"group {n}", each, [f"<{number}>" for number in each]) for n, each in enumerate(numbers)]
    return Chart("c", "title", "unit", ["one", "two"][: len(numbers[0])], groups)


def bars(drawn: Chart) -> list[tuple[float, ...]]:
    """Left, foot, head and width of each bar."""
    found = [tuple(map(float, each[:4])) for path in drawn.paths() for each in _PLACE.findall(path)]
    assert sum(path.count("M") for path in drawn.paths()) == len(found)
    return found


def test_the_highest_is_at_the_line_that_says_so() -> None:
    drawn = chart((100, 50), (0, 25))
    (line, _, text), *rest = drawn.lines()
    assert (text, rest) == ("<100>", [])
    heads = [head for _, _, head, _ in bars(drawn)]
    assert min(heads) == line
    assert [round((drawn.zero - head) / (drawn.zero - line), 2) for head in heads] == [1, 0.5, 0.25]


def test_what_is_below_nothing_goes_down() -> None:
    drawn = chart((100,), (-50,))
    assert [text for *_, text in drawn.lines()] == ["<100>", "<-50>"]
    up, down = bars(drawn)
    assert up[2] < drawn.zero < down[2]


@pytest.mark.parametrize("numbers", [((0, 0),), ((0, 0), (0, 0))])
def test_nothing_is_drawn_of_nothing(numbers: tuple[tuple[int, int], ...]) -> None:
    drawn = chart(*numbers)
    assert bars(drawn) == []
    assert list(drawn.lines()) == []


@given(st.lists(st.tuples(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15)), min_size=1, max_size=24))
def test_all_stays_inside(numbers: list[tuple[int, int]]) -> None:
    drawn = chart(*numbers)
    for left, foot, head, width in bars(drawn):
        assert 0 <= left <= left + width <= WIDTH
        assert 0 <= head <= HEIGHT
        assert foot == drawn.zero
    assert [label for _, label in drawn.labels()] == [f"{n}" for n in range(len(numbers))]
