"""A soak from the first request to the report."""

import os
import time
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from traceback import format_exception

from tests.endurance.test_killed_processes import all_emails_are_sent
from tests.soak.checks import find_problems
from tests.soak.faults import FAULTS, FULL_DISK, small_disk, strike_at_random
from tests.soak.people import BUYERS, VISITORS, People
from tests.soak.report import Soak, format_tables, write_page
from tests.soak.services import PostgreSql, Redis
from tests.soak.site import running_site
from tests.waiting import wait_until

STAFF = 3
LOG_SIZE = 20_000  # characters of the log that are printed if something was lost


def run_soak(folder: Path, database: PostgreSql, cache: Redis, options: Namespace) -> int:
    """Returns the exit status: 1 if something was lost."""
    load = os.getloadavg()[0]
    with (
        small_disk() as disk_problem,
        running_site(folder, database, cache, options.seed) as site,
        ThreadPoolExecutor(BUYERS + VISITORS + STAFF) as threads,
    ):
        skipped = {FULL_DISK: disk_problem} if disk_problem else {}
        names = [name for name in FAULTS if options.only in name and name not in skipped]
        people, started = People(site), time.time()
        jobs = people.start(threads)
        try:
            strikes = strike_at_random(site, names, 60 * options.minutes, _report)
        finally:
            site.is_over.set()
        failed = [job.exception() for job in jobs]
        seconds = time.time() - started
        with suppress(AssertionError):  # the checks name those that are not sent
            wait_until(all_emails_are_sent, "all e-mails are sent", every=1)
        problems = ["".join(format_exception(error)) for error in failed if error]
        problems += find_problems(site, people, strikes)
        soak = Soak(site, people, load, seconds, strikes, skipped, problems)
        tables = format_tables(soak)
        if problems:
            print(site.log.read_text()[-LOG_SIZE:])
        print(f"\n{tables}\n", *(f"LOST OR WRONG: {problem}\n" for problem in problems), sep="\n")
        if options.write:
            write_page(tables)
    return int(bool(problems))


def _report(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, flush=True)
