"""A Wagtail site with the same articles, in its own environment."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from bench import article
from bench.databases import Storage
from bench.servers import FILES, ROOT, Command, free_port, minimal_environment, run, serve
from bench.sites import SECONDS_RENDERED, WAGTAIL, Page, Site

PROJECT = "bench.peers.wagtail_site"
REQUIREMENTS = ROOT / "bench/peers/requirements/wagtail.txt"
ENVIRONMENT = FILES / "wagtail"
PYTHON = ENVIRONMENT / "bin/python"
PAGES = {
    "article": Page(f"/{article.slug(article.MEASURED)}/", article.ending(article.MEASURED)),
    "news list": Page("/", article.title(article.LIST_LENGTH - 1)),
}


def install() -> None:
    """Install the pinned Wagtail into `.bench/wagtail`, unless it is there already."""
    mark = ENVIRONMENT / "installed"
    pins = sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == pins:
        return
    mark.unlink(missing_ok=True)
    run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT])
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([PYTHON, "-m", "pip", "install", *options, "--requirement", REQUIREMENTS])
    mark.write_text(pins)


def version() -> str:
    return run([PYTHON, "-c", "import wagtail; print(wagtail.__version__)"]).strip()


@contextmanager
def serve_wagtail(folder: Path, storage: Storage) -> Iterator[Site]:
    """Create the site and serve it for the block; needs `install` first."""
    environment = minimal_environment() | {
        "DATABASE_URL": storage.wagtail_url,
        "DJANGO_SETTINGS_MODULE": f"{PROJECT}.settings",
        "PYTHONPATH": str(ROOT),
        "STATIC_ROOT": f"{folder}/wagtail-static",
    }
    if storage.cache_url:
        environment["CACHE_URL"] = storage.cache_url
    run([PYTHON, "-m", f"{PROJECT}.create_content"], environment)
    run([PYTHON, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"], environment)
    port = free_port()
    application = f"{PROJECT}.wsgi:application"
    command: Command = [PYTHON, "-m", "bench.peers.serve", application, str(port)]
    with serve(command, port, environment, folder / f"{port}.log") as server:
        yield Site(WAGTAIL, server, PAGES, storage.name, SECONDS_RENDERED)
