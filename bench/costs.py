"""`python -m bench.costs`: what a request costs, in milliseconds of a core, and inquiries a second.

On PostgreSQL and Redis with 10,000 articles and inquiries, for the table in `docs/operate.md`. Both
servers must run on this machine. Needs Linux.
"""

import http.client
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import psycopg
import redis

from bench.databases import Storage, analyze, postgresql_and_redis
from bench.load import HEADERS, WrongAnswerError
from bench.report import format_table
from bench.servers import Command, Server, free_port, run, serve
from bench.tradepost import PYTHON, SETTINGS, collect_static

ROWS = {"articles": 10_000, "inquiries": 10_000, "products": 1_000}
CLIENTS = 8
WARM_UP = 64  # requests, so that every thread of every process has answered some
INQUIRIES = 2_000  # of 16 clients, while another one reads pages from the cache
TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = "a" * 32  # Django compares the field of a form with the cookie
FORM_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Cookie": f"csrftoken={TOKEN}",
}
CREATE = """
import json
from django.contrib.auth.models import Group, User
from django.test import Client
from inquiries.form_stamp import new_stamp
from news.models import Article
from products.models import Product
user = User.objects.create_superuser("bench", "bench@example.com", "bench")
user.groups.add(Group.objects.get(name="Managers"))  # is notified of inquiries
client = Client()
client.force_login(user)
print(json.dumps({
    "session": client.cookies["sessionid"].value,
    "articles": list(Article.objects.published().values_list("slug", flat=True)[:200]),
    "products": list(Product.objects.published().values_list("slug", flat=True)[:200]),
    "stamps": [new_stamp() for _ in range(10_000)],
}))
"""


class Request(NamedTuple):
    path: str
    headers: dict[str, str] = {}
    form: dict[str, Any] = {}


class Case(NamedTuple):
    """A kind of request, and how many of them are measured."""

    name: str
    requests: int
    make: Callable[[int], Request]
    is_cached: bool = False


@dataclass(frozen=True)
class Site:
    """A running site, with its database and its cache."""

    server: Server
    storage: Storage

    def cpu(self) -> list[float]:
        """The seconds of processor time that the server, PostgreSQL and Redis have taken."""
        with psycopg.connect(self.storage.tradepost_url) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            backends = [pid for (pid,) in found]
        with redis.Redis.from_url(self.storage.cache_url or "") as client:
            cache = client.info("server")["process_id"]
        return [sum(map(_cpu, each)) for each in (self.server.workers(), backends, [cache])]


class Client:
    """Sends requests over one connection."""

    def __init__(self, site: Site) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(site.server.url).netloc, timeout=60)

    def send(self, request: Request) -> None:
        """Send it and read the response. Raises WrongAnswerError for an unexpected status."""
        headers = HEADERS | request.headers
        method, body = "GET", None
        if request.form:
            method, body = "POST", urlencode(request.form | {"csrfmiddlewaretoken": TOKEN})
            headers |= FORM_HEADERS
        self.connection.request(method, request.path, body, headers)
        with self.connection.getresponse() as response:
            content = response.read()
        if response.status != (302 if request.form else 200):
            raise WrongAnswerError(f"{request.path}: {response.status} {content[:200]!r}")


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tradepost-costs-")))
        storage = stack.enter_context(postgresql_and_redis())
        environment = _environment(folder, storage)
        print("Creating the content", file=sys.stderr)
        collect_static(folder / "static")
        cases = _cases(_create(environment, storage))
        rows = [["request", "server", "PostgreSQL", "Redis"]]
        for page_cache in ("on", "off"):
            with _serve(folder, storage, environment | {"PAGE_CACHE": page_cache}) as site:
                for case in cases:
                    if case.is_cached == (page_cache == "on"):
                        rows.append([case.name, *(f"{each:.2f}" for each in _measure(site, case))])
                        print(*rows[-1], file=sys.stderr)
        with _serve(folder, storage, environment) as site:
            rates = _store_inquiries(site, cases)
    print(format_table(rows))
    print("\nInquiries stored a second, and pages read meanwhile: {:.0f}, {:.0f}".format(*rates))


def _environment(folder: Path, storage: Storage) -> dict[str, str]:
    return SETTINGS | {
        "CACHE_URL": storage.cache_url or "",
        "DATABASE_URL": storage.tradepost_url,
        "DEMO": "on",  # for make_data
        "INQUIRY_RATE": "0/h",
        "MEDIA_ROOT": f"{folder}/media",
        "PRIVATE_ROOT": f"{folder}/private",
        "PROXY_COUNT": "1",
        "STATIC_ROOT": f"{folder}/static",
    }


