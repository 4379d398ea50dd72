"""`make bench-growth`: every page with few rows and with very many, on both databases.

Writes `bench/results/growth.md`. The databases are filled on first use and stay: on SQLite in
`.bench/`, on PostgreSQL beside the database of DATABASE_URL, or else on this machine's server.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import IO, NamedTuple, cast
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.databases import POSTGRESQL
from bench.machine import describe_machine, describe_site
from bench.report import format_table
from bench.results import FOLDER
from bench.servers import FILES, ROOT, minimal_environment, run

ROUNDS = 15
GOAL = 1.5  # times as long with many rows
PYTHON = Path(sys.executable)
SQLITE_FOLDER = FILES / "growth"


class Size(NamedTuple):
    """How many rows a database has, and its name."""

    name: str
    articles: int
    inquiries: int
    products: int

    def __str__(self) -> str:
        return f"{self.articles:,} articles and inquiries, {self.products:,} products"


SMALL = Size("growth_1k", 1_000, 1_000, 1_000)
BIG = Size("growth_1m", 1_000_000, 1_000_000, 100_000)
BIG_ON_SQLITE = Size("growth_100k", 100_000, 100_000, 10_000)


@dataclass
class Row:
    """A page: the milliseconds that it took with few rows and with many, round by round."""

    page: str
    small: list[float] = field(default_factory=list)
    big: list[float] = field(default_factory=list)
    sizes: tuple[int, int] = (0, 0)  # bytes

    @property
    def ratio(self) -> float:
        return median(self.big) / median(self.small)


class Site:
    """A process that requests the pages of a site with one of the databases."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.input = cast(IO[str], process.stdin)
        self.output = cast(IO[str], process.stdout)
        self.pages = self._read().split("\t")

    def measure(self, page: str) -> tuple[float, int]:
        """How many milliseconds the page takes, and its bytes; raises RuntimeError if it fails."""
        print(page, file=self.input, flush=True)
        milliseconds, size = self._read().split()
        return float(milliseconds), int(size)

    def _read(self) -> str:
        line = self.output.readline()
        if not line:
            raise RuntimeError("A page failed; its error is above.")
        return line.rstrip("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="only pages with this text in their names")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    options = parser.parse_args()
    parts = [
        "# Growth",
        f"Measured by `make bench-growth` on {date.today():%Y-%m-%d}: {describe_machine()}; "
        f"{', '.join(describe_site())}.",
        f"The milliseconds in which a page is made, without a server and with nothing cached: the"
        f" median of {options.rounds} rounds, in which both databases are measured in turn. The"
        f" goal is at most {GOAL} times as long with many rows; **bold** where it is missed.",
        "`make_data` makes as many rows of each measured kind in a small database as fill a page:"
        " drafts, expired articles, new and overdue inquiries, articles with a rare tag and a rare"
        " word. So both databases show pages of about the same length, see the last column. A"
        " search ranks at most 600 articles, and in a small database fewer have its words.",
    ]
    with tempfile.TemporaryDirectory(prefix="tradepost-growth-") as folder:
        for name, small, big, sizes in _databases(options.database):
            environments = [_environment(Path(folder), url) for url in (small, big)]
            for environment, size in zip(environments, sizes, strict=True):
                _fill(environment, size)
            with ExitStack() as stack:
                sites = [stack.enter_context(_start(each)) for each in environments]
                rows = _measure(sites, options.rounds, options.only)
            parts += [f"## {name}", _format_rows(rows, sizes)]
    report = "\n\n".join(parts) + "\n"
    print(report)
    if not options.only and not options.database:
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / "growth.md").write_text(report)


