"""Scheduled jobs.

A job is a function in an app's module `schedule`, decorated with `@every(...)`. The worker runs
the jobs that are due; for cron, `manage.py run_schedule` runs all of them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

from django.db import connections
from django.utils import timezone

from core.worker.recording import Recorder

logger = logging.getLogger(__name__)

JobFunction = Callable[[], None]


@dataclass
class Job:
    """A function and its interval; it must be safe to run twice, and on two machines at once."""

    function: JobFunction
    interval: timedelta
    in_background: bool = False
    due_at: float = 0  # by a clock that nobody sets back
    thread: Thread | None = field(default=None, init=False)
    recorder: Recorder = field(default_factory=Recorder, init=False)

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"

    @property
    def is_running(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def run_if_due(self, may_use_threads: bool) -> None:
        """Run the job if it is due; a failure is logged and retried at the next time."""
        now = monotonic()
        if self.is_running or self.due_at > now:
            return
        self.due_at = now + self.interval.total_seconds()
        if self.in_background and may_use_threads:
            self.thread = Thread(target=self._run_in_thread, name=self.name, daemon=True)
            self.thread.start()
        else:
            self.run()

    def _run_in_thread(self) -> None:
        try:
            self.run()
        finally:
            connections.close_all()

    def wait(self, timeout: float) -> None:
        """Wait up to `timeout` seconds until the job has ended in the background."""
        if self.thread is not None:
            self.thread.join(timeout)

    def run(self) -> bool:
        """Run the job now; returns whether it succeeded."""
        started_at, begin, error = timezone.now(), monotonic(), ""
        try:
            self.function()
        except Exception as raised:  # a failing job must not stop the others
            logger.exception("%s failed.", self.name)
            error = f"{type(raised).__name__}: {raised}"
        duration = timedelta(seconds=monotonic() - begin)
        self.recorder.record(self.name, started_at, duration, error)
        return not error


jobs: list[Job] = []
# Set when the worker ends; jobs in the background end early then.
is_stopping = Event()


def every(
    *, in_background: bool = False, **interval: float
) -> Callable[[JobFunction], JobFunction]:
    """Run the decorated function at an interval: `@every(minutes=1)`.

    `in_background` is for a job that takes long: the worker goes on with other work meanwhile.
    """

    def register(function: JobFunction) -> JobFunction:
        jobs.append(Job(function, timedelta(**interval), in_background))
        return function

    return register


def run_due(may_go_on: Callable[[], bool] = lambda: True, *, may_use_threads: bool = False) -> None:
    """Run every job that is due now, until `may_go_on` returns False."""
    for job in jobs:
        if may_go_on():
            job.run_if_due(may_use_threads)


def stop_background_jobs(timeout: float) -> None:
    """Let the jobs in the background end, and wait for them for `timeout` seconds each."""
    is_stopping.set()
    for job in jobs:
        job.wait(timeout)
    is_stopping.clear()
