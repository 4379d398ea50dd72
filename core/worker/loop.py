"""The loop of the worker."""

import logging
from collections.abc import Callable
from threading import Event

from django.db import close_old_connections
from post_office.mail import send_queued

from core.worker import schedule
from core.worker.lock import acquire_lock, lock_path

logger = logging.getLogger(__name__)


def run_worker(stop: Event, interval: float, report: Callable[[str], object]) -> None:
    """Call `run_once` every `interval` seconds until `stop` is set, but at least once.

    While another worker of the site runs on this machine, calls `report` with a message instead.
    """
    with lock_path().open("w") as file:
        while True:
            if acquire_lock(file):
                run_once()
            else:
                report("Another worker is already running on this machine.")
            if stop.wait(interval):
                return


def run_once() -> None:
    """Send e-mail and run the jobs that are due; failures are logged and retried next time."""
    try:
        send_emails()
        schedule.run_due()
        send_emails()
    except Exception:
        logger.exception("The worker failed and will retry.")
    finally:
        close_old_connections()


def send_emails() -> None:
    """Send the queued e-mails, batch by batch."""
    while any(send_queued()):
        pass
