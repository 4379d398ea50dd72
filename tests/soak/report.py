"""The figures of a soak as a table, printed and written to docs/reliability.md."""

import os
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from bench.machine import describe_machine, describe_site
from inquiries.models import Attachment
from tests.soak.checks import count_repeatable, count_repeated
from tests.soak.faults import Strike
from tests.soak.people import People
from tests.soak.site import Site

PAGE = Path(settings.BASE_DIR) / "docs/reliability.md"
START, END = "<!-- soak -->\n", "<!-- end of soak -->"


class Soak(NamedTuple):
    """A soak that has ended."""

    site: Site
    people: People
    seconds: float
    strikes: list[Strike]
    skipped: dict[str, str]
    problems: list[str]


def format_tables(soak: Soak) -> str:
    """Two tables of Markdown: what was done, and what struck."""
    return f"{_describe(soak)}\n\n{_format_load(soak)}\n\n{_format_faults(soak)}\n"


def write_page(tables: str) -> None:
    """Replace the tables of docs/reliability.md."""
    page = PAGE.read_text()
    before, rest = page.split(START)
    PAGE.write_text(f"{before}{START}{tables}{END}{rest.split(END)[1]}")


def _describe(soak: Soak) -> str:
    date = datetime.now(UTC).strftime("%d %B %Y")
    idle = "" if max(os.getloadavg()) < 4 else " Other programs kept the machine busy."
    parts = f"{describe_machine()}; {', '.join(describe_site())}"
    return f"{date}, {soak.seconds / 60:.0f} minutes, seed {soak.site.seed}, on {parts}.{idle}"


def _format_load(soak: Soak) -> str:
    site, people, journal = soak.site, soak.people, soak.site.journal
    by_person, kills = Counter(journal.requests), soak.site.worker.kills
    lost = "; ".join(soak.problems[:3]) or "none"
    rows = [
        (
            "requests",
            f"{len(journal.requests):,}",
            f"{by_person.total() / soak.seconds:.0f} a second",
        ),
        ("slowest of 2, 20 and 100 requests", "", _format_durations(site)),
        ("failed during faults, all tried again", f"{len(journal.failures):,}", ""),
        ("inquiries acknowledged", f"{len(people.buyers):,}", "each stored once"),
        ("of which sent again after a lost response", _sum(b.resent for b in people.buyers), ""),
        ("of which submitted twice", _sum(b.submits_twice for b in people.buyers), ""),
        ("their files stored", f"{Attachment.objects.count():,}", "each whole"),
        (
            "e-mails sent",
            f"{len(site.mail.deliveries):,}",
            f"each once, but {count_repeated(site)}",
        ),
        (
            "e-mails that may be sent again",
            f"{count_repeatable(site, soak.strikes)}",
            f"{site.mail.unconfirmed} of which the mail server did not confirm, the worker"
            f" killed {kills} times",
        ),
        ("answers of the staff", f"{len(people.answers):,}", "each stored and sent once"),
        ("edits", f"{people.edits:,}", "each seen by the next visitor"),
        ("page views of the article", f"{len(site.views):,}", "each counted"),
        ("log-ins of the staff", f"{people.log_ins:,}", ""),
        ("bad inputs", f"{people.bad_inputs:,}", "each refused or received without an error"),
        ("lost or wrong", f"{len(soak.problems)}", lost),
    ]
    return _table(("", "number", "result"), rows)


def _format_durations(site: Site) -> str:
    return ", ".join(f"{1000 * site.journal.slowest(p):.0f} ms" for p in (50, 95, 99))


def _format_faults(soak: Soak) -> str:
    rows = []
    for name in dict.fromkeys(strike.name for strike in soak.strikes):
        strikes = [strike for strike in soak.strikes if strike.name == name]
        failed = sum(
            any(strike.excuses(failure.started, failure.ended) for strike in strikes)
            for failure in soak.site.journal.failures
        )
        slowest = max(strike.recovered - strike.ended for strike in strikes)
        rows.append((name, f"{len(strikes)}", f"{failed:,}", f"{slowest:.1f} s"))
    rows += [(name, "0", "", f"not tried: {why}") for name, why in soak.skipped.items()]
    heading = ("fault", "times", "failed requests", "healthy again within")
    return _table(heading, rows)


def _sum(numbers: object) -> str:
    return f"{sum(numbers):,}"  # type: ignore[call-overload]


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "\n".join(
        "| " + " | ".join(re.sub(r"\s+", " ", c) for c in line) + " |" for line in lines
    )