def _databases(wanted: str | None) -> Iterator[tuple[str, str, str, tuple[Size, Size]]]:
    """The name of each database system, the URLs of its small and its big database, their sizes."""
    if wanted != "sqlite":
        server = os.environ.get("DATABASE_URL", "")
        server = server if server.startswith("postgres") else POSTGRESQL
        try:
            version = _create_databases(server, [SMALL.name, BIG.name])
        except psycopg.Error as error:
            print(f"PostgreSQL is not measured: {error}", file=sys.stderr)
        else:
            urls = [urlsplit(server)._replace(path=f"/{s.name}").geturl() for s in (SMALL, BIG)]
            yield f"PostgreSQL {version}", urls[0], urls[1], (SMALL, BIG)
    if wanted != "postgresql":
        SQLITE_FOLDER.mkdir(parents=True, exist_ok=True)
        urls = [f"sqlite:///{SQLITE_FOLDER}/{s.name}.sqlite3" for s in (SMALL, BIG_ON_SQLITE)]
        yield f"SQLite {sqlite3.sqlite_version}", urls[0], urls[1], (SMALL, BIG_ON_SQLITE)


def _create_databases(server: str, names: Sequence[str]) -> str:
    """Create the databases that do not exist; returns the version of the server."""
    with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
        for name in names:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            if not known.rowcount:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        version = connection.info.parameter_status("server_version") or ""
    return version.split()[0]


def _environment(folder: Path, database_url: str) -> dict[str, str]:
    return minimal_environment() | {
        "CDN": "off",
        "DATABASE_URL": database_url,
        "DEBUG": "off",
        "DEMO": "on",  # for make_data
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENV_FILE": os.devnull,
        "MEDIA_ROOT": f"{folder}/media",
        "PAGE_CACHE": "off",
        "PRIVATE_ROOT": f"{folder}/private",
        "SECRET_KEY": "for-benchmarks-only-not-for-any-real-site-0123456789-abcdefghijk",
        "SECURE_SSL_REDIRECT": "off",
        "STATIC_ROOT": f"{folder}/static",
    }


def _fill(environment: dict[str, str], size: Size) -> None:
    """Bring the database up to date, and fill it if it is new."""
    manage: list[str | Path] = [PYTHON, "manage.py"]
    run([*manage, "collectstatic", "--noinput", "--verbosity=0"], environment)
    run([*manage, "migrate", "--verbosity=0"], environment)
    check = "from news.models import Article; print(Article.objects.exists())"
    if run([*manage, "shell", "--verbosity=0", "-c", check], environment).split()[-1] == "True":
        return
    print(f"Filling {size.name}: {size}", file=sys.stderr)
    rows = [f"--{name}={getattr(size, name)}" for name in ("articles", "inquiries", "products")]
    run([*manage, "make_data", *rows], environment)


@contextmanager
def _start(environment: dict[str, str]) -> Iterator[Site]:
    process = subprocess.Popen(  # noqa: S603
        [PYTHON, "-m", "bench.growth_pages"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Site(process)
        finally:
            process.kill()


def _measure(sites: Sequence[Site], rounds: int, only: str) -> list[Row]:
    """Measure each page with few rows and with many in turn, after a first time for each."""
    small, big = sites
    rows = [Row(page) for page in small.pages if only in page]
    for row in rows:
        for number in range(rounds + 1):
            few, many = small.measure(row.page), big.measure(row.page)
            row.sizes = few[1], many[1]
            if number:
                row.small.append(few[0])
                row.big.append(many[0])
        print(f"{row.page:<40}{row.ratio:>6.2f}", file=sys.stderr)
    return rows


def _format_rows(rows: Sequence[Row], sizes: Sequence[Size]) -> str:
    head = ["page", *(f"ms with {size}" for size in sizes), "ratio", "KB"]
    table = [head]
    for row in rows:
        ratio = f"{row.ratio:.2f}"
        times = [f"{median(times):.1f}" for times in (row.small, row.big)]
        kilobytes = " → ".join(f"{size / 1024:,.0f}" for size in row.sizes)
        marked = f"**{ratio}**" if row.ratio > GOAL else ratio
        table.append([row.page, *times, marked, kilobytes])
    return format_table(table)


if __name__ == "__main__":
    main()
