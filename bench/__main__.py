"""`make bench`: compares the site's pages with a Django view that returns a constant.

Two server processes on this machine, an 8 KB article among 1,000, eight clients. The database is a
new SQLite file, or an empty one at DATABASE_URL, which is filled.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time

import django

FOLDER = tempfile.mkdtemp(prefix="tradepost-bench-")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER}/db.sqlite3")
os.environ["WEB_WORKERS"] = "2"
os.environ["MEDIA_ROOT"] = f"{FOLDER}/media"
os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

from bench.content import create_content  # noqa: E402
from bench.load import measure  # noqa: E402

PAGES = {
    "constant view": "/constant",
    "article, counted": "/news/article-500/",
    "list of news": "/news/",
    "product list": "/products/",
    "inquiry form": "/inquiry/",
}


def start_server() -> tuple[subprocess.Popen, int]:
    """Start the production server with two workers; returns it with its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "manage.py", "run_server", f"--port={port}"])  # noqa: S603
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return server, port
        except OSError:
            time.sleep(0.1)
    server.kill()
    sys.exit("The server did not start.")


def main() -> None:
    create_content()
    server, port = start_server()
    try:
        for path in PAGES.values():
            measure(port, path, seconds=1)
        print(f"{'page':<20}{'per second':>12}{'of constant':>14}")
        constant_rate = 0.0
        for name, path in PAGES.items():
            rate = measure(port, path)
            constant_rate = constant_rate or rate
            print(f"{name:<20}{rate:>12.0f}{rate / constant_rate:>14.2f}")
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
