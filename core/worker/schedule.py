"""What the site does by itself from time to time.

Each app names its work in a module `schedule`, with `@every(...)`. The worker does what is due;
`manage.py run_schedule` does it from cron instead.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

logger = logging.getLogger(__name__)

Work = Callable[[], None]


@dataclass
class Job:
    """Work and how often it is done. It must be able to run twice, and on two machines at once."""

    work: Work
    interval: timedelta
    due_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.work.__module__}.{self.work.__name__}"

    def run_if_due(self, now: datetime) -> None:
        """Do the work when its time has come; what fails is logged and tried again next time."""
        if self.due_at is None or self.due_at <= now:
            self.due_at = now + self.interval
            self.run()

    def run(self) -> bool:
        """Do the work now; returns whether it was done."""
        try:
            self.work()
        except Exception:  # one job's failure must not hold up the others
            logger.exception("%s failed.", self.name)
            return False
        return True


jobs: list[Job] = []


def every(**interval: float) -> Callable[[Work], Work]:
    """Have the decorated function done again and again: `@every(minutes=1)`."""

    def register(work: Work) -> Work:
        jobs.append(Job(work, timedelta(**interval)))
        return work

    return register


def run_due() -> None:
    """Do all that is due now."""
    now = timezone.now()
    for job in jobs:
        job.run_if_due(now)
