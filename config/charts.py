"""Charts that are drawn on the server, as a row of bars."""

from collections.abc import Sequence
from typing import Any, NamedTuple

HEIGHT = 100


class Bar(NamedTuple):
    """One bar: its label, its value, and where it stands in a box of `HEIGHT` units."""

    label: Any
    value: int
    left: int
    top: float
    height: float


class BarChart(NamedTuple):
    """What `templates/admin/_bar_chart.html` draws, with a table of the same beside it."""

    bars: list[Bar]
    width: int
    highest: int
    total: int


def bar_chart(points: Sequence[tuple[Any, int]], step: int = 10) -> BarChart:
    """A chart of (label, value), the highest value filling the height; values are not negative."""
    highest = max((value for _, value in points), default=0)
    scale = HEIGHT / highest if highest else 0
    bars = [
        Bar(label, value, place * step, round(HEIGHT - value * scale, 2), round(value * scale, 2))
        for place, (label, value) in enumerate(points)
    ]
    return BarChart(bars, len(bars) * step, highest, sum(value for _, value in points))
