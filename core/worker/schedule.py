"""Scheduled jobs.

A job is a function in an app's module `schedule`, decorated with `@every(...)`. The worker runs
the jobs that are due; for cron, `manage.py run_schedule` runs all of them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

logger = logging.getLogger(__name__)

JobFunction = Callable[[], None]


@dataclass
class Job:
    """A function and its interval; it must be safe to run twice, and on two machines at once."""

    function: JobFunction
    interval: timedelta
    due_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"

    def run_if_due(self, now: datetime) -> None:
        """Run the job if it is due; a failure is logged and retried at the next time."""
        if self.due_at is None or self.due_at <= now:
            self.due_at = now + self.interval
            self.run()

    def run(self) -> bool:
        """Run the job now; returns whether it succeeded."""
        try:
            self.function()
        except Exception:  # a failing job must not stop the others
            logger.exception("%s failed.", self.name)
            return False
        return True


jobs: list[Job] = []


def every(**interval: float) -> Callable[[JobFunction], JobFunction]:
    """Run the decorated function at an interval: `@every(minutes=1)`."""

    def register(function: JobFunction) -> JobFunction:
        jobs.append(Job(function, timedelta(**interval)))
        return function

    return register


def run_due(may_go_on: Callable[[], bool] = lambda: True) -> None:
    """Run every job that is due now, until `may_go_on` returns False."""
    now = timezone.now()
    for job in jobs:
        if may_go_on():
            job.run_if_due(now)
