"""`make bench`: measures the site's pages beside their peers, side by side and in turn.

Writes `bench/results/speed.md`, `.svg` and `.json`. Uses wrk; PostgreSQL with Redis and nginx are
measured where they are there.
"""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from bench import databases, tradepost
from bench.chart import draw_chart
from bench.load import WrongAnswerError, check_count, fetch, measure
from bench.machine import describe_machine, describe_versions
from bench.peers import constant, nginx, wagtail
from bench.report import format_ratios, format_report
from bench.results import FOLDER, CountRow, MemoryRow, Results, Row
from bench.servers import FILES
from bench.sites import CONSTANT, CONSTANT_WITH_MIDDLEWARE, Site

ROUNDS = 3
MAX_SECONDS = 600
WARM_UP = 16  # requests of each page, so that every process has answered some


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("`make bench` loads the pages with wrk: install Debian's package `wrk` first.")
    started = time.monotonic()
    results = Results(f"{date.today():%Y-%m-%d}", describe_machine(), describe_versions())
    try:
        with cleanup() as stack:
            sites = start_sites(stack, results)
            warm_up(sites)
            measure_rounds(sites, results, started)
            check_counts(sites, results)
    except (WrongAnswerError, RuntimeError) as error:
        sys.exit(f"make bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    write(results)
    print(f"\n{format_ratios(results)}\nThe tables and the chart are in bench/results/.")


@contextmanager
def cleanup() -> Iterator[ExitStack]:
    """Stop everything at the end, also after Ctrl-C or SIGTERM; a second signal is ignored."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with ExitStack() as stack:
        try:
            yield stack
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)


def start_sites(stack: ExitStack, results: Results) -> list[Site]:
    """Create and serve all sites until the stack ends."""
    # Not in /tmp, which may be in memory, where SQLite is faster than on a disk.
    FILES.mkdir(exist_ok=True)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=FILES)))
    say("Installing Wagtail into .bench/wagtail")
    wagtail.install()
    results.versions.append(f"Wagtail {wagtail.version()}")
    storages = [databases.sqlite(folder)]
    try:
        storages.append(stack.enter_context(databases.postgresql_and_redis()))
    except databases.UnavailableError as error:
        results.notes.append("PostgreSQL and Redis were not measured.")
        say(f"{results.notes[-1]} {error}")
    static = folder / "static"
    tradepost.collect_static(static)
    sites = [
        stack.enter_context(constant.serve_constant(name, folder))
        for name in (CONSTANT, CONSTANT_WITH_MIDDLEWARE)
    ]
    for number, storage in enumerate(storages):
        say(f"Creating the sites on {storage.name}")
        results.versions += storage.versions
        own = folder / str(number)
        own.mkdir()
        sites.append(stack.enter_context(wagtail.serve_wagtail(own, storage)))
        sites += stack.enter_context(tradepost.serve_tradepost(own, static, storage))
        databases.analyze(storage)
    if nginx.program():
        results.versions.append(f"nginx {nginx.version()}")
        content = fetch(sites[-1].url("article"), tradepost.PAGES["article"].text)
        sites.append(stack.enter_context(nginx.serve_file(folder, content)))
    else:
        results.notes.append("nginx was not measured: it is not installed.")
        say(results.notes[-1])
    return sites


def warm_up(sites: list[Site]) -> None:
    say("Checking and warming up every page")
    for site in sites:
        for name, page in site.pages.items():
            for _ in range(WARM_UP):
                fetch(site.url(name), page.text)


def measure_rounds(sites: list[Site], results: Results, started: float) -> None:
    """Measure each page on all sites that have it, one after the other, then the next page."""
    pages = list(tradepost.PAGES)
    rows = {
        (page, site.label): Row(page, site.name, site.storage)
        for page in pages
        for site in sites
        if page in site.pages
    }
    results.rows += rows.values()
    for number in range(1, ROUNDS + 1):
        round_started = time.monotonic()
        for page in pages:
            for site in sites:
                if page in site.pages:
                    rate = measure(site.url(page), site.seconds)
                    rows[page, site.label].rates.append(rate)
                    say(f"{number}  {page:<14}{site.label:<48}{rate:>10,.0f} / s")
                    fetch(site.url(page), site.pages[page].text)
        now = time.monotonic()
        if number < ROUNDS and (now - started) + (now - round_started) > MAX_SECONDS:
            results.notes.append(f"Only {number} of {ROUNDS} rounds fitted into ten minutes.")
            return


def check_counts(sites: list[Site], results: Results) -> None:
    """Check the count of page views, and note the memory, after all the load."""
    for site in sites:
        results.memory.append(MemoryRow(site.name, site.storage, *site.server.worker_memory()))
        if site.is_counted:
            check = check_count(site.url("article"), site.pages["article"].text)
            results.counts.append(CountRow(site.name, site.storage, *check))


def write(results: Results) -> None:
    FOLDER.mkdir(exist_ok=True)
    results.save(FOLDER / "speed.json")
    (FOLDER / "speed.md").write_text(format_report(results))
    (FOLDER / "speed.svg").write_text(draw_chart(results))


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
