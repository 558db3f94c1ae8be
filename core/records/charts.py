"""Charts as numbers: where their bars stand. They are drawn by templates/macros/charts.html."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

#: as the drawing in the macro says
WIDTH, HEIGHT = 360, 150
_TOP, _BOTTOM = 22, 20
#: how much of its place a group of bars takes
_FILLED = 0.72


@dataclass(frozen=True)
class Bars:
    """The bars of one group: the label below them, the name in the table, a number for each series, and
    the same as they are read."""

    label: str
    name: str
    numbers: Sequence[int]
    texts: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """Bars of one or two series: `id` is one of the page's own, `title` says what is drawn, `unit` what stands
    below the bars ("Month"), `series` what each bar of a group is."""

    id: str
    title: Any
    unit: Any
    series: Sequence[Any]
    groups: Sequence[Bars]

    @cached_property
    def _ends(self) -> tuple[int, int]:
        numbers = [number for group in self.groups for number in group.numbers]
        return max(0, *numbers), min(0, *numbers)

    def _y(self, number: int) -> float:
        most, least = self._ends
        return round(_TOP + (most - number) * (HEIGHT - _TOP - _BOTTOM) / ((most - least) or 1), 1)

    @property
    def zero(self) -> float:
        """Where nothing stands."""
        return self._y(0)

    def lines(self) -> Iterator[tuple[float, float, str]]:
        """The highest number and the lowest below nothing: where its line is, where its text, and the text."""
        for end in self._ends:
            if end:
                y = self._y(end)
                texts = (t for g in self.groups for n, t in zip(g.numbers, g.texts, strict=True) if n == end)
                yield y, y - 6 if end > 0 else y + 14, next(texts)

    def labels(self) -> Iterator[tuple[float, str]]:
        """Where the label of each group stands, and the label."""
        step = WIDTH / len(self.groups)
        for i, group in enumerate(self.groups):
            yield round((i + 0.5) * step, 1), group.label

    def paths(self) -> Iterator[str]:
        """The bars of each series as one path."""
        step, zero = WIDTH / len(self.groups), self.zero
        width = step * _FILLED / len(self.series)
        for part in range(len(self.series)):
            start = step * (1 - _FILLED) / 2 + part * width
            bars = ((start + i * step, self._y(g.numbers[part])) for i, g in enumerate(self.groups) if g.numbers[part])
            yield "".join(f"M{x:.1f} {zero}V{y}h{width - 1:.1f}V{zero}z" for x, y in bars)
