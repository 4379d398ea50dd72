"""The tables of the dashboard as charts, which templates draw."""

from typing import NamedTuple

from core.admin.charts import BarChart, PairedBar, bar_chart, paired_bars
from inquiries.statistics.dashboard import Board, Row, Table

WIDTH = 100  # units of the longest line


class SmallChart(NamedTuple):
    """One row of a table of weeks, beside others of the same scale."""

    row: Row
    chart: BarChart


class Span(NamedTuple):
    """An answer time of a contact, as lines of at most `WIDTH` units."""

    row: Row
    median: float
    ninetieth: float


def all_weeks(board: Board) -> BarChart:
    """All inquiries of each week."""
    figures = board.figures
    sums = [sum(counts[place] for counts in figures.by_source.values())
            for place in range(len(figures.weeks))]  # fmt: skip
    return bar_chart(list(zip(figures.weeks, sums, strict=True)))


def small_charts(table: Table) -> list[SmallChart]:
    """A chart for each row of a table of weeks."""
    highest = max((max(row.values) for row in table.rows), default=0)
    weeks = table.heads[1:]
    return [
        SmallChart(row, bar_chart(list(zip(weeks, row.values, strict=True)), highest=highest))
        for row in table.rows
    ]


def spans(table: Table) -> list[Span]:
    """Lines for the answer times."""
    longest = max((row.values[2] for row in table.rows), default=0)
    scale = WIDTH / longest if longest else 0
    return [
        Span(row, round(row.values[1] * scale, 2), round(row.values[2] * scale, 2))
        for row in table.rows
    ]


def won_and_lost(table: Table) -> list[PairedBar]:
    """What was won above the line, what was lost below."""
    return paired_bars([(row.label, row.values[0], row.values[1]) for row in table.rows])
