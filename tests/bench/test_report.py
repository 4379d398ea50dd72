"""The report compares the measured sites, and says where a goal is missed."""

import pytest
from defusedxml import ElementTree

from bench.chart import draw_chart
from bench.report import format_report, format_summary
from bench.results import CountRow, MemoryRow, Results, Row
from bench.sites import CONSTANT, TRADEPOST, UNCACHED, WAGTAIL


@pytest.fixture
def results():
    return Results(
        date="2026-01-01",
        machine="a machine",
        versions=["Django 5.2"],
        rows=[
            Row("article", CONSTANT, "", [1000, 2000, 3000]),
            Row("article", WAGTAIL, "SQLite", [10, 20, 30]),
            Row("article", TRADEPOST, "SQLite", [2000, 4000, 3000]),
            Row("article", UNCACHED, "SQLite", [15, 30, 45]),
        ],
        counts=[CountRow(TRADEPOST, "SQLite", 500, 500, 500)],
        memory=[MemoryRow(TRADEPOST, "SQLite", 80, 40)],
    )


def cells(report: str, first: str) -> list[str]:
    """The cells of the row that starts with `first`, in the table of the ratios."""
    ratios = report.partition("## Ratios")[2]
    row = next(line for line in ratios.splitlines() if line.startswith(f"| {first}"))
    return [cell.strip() for cell in row.split("|")[2:-1]]


def test_a_ratio_is_the_median_of_those_within_the_rounds(results):
    assert cells(format_report(results), "article") == [
        "2.00 (≥ 1.5)",
        "200 (≥ 60)",
        "**1.50 (≥ 2)**",
    ]


def test_an_inexact_count_and_a_large_worker_stand_out(results):
    assert "**" not in format_report(results).partition("## Memory")[2]
    results.counts[0].distinct = 499
    results.memory[0].resident = 91
    report = format_report(results)
    assert "**not exact**" in report
    assert "**91 (≤ 90)**" in report


def test_the_report_says_what_was_not_measured(results):
    results.notes.append("nginx was not measured: it is not installed.")
    assert "nginx was not measured" in format_report(results)


def test_stored_results_give_the_same_report(results, tmp_path):
    results.save(tmp_path / "speed.json")
    loaded = Results.load(tmp_path / "speed.json")
    assert format_report(loaded) == format_report(results)
    assert "| article, with its count, SQLite |" in format_summary(loaded)


def test_the_chart_has_a_bar_for_every_row(results):
    chart = ElementTree.fromstring(draw_chart(results))
    bars = [element for element in chart if element.tag.endswith("rect")]
    assert len(bars) == len(results.rows)
    assert all(0 < float(bar.get("width")) < 900 for bar in bars)
