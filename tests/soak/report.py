"""The figures of a soak as a table, printed and written to docs/reliability.md."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from bench.machine import describe_machine, describe_site
from inquiries.models import Attachment
from tests.soak.checks import SENDERS, count_repeatable, count_repeated
from tests.soak.faults import Strike
from tests.soak.people import People
from tests.soak.site import Site

PAGE = Path(settings.BASE_DIR) / "docs/reliability.md"
MAX_QUIET_LOAD = 1.0
START, END = "<!-- soak -->\n", "<!-- end of soak -->"


class Soak(NamedTuple):
    """A soak that has ended. `load` is that of the machine before it began."""

    site: Site
    people: People
    load: float
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
    machine = f"{describe_machine()}; {', '.join(describe_site())}"
    others = " Other programs kept the machine busy." if soak.load > MAX_QUIET_LOAD else ""
    return f"{date}, {soak.seconds / 60:.0f} minutes, seed {soak.site.seed}; {machine}.{others}"


def _format_load(soak: Soak) -> str:
    site, people, journal = soak.site, soak.people, soak.site.journal
    again, mail = count_repeated(site), site.mail
    rows = [
        ("requests", len(journal.requests), f"{len(journal.requests) / soak.seconds:.0f} a second"),
        ("half, 95 % and 99 % of them within", "", _format_durations(site)),
        ("failed during faults", len(journal.failures), "all tried again"),
        ("inquiries", len(people.buyers), "each stored once"),
        ("of them submitted twice", sum(buyer.submits_twice for buyer in people.buyers), ""),
        (
            "of them sent again",
            sum(buyer.resent for buyer in people.buyers),
            "after a lost connection",
        ),
        ("their files", Attachment.objects.count(), "each stored whole"),
        ("e-mails", len(mail.deliveries), f"each sent once, but {again} again"),
        (
            "may be sent again",
            count_repeatable(site, soak.strikes),
            f"{mail.unconfirmed} that the mail server did not confirm; up to {SENDERS} for each"
            " time that the worker was killed or the database stopped",
        ),
        ("answers", len(people.answers), "each stored and sent once"),
        ("edits", people.edits, "each shown to the next visitor"),
        (
            "page views of the article",
            len(site.views),
            "each counted, but those just before a kill of Redis",
        ),
        ("log-ins", people.log_ins, ""),
        ("bad inputs", people.bad_inputs, "each refused or received, without an error"),
        ("**lost or wrong**", len(soak.problems), "; ".join(soak.problems[:3])),
    ]
    return _table(("what", "number", "result"), rows)


def _format_durations(site: Site) -> str:
    return ", ".join(f"{1000 * site.journal.slowest(p):.0f} ms" for p in (50, 95, 99))


def _format_faults(soak: Soak) -> str:
    rows: list[tuple[object, ...]] = []
    for name in dict.fromkeys(strike.name for strike in soak.strikes):
        strikes = [strike for strike in soak.strikes if strike.name == name]
        failed = sum(
            any(strike.excuses(failure.started, failure.ended) for strike in strikes)
            for failure in soak.site.journal.failures
        )
        slowest = max(strike.recovered - strike.ended for strike in strikes)
        rows.append((name, len(strikes), failed, f"{slowest:.1f} s"))
    rows += [(name, 0, "", f"not tried: {why}") for name, why in soak.skipped.items()]
    return _table(("fault", "times", "failed requests", "all parts work again within"), rows)


def _table(heading: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    cells = [[f"{c:,}" if isinstance(c, int) else str(c) for c in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
