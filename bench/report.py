"""Tables of the results in Markdown. `python -m bench.report` prints those for the README."""

from collections.abc import Iterable, Sequence

from bench.results import FOLDER, Results
from bench.servers import WORKERS
from bench.sites import CONSTANT, CONSTANT_WITH_MIDDLEWARE, NGINX, TRADEPOST, UNCACHED, WAGTAIL
from bench.tradepost import PAGES

# How many times as fast as a peer the site is meant to be, and what a worker may take in MB.
ARTICLE_GOALS: dict[str, dict[str, float]] = {
    "SQLite": {CONSTANT: 1.5, WAGTAIL: 60},
    "PostgreSQL and Redis": {CONSTANT: 1, WAGTAIL: 45},
}
OTHER_GOALS: dict[str, float] = {CONSTANT: 1.5}
UNCACHED_GOAL = 2
MEMORY_GOAL = 90

# The Wagtail page that each page is compared with: lists with its list.
WAGTAIL_PAGES = dict.fromkeys(PAGES, "news list") | {"article": "article", "product": "article"}


def format_report(results: Results) -> str:
    """The report that is written to `bench/results/speed.md`."""
    rounds = len(results.rows[0].rates)
    parts = [
        "# Speed",
        f"Measured by `make bench` on {results.date}: {results.machine}; "
        f"{', '.join(results.versions)}.",
        *results.notes,
        "![Requests a second](speed.svg)",
        format_rates(results),
        f"Requests a second over 8 connections, the median of {rounds} rounds in which all are"
        f" measured in turn. Everything runs on this machine, with {WORKERS} workers each; what is"
        " in Python runs behind granian with the options of `make run`.",
        "- **Tradepost** counts each view of the article. *Nothing cached* is the same site with"
        " `PAGE_CACHE=off`.\n"
        "- **Wagtail** has the same 1,000 articles of 8 KB, and is set up as `wagtail start` does"
        " for production. Its pages have no menu, contacts, related articles or count.\n"
        "- **The constant view** returns the article's text, in a Django project without"
        " middleware; beside it, with the middleware of `startproject`.\n"
        "- **nginx** serves Tradepost's article from a file, compressed in advance.",
        "## Ratios",
        format_ratios(results),
        "The median of the ratios within each round, with the goal; **bold** where it is missed.",
        "## Memory and count",
        format_memory(results),
        format_counts(results),
        "Eight connections request the article for a second. The count is exact if it grew by the"
        " number of answers, and each answer showed a number of its own.",
    ]
    return "\n\n".join(parts) + "\n"


def format_rates(results: Results) -> str:
    """Requests a second of every page on every site."""
    columns = list(dict.fromkeys((row.site, row.storage) for row in results.rows))
    rows = [["", *(", ".join(filter(None, column)) for column in columns)]]
    for page in PAGES:
        cells = (results.find(page, *column) for column in columns)
        rows.append([page, *(f"{row.rate:,.0f}" if row else "" for row in cells)])
    return format_table(rows)


def format_ratios(results: Results) -> str:
    """How many times as fast as its peers the site is, one table for each storage."""
    return "\n\n".join(format_table(_ratios(results, name)) for name in results.storages())


def _ratios(results: Results, storage: str) -> Iterable[list[str]]:
    yield [storage, "÷ constant view", "÷ Wagtail", "nothing cached ÷ Wagtail"]
    for page, wagtail_page in WAGTAIL_PAGES.items():
        goals = ARTICLE_GOALS[storage] if page == "article" else OTHER_GOALS
        cached = results.find(page, TRADEPOST, storage)
        uncached = results.find(page, UNCACHED, storage)
        constant = results.find("article", CONSTANT)
        wagtail = results.find(wagtail_page, WAGTAIL, storage)
        if cached and uncached and constant and wagtail:
            yield [
                page,
                _format_ratio(cached.ratio(constant), goals.get(CONSTANT)),
                _format_ratio(cached.ratio(wagtail), goals.get(WAGTAIL)),
                _format_ratio(uncached.ratio(wagtail), UNCACHED_GOAL),
            ]


def format_memory(results: Results) -> str:
    """The memory of the largest worker of each site after the load."""
    rows = [["memory of a worker, MB", "resident", "shared pages divided"]]
    for row in results.memory:
        text = f"{row.resident:.0f}"
        if row.site in {TRADEPOST, UNCACHED}:
            text = _mark(f"{text} (≤ {MEMORY_GOAL})", row.resident > MEMORY_GOAL)
        name = ", ".join(filter(None, (row.site, row.storage)))
        rows.append([name, text, f"{row.proportional:.0f}"])
    return format_table(rows)


def format_counts(results: Results) -> str:
    """Whether the page views were counted exactly under concurrent load."""
    rows = [["page views", "answers", "counted", "different numbers shown", ""]]
    for row in results.counts:
        figures = [f"{number:,}" for number in (row.requests, row.counted, row.distinct)]
        verdict = _mark("exact" if row.is_exact else "not exact", not row.is_exact)
        rows.append([f"{row.site}, {row.storage}", *figures, verdict])
    return format_table(rows)


def format_summary(results: Results) -> str:
    """A short table for the README."""
    rows = [["", "requests a second", "÷ constant Django view", "÷ Wagtail"]]
    for storage in results.storages():
        for page in ("article", "news list"):
            row = results.find(page, TRADEPOST, storage)
            constant = results.find("article", CONSTANT)
            wagtail = results.find(page, WAGTAIL, storage)
            if row and constant and wagtail:
                ratios = [_format_ratio(row.ratio(peer)) for peer in (constant, wagtail)]
                name = "article, with its count" if page == "article" else page
                rows.append([f"{name}, {storage}", f"{row.rate:,.0f}", *ratios])
    for site in (CONSTANT, CONSTANT_WITH_MIDDLEWARE, NGINX):
        if row := results.find("article", site):
            rows.append([site, f"{row.rate:,.0f}", "", ""])
    return f"{format_table(rows)}\n\n{results.machine}; {', '.join(results.versions)}."


def _format_ratio(ratio: float, goal: float | None = None) -> str:
    text = f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"
    return _mark(f"{text} (≥ {goal:g})", ratio < goal) if goal else text


def _mark(text: str, is_missed: bool) -> str:
    return f"**{text}**" if is_missed else text


def format_table(rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns line up in plain text; the first row is the head."""
    head, *body = rows
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    return "\n".join(
        "| "
        + " | ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in (head, rule, *body)
    )


if __name__ == "__main__":
    print(format_summary(Results.load(FOLDER / "speed.json")))
