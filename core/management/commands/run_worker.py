"""`manage.py run_worker`: send e-mail and run scheduled jobs beside the web server."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.worker.loop import run_worker, run_worker_once


class Command(BaseCommand):
    help = "Send queued e-mail and run scheduled jobs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="send queued e-mail once and exit (for cron)"
        )
        parser.add_argument(
            "--interval", type=float, default=5, help="polling interval in seconds (default: 5)"
        )

    def handle(self, *args: Any, once: bool, interval: float, **options: Any) -> None:
        if once:
            run_worker_once(report=self._report)
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        run_worker(stop, interval, report=self._report)

    def _report(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()  # a log that is a file or a pipe has it at once
