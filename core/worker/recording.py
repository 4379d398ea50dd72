"""Recording when the jobs ran, for those who run the site."""

import logging
from datetime import datetime, timedelta
from socket import gethostname
from time import monotonic

from core.time_limits import time_limit
from core.worker.models import JobRun

INTERVAL = 60.0  # seconds; some jobs run every few seconds
MAX_ERROR_LENGTH = 1000  # characters
LIMIT = timedelta(seconds=10)

logger = logging.getLogger(__name__)


class Recorder:
    """Records the runs of one job in this process, at most once in INTERVAL.

    The first failure after a success, and the first success after that, are recorded at once.
    """

    def __init__(self) -> None:
        self._has_failed = False
        self._recorded_at: float | None = None

    def record(self, job: str, started_at: datetime, duration: timedelta, error: str) -> None:
        """Record a run; `error` is empty if it succeeded.

        A database that fails is logged: the worker goes on.
        """
        now, has_failed = monotonic(), bool(error)
        is_recorded = self._recorded_at is not None and now < self._recorded_at + INTERVAL
        if is_recorded and has_failed == self._has_failed:
            return
        self._recorded_at, self._has_failed = now, has_failed
        try:
            with time_limit(LIMIT):
                _store(job, started_at, duration, error)
        except Exception as failure:
            logger.warning("The run of %s cannot be recorded: %s", job, failure)


def _store(job: str, started_at: datetime, duration: timedelta, error: str) -> None:
    run = JobRun(job=job, machine=gethostname(), started_at=started_at, duration=duration)
    changed = ["machine", "started_at", "duration"]
    if error:
        run.failed_at, run.error = started_at, error[:MAX_ERROR_LENGTH]
        changed += ["failed_at", "error"]
    JobRun.objects.bulk_create(
        [run], update_conflicts=True, unique_fields=["job"], update_fields=changed
    )
