"""Bar charts that are drawn on the server."""

from collections.abc import Sequence
from typing import Any, NamedTuple

HEIGHT = 100


class Bar(NamedTuple):
    """One bar: its label, its value, and its position in a box of `HEIGHT` units."""

    label: Any
    value: int
    left: int
    top: float
    height: float


class BarChart(NamedTuple):
    """A chart for `templates/admin/_bar_chart.html`, which also shows its values in a table."""

    bars: list[Bar]
    width: int
    highest: int
    total: int


def bar_chart(
    points: Sequence[tuple[Any, int]], step: int = 10, highest: int | None = None
) -> BarChart:
    """A chart of (label, value); the highest value has the full height, and none is negative.

    With `highest`, that value has the full height, so that several charts have the same scale.
    """
    if highest is None:
        highest = max((value for _, value in points), default=0)
    scale = HEIGHT / highest if highest else 0
    bars = [
        Bar(label, value, index * step, round(HEIGHT - value * scale, 2), round(value * scale, 2))
        for index, (label, value) in enumerate(points)
    ]
    return BarChart(bars, len(bars) * step, highest, sum(value for _, value in points))


class PairedBar(NamedTuple):
    """Two values of one label: the first above the middle line, the second below it."""

    label: Any
    left: int
    up: float
    down: float
    first: int
    second: int

    @property
    def top(self) -> float:
        return round(HEIGHT - self.up, 2)


def paired_bars(points: Sequence[tuple[Any, int, int]], step: int = 10) -> list[PairedBar]:
    """Bars of (label, first, second) in a box of twice `HEIGHT` units, all to one scale."""
    highest = max((max(first, second) for _, first, second in points), default=0)
    scale = HEIGHT / highest if highest else 0
    return [
        PairedBar(
            label, index * step, round(first * scale, 2), round(second * scale, 2), first, second
        )
        for index, (label, first, second) in enumerate(points)
    ]
