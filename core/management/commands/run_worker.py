"""`manage.py run_worker`: what the site does beside answering requests."""

import fcntl
import hashlib
import logging
import signal
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from post_office.mail import send_queued

from core.worker import schedule

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send mail as it comes in, and do the site's regular work, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="send what is there now, then stop; for cron"
        )
        parser.add_argument(
            "--interval", type=float, default=5, help="seconds between two looks (default: 5)"
        )

    def handle(self, *args: Any, once: bool, interval: float, **options: Any) -> None:
        stop = threading.Event()
        if not once:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
        with lock_path().open("w") as file:
            while True:
                if lock(file):
                    self.work()
                else:
                    self.stdout.write("Another worker of this site runs on this machine.")
                if once or stop.wait(interval):
                    return

    def work(self) -> None:
        """One round; a failing database or mail server is logged and met again the next time."""
        try:
            send_all()
            schedule.run_due()
            send_all()
        except Exception:
            logger.exception("The worker's round failed; it tries again.")
        finally:
            close_old_connections()


def send_all() -> None:
    """Send what waits in the outbox, one batch after the other."""
    while any(send_queued()):
        pass


def lock_path() -> Path:
    """The file by which the workers of one site on one machine know of each other."""
    database = connection.settings_dict
    site = hashlib.sha256(f"{database['HOST']}/{database['NAME']}".encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"tradepost-worker-{site}.lock")


def lock(file: IO[str]) -> bool:
    """Whether this process is the one worker; the kernel frees the lock of a process that ends.

    Two would send a message twice. The outbox's own lock goes by process numbers, and one left
    behind by a killed worker would keep all mail back as soon as its number is given anew.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
