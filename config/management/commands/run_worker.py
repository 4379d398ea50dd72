"""`manage.py run_worker`: what the site does beside answering requests."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from post_office.mail import send_queued_mail_until_done

from config import schedule

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
        while True:
            self.work()
            if once or stop.wait(interval):
                return

    def work(self) -> None:
        """One round; a failing database or mail server is logged and met again the next time."""
        try:
            send_queued_mail_until_done()
            schedule.run_due()
        except Exception:
            logger.exception("The worker's round failed; it tries again.")
        finally:
            close_old_connections()
