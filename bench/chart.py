"""Draws the results as bars on a logarithmic scale."""

import math
from html import escape

from bench.results import Results, Row
from bench.sites import CONSTANT, CONSTANT_WITH_MIDDLEWARE, NGINX, TRADEPOST, UNCACHED, WAGTAIL
from bench.tradepost import PAGES

# Colours that are legible on white and on black.
COLOURS = {
    TRADEPOST: "#2f81f7",
    UNCACHED: "#7aa7e0",
    WAGTAIL: "#c98a2b",
    CONSTANT: "#8b949e",
    CONSTANT_WITH_MIDDLEWARE: "#8b949e",
    NGINX: "#8b949e",
}
TEXT = "#7d8590"
WIDTH = 900
LEFT = 330  # where bars start
RIGHT = 90  # space for the figure after the longest bar
TOP = 30
BAR = 14
STEP = 20
HEADING = 36


def draw_chart(results: Results) -> str:
    """An SVG picture of the rate of every page on every site, grouped by page."""
    rates = [row.rate for row in results.rows]
    powers = range(math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates))) + 1)
    scale = (WIDTH - LEFT - RIGHT) / (powers[-1] - powers[0])

    def x(rate: float) -> float:
        return LEFT + (math.log10(rate) - powers[0]) * scale

    bars: list[str] = []
    y = TOP
    for page in PAGES:
        bars.append(_text(LEFT, y + 24, page, 'font-weight="bold"'))
        y += HEADING
        rows = [row for row in results.rows if row.page == page]
        for row in sorted(rows, key=lambda row: -row.rate):
            bars += _bar(row, x(row.rate), y)
            y += STEP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 10}"'
            f' font-family="sans-serif" font-size="13" fill="{TEXT}" role="img"'
            ' aria-label="Requests a second, on a logarithmic scale">',
            *(line for power in powers for line in _grid_line(10**power, x(10**power), y)),
            *bars,
            "</svg>\n",
        ]
    )


def _bar(row: Row, end: float, y: int) -> list[str]:
    label = f"{row.site}, {row.storage}" if row.storage else row.site
    return [
        _text(LEFT - 8, y + 12, label, 'text-anchor="end"'),
        f'<rect x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" rx="2"'
        f' fill="{COLOURS[row.site]}"/>',
        _text(end + 6, y + 12, f"{row.rate:,.0f}"),
    ]


def _grid_line(rate: float, x: float, bottom: int) -> list[str]:
    return [
        f'<path d="M{x:.1f} {TOP - 8}V{bottom}" stroke="{TEXT}" stroke-opacity="0.3"/>',
        _text(x, 14, f"{rate:,.0f} / s", 'text-anchor="middle"'),
    ]


def _text(x: float, y: float, text: str, attributes: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y}" {attributes}>{escape(text)}</text>'
