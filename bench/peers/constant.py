"""A Django view that returns a constant, behind the same server."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import article
from bench.servers import free_port, minimal_environment, serve
from bench.sites import CONSTANT_WITH_MIDDLEWARE, Page, Site

PAGES = {"article": Page("/", article.ending(article.MEASURED))}


@contextmanager
def serve_constant(name: str, folder: Path) -> Iterator[Site]:
    """Serve the view for the block: alone, or with the middleware that a new project has."""
    port = free_port()
    application = "bench.peers.constant_wsgi:application"
    command = [sys.executable, "-m", "bench.peers.serve", application, str(port)]
    middleware = "on" if name == CONSTANT_WITH_MIDDLEWARE else "off"
    environment = minimal_environment() | {"BENCH_MIDDLEWARE": middleware}
    with serve(command, port, environment, folder / f"{port}.log") as server:
        yield Site(name, server, PAGES)
