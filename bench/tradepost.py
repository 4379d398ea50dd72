"""The measured site: this project with its production settings, on plain HTTP."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import article
from bench.databases import Storage
from bench.servers import (
    THREADS,
    WORKERS,
    Command,
    free_port,
    minimal_environment,
    run,
    serve,
    start,
)
from bench.sites import SECONDS, SECONDS_RENDERED, TRADEPOST, UNCACHED, Page, Site

PYTHON = Path(sys.executable)
SETTINGS = minimal_environment() | {
    "ENV_FILE": os.devnull,
    "DEBUG": "off",
    "SECRET_KEY": "for-benchmarks-only-not-for-any-real-site-0123456789-abcdefghijk",
    "EMAIL_URL": "dummymail://",
    "WEB_WORKERS": str(WORKERS),
    "WEB_THREADS": str(THREADS),
}
PAGES = {
    "article": Page(f"/news/{article.slug(article.MEASURED)}/", article.ending(article.MEASURED)),
    "home": Page("/", article.title(0)),
    "news list": Page("/news/", article.title(article.LIST_LENGTH - 1)),
    "product list": Page("/products/", "Jaw crusher 23"),
    "product": Page("/products/jaw-crusher-50/", article.ending(50)),
    "category": Page("/products/category/crushers-0/", "Jaw crusher 95"),
}


def collect_static(folder: Path) -> None:
    """Write the static files, which all of the sites share, to a folder."""
    environment = SETTINGS | {"STATIC_ROOT": str(folder)}
    run([PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity=0"], environment)


@contextmanager
def serve_tradepost(folder: Path, static: Path, storage: Storage) -> Iterator[list[Site]]:
    """Create the site, and serve it twice for the block: as in production and without its cache."""
    environment = SETTINGS | {
        "DATABASE_URL": storage.tradepost_url,
        "MEDIA_ROOT": f"{folder}/media",
        "PRIVATE_ROOT": f"{folder}/private",
        "STATIC_ROOT": str(static),
    }
    if storage.cache_url:
        environment["CACHE_URL"] = storage.cache_url
    run([PYTHON, "-m", "bench.create_content"], environment)
    with ExitStack() as stack:
        sites = [
            stack.enter_context(_serve(name, folder, storage, environment))
            for name in (TRADEPOST, UNCACHED)
        ]
        worker = start([PYTHON, "manage.py", "run_worker"], environment, folder / "worker.log")
        stack.enter_context(worker)
        yield sites


@contextmanager
def _serve(
    name: str, folder: Path, storage: Storage, environment: dict[str, str]
) -> Iterator[Site]:
    port = free_port()
    environment = environment | {
        "PAGE_CACHE": "on" if name == TRADEPOST else "off",
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    command: Command = [PYTHON, "manage.py", "run_server", f"--port={port}"]
    seconds = SECONDS if name == TRADEPOST else SECONDS_RENDERED
    with serve(command, port, environment, folder / f"{port}.log") as server:
        yield Site(name, server, PAGES, storage.name, seconds, is_counted=True)
