"""The page cache of eight processes: nobody gets an old page or another's, and each view counts."""

import os
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest
from django.conf import settings
from django.utils.html import escape

from core.page_cache import redis, schedule
from inquiries.models import Inquiry
from news.models import Article
from tests.endurance.changing_site import ChangingSite, Reader, read
from tests.endurance.processes import database_url
from tests.endurance.proxy import Proxy
from tests.endurance.visitors import HOST, Visitor
from tests.endurance.web_server import running_server
from tests.factories import make_article, make_company
from tests.waiting import wait_until

SECONDS = float(os.environ.get("PAGE_CACHE_TEST_SECONDS", "20"))
PROCESSES = 8
READERS = 8

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _other_connection_to_redis():
    """Versions of earlier tests are of no use, and neither is a failure."""
    redis.retry()


def test_no_process_answers_with_an_old_or_foreign_page(tmp_path, capsys):
    site = ChangingSite(tmp_path)
    ended = threading.Event()

    def read_pages(seed: int) -> int:
        reader, count = Reader(server, site, seed), 0
        while not ended.is_set():
            reader.read_something()
            count += 1
        return count

    with (
        running_server(tmp_path, workers=PROCESSES, **cache_url()) as server,
        ThreadPoolExecutor(READERS) as pool,
    ):
        readers = [pool.submit(read_pages, seed) for seed in range(READERS)]
        deadline = time.monotonic() + SECONDS
        try:
            while time.monotonic() < deadline and not any(reader.done() for reader in readers):
                site.change()
                time.sleep(site.source.random() * 0.2)
        finally:
            ended.set()
        pages = sum(reader.result() for reader in readers)
    changes = sum(site.numbers.values())
    assert changes > 10
    with capsys.disabled():
        print(f"\n{pages} pages of {PROCESSES} processes during {changes} changes: none was old")


def test_each_view_counts_once_though_processes_are_killed(tmp_path, capsys):
    make_company()
    make_article(slug="read")
    shown: list[int] = []
    failed: list[Exception] = []

    def read_article(_number: int) -> None:
        try:
            status, page, _headers = read(server, "/news/read/")
        except (OSError, HTTPException) as error:
            failed.append(error)
            return
        assert status == 200
        [number] = re.findall(r"Views: (\d+)", page)
        shown.append(int(number))

    with (
        running_server(tmp_path, workers=4, **cache_url()) as server,
        ThreadPoolExecutor(READERS) as pool,
    ):
        for _round in range(5):
            answers = pool.map(read_article, range(400))
            time.sleep(0.1)
            os.kill(server.workers()[0], signal.SIGKILL)
            list(answers)
            wait_until(lambda: len(server.workers()) == 4, "all processes run again")
    schedule.exchange()
    counted = Article.objects.get(slug="read").views
    assert len(shown) == len(set(shown)), "each reader sees another number"
    assert len(shown) <= counted <= len(shown) + len(failed)
    assert max(shown) <= counted
    with capsys.disabled():
        print(f"\n{len(shown)} views shown, {counted} counted, {len(failed)} connections lost")


def test_many_requests_for_a_new_page_render_it_once_in_each_process(tmp_path):
    make_company()
    make_article(slug="read")
    with running_server(tmp_path, **cache_url()) as server, ThreadPoolExecutor(32) as pool:
        read(server, "/contacts/")
        pages = list(pool.map(lambda _number: read(server, "/news/read/"), range(64)))
        assert {status for status, _page, _headers in pages} == {200}
        dates = {headers["Last-Modified"] for _status, _page, headers in pages}
        assert len(dates) == 1, "all have the page of one rendering"


def cache_url() -> dict[str, str]:
    """The Redis of the tests, if they use one."""
    return {"CACHE_URL": settings.CACHES["default"]["LOCATION"] if redis.is_configured() else ""}


@pytest.fixture
def proxy():
    """A connection to the database that can be cut."""
    database = settings.DATABASES["default"]
    proxy = Proxy(database["HOST"], int(database["PORT"]))
    yield proxy
    proxy.cut()


@pytest.fixture
def server(tmp_path, proxy):
    """A server that reaches its database through the proxy."""
    make_company()
    make_article(slug="read")
    port = settings.DATABASES["default"]["PORT"]
    url = database_url().replace(f":{port}/", f":{proxy.port}/")
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.endurance.settings",
        "DATABASE_URL": url,
        "CACHE_URL": "",
        "ALLOWED_HOSTS": f"127.0.0.1,{HOST}",
    }
    with running_server(tmp_path, **variables) as server:
        yield server


needs_network = pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="no network leads to an SQLite database",
)


@needs_network
def test_without_its_database_the_site_serves_the_pages_that_it_has(server, proxy):
    pages = {path: read(server, path)[1] for path in ("/news/", "/news/read/", "/news/read/")}
    proxy.cut()
    for path, before in pages.items():
        status, page, _headers = read(server, path)
        assert status == 200
        assert page == before
    assert read(server, "/readyz")[0] == 503
    assert read(server, "/healthz")[0] == 200
    assert read(server, "/products/")[0] == 500, "a page that it does not have"


@needs_network
def test_many_requests_without_the_database_fail_together_and_no_inquiry_is_lost(server, proxy):
    buyer = Visitor()
    buyer.session.headers["Sec-Fetch-Site"] = "same-origin"
    typed = {"message": "Two <jaw> crushers.", "name": "Maria", "email": "maria@example.com"}
    form = buyer.get(server, "/inquiry/")
    proxy.cut()
    began = time.monotonic()
    with ThreadPoolExecutor(32) as pool:
        others = [pool.submit(read, server, f"/search/?q={number}") for number in range(30)]
        sent = pool.submit(buyer.submit, form, server, **typed)
        assert read(server, "/healthz")[0] == 200
        refused = sent.result()
        assert {other.result()[0] for other in others} == {500}
    # One thread after the other would wait for eight time-outs.
    timeout = settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"]
    assert time.monotonic() - began < 3 * timeout
    assert refused.status == 500
    assert escape(typed["message"]) in refused.html
    proxy.restore()
    wait_until(lambda: read(server, "/readyz")[0] == 200, "the site has its database again")
    assert buyer.submit(refused, server, message=typed["message"]).status == 200
    assert Inquiry.objects.get().message == typed["message"]
