"""The article's page as a file behind nginx: the fastest way to serve it, which counts nothing."""

import gzip
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import article
from bench.servers import WORKERS, Command, free_port, minimal_environment, run, serve
from bench.sites import NGINX, Page, Site

PAGES = {"article": Page("/", article.ending(article.MEASURED))}
CONFIGURATION = """
{user}
worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
  default_type text/html;
  access_log off;
  gzip_static on;
  sendfile on;
  open_file_cache max=10;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/pages;
  }}
}}
"""


def program() -> str | None:
    """Where nginx is, if it is installed; Debian's is only on the path of root."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def version() -> str:
    found = re.search(r"nginx/([\d.]+)", run([program() or "nginx", "-v"]))
    return found[1] if found else ""


@contextmanager
def serve_file(folder: Path, content: str) -> Iterator[Site]:
    """Serve `content` as a file, compressed in advance, for the block."""
    folder = folder / "nginx"
    pages = folder / "pages"
    pages.mkdir(parents=True)
    (pages / "index.html").write_text(content)
    (pages / "index.html.gz").write_bytes(gzip.compress(content.encode()))
    port = free_port()
    configuration = folder / "nginx.conf"
    # Without it, workers of root's nginx could not read the temporary folder.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(
        CONFIGURATION.format(folder=folder, port=port, user=user, workers=WORKERS)
    )
    command: Command = [program() or "nginx", "-e", "stderr", "-c", configuration, "-p", folder]
    with serve(command, port, minimal_environment(), folder / "nginx.log") as server:
        yield Site(NGINX, server, PAGES)