def _create(environment: dict[str, str], storage: Storage) -> dict[str, Any]:
    """Fill the database; returns what requests need of it."""
    manage: Command = [PYTHON, "manage.py"]
    run([*manage, "migrate", "--verbosity=0"], environment)
    run([*manage, "make_data", *(f"--{each}={n}" for each, n in ROWS.items())], environment)
    created = run([*manage, "shell", "--verbosity=0", "-c", CREATE], environment)
    analyze(storage)
    content: dict[str, Any] = json.loads(created.splitlines()[-1])
    return content


def _cases(content: dict[str, Any]) -> list[Case]:
    articles, products = content["articles"], content["products"]
    stamps = count()

    def page(*paths: str, **headers: str) -> Callable[[int], Request]:
        return lambda number: Request(paths[number % len(paths)], headers)

    def inquiry(number: int) -> Request:
        number = next(stamps)
        form = {
            "stamp": content["stamps"][number],
            "product": products[number % len(products)],
            "quantity": number + 1,
            "message": "What does it cost, and when can you deliver? " * 5,
            "name": f"Buyer {number}",
            "email": f"buyer{number}@example.com",
            "phone": "+49 30 901820",
            "country": ("DE", "KE", "BR", "FR")[number % 4],
        }
        # Few inquiries from one IP address are acknowledged.
        ip_address = f"10.0.{number // 250}.{number % 250 + 1}"
        return Request("/inquiry/", {"X-Forwarded-For": ip_address}, form)

    article_pages = page(*(f"/news/{slug}/" for slug in articles))
    other_pages = page(
        "/", "/news/", "/products/", *(f"/products/{slug}/" for slug in products[:3])
    )
    staff = f"sessionid={content['session']}"
    return [
        Case("article from the page cache, counted", 20_000, article_pages, is_cached=True),
        Case("home, list or product from the page cache", 20_000, other_pages, is_cached=True),
        Case("article, rendered", 1_500, article_pages),
        Case("home, list or product, rendered", 1_500, other_pages),
        Case("inquiry form", 1_000, page("/inquiry/")),
        Case("search", 500, page("/search/?q=crusher", "/search/?q=foundation")),
        Case("inquiry, stored with its e-mails", 1_000, inquiry),
        Case("list of articles in the admin", 200, page("/admin/news/article/", Cookie=staff)),
        Case(
            "list of inquiries in the admin",
            200,
            page("/admin/inquiries/inquiry/", Cookie=staff),
        ),
    ]


@contextmanager
def _serve(folder: Path, storage: Storage, environment: dict[str, str]) -> Iterator[Site]:
    port = free_port()
    environment = environment | {"SITE_URL": f"http://127.0.0.1:{port}"}
    command: Command = [PYTHON, "manage.py", "run_server", f"--port={port}"]
    with serve(command, port, environment, folder / "site.log") as server:
        yield Site(server, storage)


def _measure(site: Site, case: Case) -> Sequence[float]:
    """The milliseconds of processor time that a request takes in each of the servers."""
    _send_all(site, map(case.make, range(max(WARM_UP, case.is_cached * 2_000))))
    before = site.cpu()
    _send_all(site, map(case.make, range(case.requests)))
    spent = zip(before, site.cpu(), strict=True)
    return [(after - earlier) * 1000 / case.requests for earlier, after in spent]


def _send_all(site: Site, requests: Iterator[Request], clients: int = CLIENTS) -> None:
    waiting = list(requests)

    def send_waiting(_: int) -> None:
        client = Client(site)
        while waiting:
            try:
                request = waiting.pop()
            except IndexError:  # another client took the last one
                return
            client.send(request)

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(send_waiting, range(clients)))


def _store_inquiries(site: Site, cases: Sequence[Case]) -> tuple[float, float]:
    """Inquiries and cached pages a second that the site answers at the same time."""
    articles = cases[0].make
    inquiry = next(case.make for case in cases if "stored" in case.name)
    _send_all(site, map(articles, range(2_000)))
    _send_all(site, map(inquiry, range(WARM_UP)))
    ended = threading.Event()
    pages = 0

    def read_pages() -> None:
        nonlocal pages
        client = Client(site)
        while not ended.wait(0.005):  # 200 a second at most: readers, not a race for the cores
            client.send(articles(pages))
            pages += 1

    reader = threading.Thread(target=read_pages)
    reader.start()
    started = time.monotonic()
    try:
        _send_all(site, map(inquiry, range(INQUIRIES)), clients=16)
        seconds = time.monotonic() - started
    finally:
        ended.set()
        reader.join()
    return INQUIRIES / seconds, pages / seconds


def _cpu(pid: int) -> float:
    """The seconds of processor time that a process has taken."""
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / TICKS


if __name__ == "__main__":
    main()
