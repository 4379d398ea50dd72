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

from core.page_cache import redis, schedule
from news.models import Article
from tests.endurance.changing_site import ChangingSite, Reader, read
from tests.endurance.processes import database_url
from tests.endurance.proxy import Proxy
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


@pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="no network leads to an SQLite database",
)
def test_without_its_database_the_site_serves_the_pages_that_it_has(tmp_path):
    make_company()
    make_article(slug="read")
    database = settings.DATABASES["default"]
    proxy = Proxy(database["HOST"], int(database["PORT"]))
    url = database_url().replace(f":{database['PORT']}/", f":{proxy.port}/")
    with running_server(tmp_path, DATABASE_URL=url, CACHE_URL="") as server:
        pages = {path: read(server, path)[1] for path in ("/news/", "/news/read/", "/news/read/")}
        proxy.cut()
        for path, before in pages.items():
            status, page, _headers = read(server, path)
            assert status == 200
            assert page == before
        assert read(server, "/readyz")[0] == 503
        assert read(server, "/healthz")[0] == 200
        assert read(server, "/products/")[0] == 500, "a page that it does not have"
