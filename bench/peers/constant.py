"""A Django view that returns a constant, behind the same server."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import article
from bench.servers import free_port, minimal_environment, serve
from bench.sites import CONSTANT, Page, Site

PAGES = {"article": Page("/", article.ending(article.MEASURED))}


@contextmanager
def serve_constant(folder: Path) -> Iterator[Site]:
    port = free_port()
    application = "bench.peers.constant_wsgi:application"
    command = [sys.executable, "-m", "bench.peers.serve", application, str(port)]
    with serve(command, port, minimal_environment(), folder / f"{port}.log") as server:
        yield Site(CONSTANT, server, PAGES)
