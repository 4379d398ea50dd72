"""The production server as a process, and slow clients."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from tests.endurance.processes import Process, database_url
from tests.smtp_server import free_port

TIMEOUT = 60  # seconds


class WebServer:
    """A running server with its processes."""

    def __init__(self, process: Process, port: int) -> None:
        self.process, self.port = process, port

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> bytes:
        """The content of a response. Raises OSError if the server does not answer."""
        response = self.send(method, path, body, **headers)
        content = response.read()
        assert response.status == 200, f"{response.status} for {path}: {content[:200]!r}"
        return content

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HTTPResponse:
        """The response to a request, before its content is read."""
        client = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        client.request(method, path, body, names)
        return client.getresponse()

    def connect(self, request: str, buffer: int | None = None) -> socket.socket:
        """A connection on which `request` was sent, with a small `buffer` for the response."""
        client = socket.socket()
        if buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.connect(("127.0.0.1", self.port))
        client.sendall(request.replace("\n", "\r\n").encode())
        return client

    def workers(self) -> list[int]:
        """The process ids of the server's children."""
        parent = self.process.process.pid
        return [
            int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        ]

    def memory(self) -> int:
        """The megabytes that the largest process holds in memory (resident)."""
        pages = max(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.workers()
        )
        return pages * os.sysconf("SC_PAGE_SIZE") // 1024**2

    def proportional_memory(self) -> int:
        """The same, with what several processes share divided by their number."""
        reports = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.workers()]
        kilobytes = [int(report.partition("\nPss:")[2].split()[0]) for report in reports]
        return max(kilobytes) // 1024

    def stop(self) -> None:
        self.process.process.send_signal(signal.SIGTERM)


@contextmanager
def running_server(folder: Path, workers: int = 1, **variables: str) -> Iterator[WebServer]:
    """A server with the content of this process's database."""
    port = free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.endurance.server_settings",
        "DATABASE_URL": database_url(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "WEB_WORKERS": str(workers),
        "WEB_THREADS": "4",
    }
    process = Process(
        "python",
        "manage.py",
        "run_server",
        f"--port={port}",
        environment=environment | variables,
        log=folder / "server.log",
    )
    with process:
        server = WebServer(process, port)
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                server.request("GET", "/readyz")
                break
            except OSError:
                assert time.monotonic() < deadline, process.log.read_text()
                time.sleep(0.1)
        yield server
