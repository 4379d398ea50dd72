"""`manage.py run_server`: the production web server."""

import gc
import multiprocessing
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application
from django.urls import reverse
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from core.server.transfers import MAX_BODIES, MAX_DOWNLOADS

DRAIN_TIMEOUT = 30  # seconds in which requests are completed after SIGTERM
MAX_CONNECTIONS = 2048  # of one process; those without a request cost little
HEADER_TIMEOUT = 10_000  # milliseconds in which the headers of a request must arrive
MAX_HEADER_SIZE = 64 * 1024  # bytes, also of what is buffered for a slow client


class Command(BaseCommand):
    help = "Serve the site with granian until stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument("--uds", type=Path, help="a Unix socket instead of host and port")

    def handle(self, *args: Any, host: str, port: int, uds: Path | None, **options: Any) -> None:
        load_application()
        url = f"unix:{uds}" if uds else f"http://{host}:{port}"
        self.stdout.write(f"Serving {url} with {settings.WEB_WORKERS} processes", ending="\n")
        self.stdout.flush()
        Granian(
            settings.WSGI_APPLICATION.replace(".application", ":application"),
            address=host,
            port=port,
            uds=uds,
            interface=Interfaces.WSGI,
            # HTTP/1 alone, as a proxy speaks it: detecting the version would wait without a limit.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=HEADER_TIMEOUT, max_buffer_size=MAX_HEADER_SIZE
            ),
            websockets=False,
            workers=settings.WEB_WORKERS,
            blocking_threads=settings.WEB_THREADS + MAX_BODIES + MAX_DOWNLOADS,
            backlog=MAX_CONNECTIONS,
            backpressure=MAX_CONNECTIONS,
            respawn_failed_workers=True,
            workers_kill_timeout=DRAIN_TIMEOUT,
            # Its warnings are about the number of threads, most of which only wait.
            log_level=LogLevels.error,
        ).serve()


def load_application() -> None:
    """Load the site once, so that processes forked from this one start at once and share it."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
    get_internal_wsgi_application()
    reverse("admin:index")  # loads all URLs
    gc.collect()
    gc.freeze()  # so that later collections do not write to shared memory
