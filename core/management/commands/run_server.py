"""`manage.py run_server`: the production web server."""

import ctypes
import gc
import multiprocessing
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application
from django.urls import reverse
from django.utils import translation
from granian import Granian

from core.metrics.folder import folder_for_metrics
from core.page_cache import redis
from core.server.options import GRANIAN_OPTIONS
from core.server.transfers import MAX_BODIES, MAX_DOWNLOADS

# Parameters of glibc's mallopt that take 10 MB less: all threads allocate from one area, for which
# they hardly wait, since one of them runs at a time, and large blocks are given back when freed.
M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -8, -3, -1
MALLOC_OPTIONS = {M_ARENA_MAX: 1, M_MMAP_THRESHOLD: 128 * 1024, M_TRIM_THRESHOLD: 128 * 1024}


class Command(BaseCommand):
    help = "Serve the site with granian until stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument("--uds", type=Path, help="a Unix socket instead of host and port")

    def handle(self, *args: Any, host: str, port: int, uds: Path | None, **options: Any) -> None:
        with folder_for_metrics():
            load_application()
            url = f"unix:{uds}" if uds else f"http://{host}:{port}"
            self.stdout.write(f"Serving {url} with {settings.WEB_WORKERS} processes", ending="\n")
            self.stdout.flush()
            Granian(
                settings.WSGI_APPLICATION.replace(".application", ":application"),
                address=host,
                port=port,
                uds=uds,
                workers=settings.WEB_WORKERS,
                blocking_threads=settings.WEB_THREADS + MAX_BODIES + MAX_DOWNLOADS,
                log_dictconfig=settings.LOGGING,
                **GRANIAN_OPTIONS,
            ).serve()


def load_application() -> None:
    """Load the site once, so that processes forked from this one start at once and share it."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
        with suppress(AttributeError):  # glibc alone has it
            for parameter, value in MALLOC_OPTIONS.items():
                ctypes.CDLL(None).mallopt(parameter, value)
    get_internal_wsgi_application()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("admin:index")  # loads all URLs and texts
    if redis.is_configured():
        redis.load_library()
    gc.collect()
    gc.freeze()  # so that later collections do not write to shared memory
