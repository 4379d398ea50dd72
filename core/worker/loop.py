"""The loop of the worker."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from time import monotonic

from django.db import close_old_connections

from core.worker import schedule
from core.worker.lock import WorkerLock, worker_lock
from core.worker.sending import send_emails

logger = logging.getLogger(__name__)

STANDBY_INTERVAL = 2.0  # seconds after which a waiting worker tries to take over
STOPPING_TIME = 10.0  # seconds for running jobs to reach a point where they can end
SENDING_TIME = 300.0  # seconds; the other e-mails follow in the next run
SENDING_LIMIT = timedelta(minutes=10)  # a few time-outs of a mail server later
WAITING = "Another worker is active. This one takes over when that one ends."


def run_worker(stop: Event, interval: float, report: Callable[[str], object]) -> None:
    """Work every `interval` seconds until `stop` is set, if this is the site's active worker.

    While another one is active it waits to take over, and calls `report` with a message.
    """
    with worker_lock() as lock:

        def may_go_on() -> bool:
            return not stop.is_set() and lock.is_held()

        sending = _sending_job(may_go_on)
        was_active = True
        while not stop.is_set():
            is_active = _acquire(lock)
            if is_active:
                sending.start_if_due()
                with _retried():
                    schedule.start_due(may_go_on)
                sending.start_if_due()
            elif was_active:
                report(WAITING)
            with _retried():
                for job in (sending, *schedule.jobs):
                    job.report_if_overdue()
            was_active = is_active
            stop.wait(interval if is_active else min(interval, STANDBY_INTERVAL))
        schedule.stop_jobs((sending, *schedule.jobs), timeout=STOPPING_TIME)


def run_worker_once(report: Callable[[str], object]) -> None:
    """Work once, or call `report` with a message if another worker is active."""
    with worker_lock() as lock:
        if _acquire(lock):
            run_once(lock.is_held)
        else:
            report(WAITING)


def run_once(may_go_on: Callable[[], bool]) -> None:
    """Send e-mail and run the jobs that are due, until `may_go_on` returns False.

    Failures are logged and retried next time.
    """
    sending = _sending_job(may_go_on)
    sending.run()
    with _retried():
        schedule.run_due(may_go_on)
    sending.run()


def _sending_job(may_go_on: Callable[[], bool]) -> schedule.Job:
    def send() -> None:
        end = monotonic() + SENDING_TIME
        send_emails(lambda: may_go_on() and monotonic() < end)

    return schedule.Job(send, timedelta(0), SENDING_LIMIT)


@contextmanager
def _retried() -> Iterator[None]:
    """Log an error, since the worker goes on."""
    try:
        yield
    except Exception:
        logger.exception("The worker failed and will retry.")
    finally:
        close_old_connections()


def _acquire(lock: WorkerLock) -> bool:
    try:
        return lock.acquire()
    except Exception:  # the database does not answer
        logger.exception("The worker cannot take its lock and will retry.")
        return False
