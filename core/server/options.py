"""How granian serves the site, apart from its address and the number of processes and threads."""

from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

DRAIN_TIMEOUT = 30  # seconds in which requests are completed after SIGTERM
MAX_CONNECTIONS = 2048  # of one process; those without a request cost little
HEADER_TIMEOUT = 10_000  # milliseconds in which the headers of a request must arrive
MAX_HEADER_SIZE = 64 * 1024  # bytes, also of what is buffered for a slow client

GRANIAN_OPTIONS: dict[str, Any] = {
    "interface": Interfaces.WSGI,
    # HTTP/1 alone, as a proxy speaks it: detecting the version would wait without a limit.
    "http": HTTPModes.http1,
    "http1_settings": HTTP1Settings(
        header_read_timeout=HEADER_TIMEOUT, max_buffer_size=MAX_HEADER_SIZE
    ),
    "websockets": False,
    "backlog": MAX_CONNECTIONS,
    "backpressure": MAX_CONNECTIONS,
    "respawn_failed_workers": True,
    "workers_kill_timeout": DRAIN_TIMEOUT,
    # Its warnings are about the number of threads, most of which only wait.
    "log_level": LogLevels.error,
}
