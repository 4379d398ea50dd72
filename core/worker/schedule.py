"""Scheduled jobs, each with its own time limit.

A job is a function in an app's module `schedule`, decorated with `@every(...)`. The worker runs
the jobs that are due; for cron, `manage.py run_schedule` runs all of them.

The worker runs each job in a thread. PostgreSQL and `core/time_limits.py` end what it waits for at
its limit. A job that runs on after its limit is reported; it is not started again until it ends.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic

from django.db import connections
from django.utils import timezone

from core.time_limits import time_limit
from core.worker.recording import Recorder

logger = logging.getLogger(__name__)

LIMIT = timedelta(minutes=5)  # unless a job has another one
PATIENCE = 1.0  # seconds until the next job is started beside one that runs
# At once, without those over their limits: the pool has ten connections to the database.
MAX_RUNNING = 8

JobFunction = Callable[[], None]


@dataclass
class Run:
    """A run of a job that has not ended."""

    started_at: datetime = field(default_factory=timezone.now)
    begin: float = field(default_factory=lambda: monotonic())  # by a clock that nobody sets back
    is_reported: bool = False

    @property
    def duration(self) -> timedelta:
        return timedelta(seconds=monotonic() - self.begin)


@dataclass
class Job:
    """A function and its interval; it must be safe to run twice, and on two machines at once."""

    function: JobFunction
    interval: timedelta
    limit: timedelta = LIMIT
    due_at: float = 0  # by the same clock
    thread: Thread | None = field(default=None, init=False)
    current_run: Run | None = field(default=None, init=False)
    recorder: Recorder = field(default_factory=Recorder, init=False)

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"

    @property
    def is_running(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    @property
    def is_overdue(self) -> bool:
        """Whether the job is running longer than its limit."""
        run = self.current_run
        return run is not None and run.duration > self.limit

    def start_if_due(self) -> None:
        """Start the job in a thread if it is due and not running, and wait for it for PATIENCE.

        So short jobs do not compete for the database, and no job delays the others for long.
        """
        if self._take_turn():
            self.thread = Thread(target=self._run_in_thread, name=self.name, daemon=True)
            self.thread.start()
            self.wait(PATIENCE)

    def run_if_due(self) -> None:
        """Run the job if it is due."""
        if self._take_turn():
            self.run()

    def wait(self, timeout: float) -> None:
        """Wait up to `timeout` seconds until the job has ended in its thread."""
        if self.thread is not None:
            self.thread.join(timeout)

    def run(self) -> bool:
        """Run the job now; returns whether it succeeded within its limit. A failure is logged."""
        run, error = Run(), ""
        self.current_run = run
        _close_old_connections()  # so that a new one has the limit
        try:
            with time_limit(self.limit):
                self.function()
        except Exception as raised:  # a failing job must not stop the others
            logger.exception("%s failed.", self.name)
            error = f"{type(raised).__name__}: {raised}"
        self.current_run = None
        duration = run.duration
        if duration > self.limit and not error:
            error = self._report(run)
        _close_old_connections()  # which the limit may have ended
        self.recorder.record(self.name, run.started_at, duration, error)
        return not error

    def report_if_overdue(self) -> None:
        """Log once, and record, that the job is running longer than its limit."""
        run = self.current_run
        if run and self.is_overdue:
            self.recorder.record(self.name, run.started_at, run.duration, self._report(run))

    def _take_turn(self) -> bool:
        """Whether the job is to be started now; it is due again after its interval."""
        now = monotonic()
        if self.is_running or self.due_at > now:
            return False
        self.due_at = now + self.interval.total_seconds()
        return True

    def _run_in_thread(self) -> None:
        try:
            self.run()
        finally:
            connections.close_all()

    def _report(self, run: Run) -> str:
        problem = f"It takes longer than its time limit of {self.limit} (h:mm:ss)."
        if not run.is_reported:
            run.is_reported = True
            logger.error("%s: %s", self.name, problem)
        return problem


jobs: list[Job] = []
# Set when the worker ends; jobs that take long end early then.
is_stopping = Event()


def every(*, limit: timedelta = LIMIT, **interval: float) -> Callable[[JobFunction], JobFunction]:
    """Run the decorated function at an interval: `@every(minutes=1)`.

    `limit` is the time after which a run is reported, and what it waits for is ended.
    """

    def register(function: JobFunction) -> JobFunction:
        jobs.append(Job(function, timedelta(**interval), limit))
        return function

    return register


def run_due(may_go_on: Callable[[], bool] = lambda: True) -> None:
    """Run every job that is due now, one after another, until `may_go_on` returns False."""
    for job in jobs:
        if may_go_on():
            job.run_if_due()


def start_due(may_go_on: Callable[[], bool] = lambda: True) -> None:
    """Start every job that is due now in a thread, until `may_go_on` returns False.

    Those for which there are too many running stay due.
    """
    for job in sorted(jobs, key=lambda job: job.due_at):
        running = sum(other.is_running and not other.is_overdue for other in jobs)
        if running < MAX_RUNNING and may_go_on():
            job.start_if_due()


def stop_jobs(running: Iterable[Job], timeout: float) -> None:
    """Let jobs that are running end, and wait for all of them for `timeout` seconds."""
    is_stopping.set()
    end = monotonic() + timeout
    for job in running:
        job.wait(max(end - monotonic(), 0))
    is_stopping.clear()


def _close_old_connections() -> None:
    """What Django does after each request, but not in the transaction of a test."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
