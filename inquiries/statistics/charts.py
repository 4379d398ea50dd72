"""Charts of the dashboard's tables, which templates draw."""

from typing import NamedTuple

from core.admin.charts import BarChart, PairedBar, bar_chart, paired_bars
from inquiries.statistics.dashboard import InquiryDashboard, Row, Table

MAX_BAR_WIDTH = 100  # units of the SVG


class RowChart(NamedTuple):
    """The bar chart of one row; all rows of a table have the same scale."""

    row: Row
    chart: BarChart


class AnswerTimeBars(NamedTuple):
    """The answer times of a contact as widths of two bars, at most `MAX_BAR_WIDTH`."""

    row: Row
    median: float
    percentile_90: float


def weekly_chart(dashboard: InquiryDashboard) -> BarChart:
    """The number of all inquiries of each week."""
    statistics = dashboard.statistics
    totals = [
        sum(counts[index] for counts in statistics.by_source.values())
        for index in range(len(statistics.weeks))
    ]
    return bar_chart(list(zip(statistics.weeks, totals, strict=True)))


def row_charts(table: Table) -> list[RowChart]:
    """A chart for each row of a table with weekly counts."""
    highest = max((max(row.values) for row in table.rows), default=0)
    weeks = table.headings[1:]
    return [
        RowChart(row, bar_chart(list(zip(weeks, row.values, strict=True)), highest=highest))
        for row in table.rows
    ]


def answer_time_bars(table: Table) -> list[AnswerTimeBars]:
    """The bars for each row of the table of answer times."""
    longest = max((row.values[2] for row in table.rows), default=0)
    scale = MAX_BAR_WIDTH / longest if longest else 0
    return [
        AnswerTimeBars(row, round(row.values[1] * scale, 2), round(row.values[2] * scale, 2))
        for row in table.rows
    ]


def outcome_bars(table: Table) -> list[PairedBar]:
    """The won inquiries above the axis, the lost ones below."""
    return paired_bars([(row.label, row.values[0], row.values[1]) for row in table.rows])
