"""The page cache of eight processes: nobody gets an old page or another's, and each view counts."""

import os
import random
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPException, HTTPMessage

import pytest
from django.conf import settings
from django.utils import timezone

from contacts.models import Company, Contact
from core.page_cache import redis, schedule
from news.models import Article, Category
from news.services.publishing import publish_article, save_article, withdraw_article
from products.models import Product
from tests.endurance.processes import database_url
from tests.endurance.proxy import Proxy
from tests.endurance.web_server import WebServer, running_server
from tests.factories import BROWSER, make_article, make_company, make_contact, make_product
from tests.waiting import wait_until

SECONDS = float(os.environ.get("PAGE_CACHE_TEST_SECONDS", "20"))
PROCESSES = 8
READERS = 8

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _other_connection_to_redis():
    """Versions of earlier tests are of no use, and neither is a failure."""
    redis.retry()


class Site:
    """Content whose texts have numbers that only grow, and what was committed last."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = dict.fromkeys(["article", "company", "product"], 0)
        self.hidden_until = 0.0
        self.source = random.Random(5)  # noqa: S311
        self.article = make_article(slug="read", title="article-0.", views=0)
        self.other = make_article(
            slug="other", title="Other", publish_time=timezone.now() - timedelta(days=1)
        )
        self.product = make_product(slug="read", name="product-0.", featured=True)
        make_company(name="company-0.")
        self.category = Category.objects.create(name="News", slug="news")

    def change_title(self, number: int) -> None:
        article = Article.objects.get(slug="read")
        save_article(article, {**article.content, "title_en": f"article-{number}."}, by=None)

    def change_title_in_bulk(self, number: int) -> None:
        title = f"article-{number}."
        Article.objects.filter(slug="read").update(title=title, title_en=title)

    def change_company(self, number: int) -> None:
        company = Company.get_solo()
        company.name = company.name_en = f"company-{number}."
        company.save()

    def change_product(self, number: int) -> None:
        product = Product.objects.get(slug="read")
        product.name = product.name_en = f"product-{number}."
        product.save()

    def change_something_else(self) -> None:
        """Changes that must not bring an old page back."""
        self.source.choice(
            [
                lambda: make_contact(name="Somebody"),
                lambda: Contact.objects.filter(name="Somebody").delete(),
                lambda: make_article(title="Draft", status="draft"),
                lambda: self.article.tags.clear(),
                lambda: withdraw_article(Article.objects.get(slug="other"), by=None),
                lambda: publish_article(Article.objects.get(slug="other"), by=None),
                lambda: self.category.save(),
            ]
        )()

    def change(self) -> None:
        kind, change = self.source.choice(
            [
                ("article", self.change_title),
                ("article", self.change_title_in_bulk),
                ("company", self.change_company),
                ("product", self.change_product),
            ]
        )
        number = self.numbers[kind] + 1
        change(number)
        self.numbers[kind] = number  # from now on, no page may have an earlier one
        self.change_something_else()


PAGES = {
    "/": ("article", "company", "product"),
    "/news/": ("article", "company"),
    "/news/read/": ("article", "company"),
    "/news/other/": ("article", "company"),
    "/products/": ("product", "company"),
    "/products/read/": ("product", "company"),
    "/ar/news/read/": ("article", "company"),
    "/news/feed/": ("article", "company"),
}


def read(server: WebServer, path: str, **headers: str) -> tuple[int, str, HTTPMessage]:
    response = server.send("GET", path, User_Agent=BROWSER, **headers)
    return response.status, response.read().decode(), response.headers


def check_page(server: WebServer, site: Site, source: random.Random) -> None:
    """Read a page in one of several ways; it must not be older than the last answered change."""
    path = source.choice(list(PAGES))
    headers = source.choice(
        [
            {},
            {},
            {"Cookie": "_ga=1; basket=1"},
            {"Cookie": "sessionid=x"},
            {"Accept_Language": "ar"},
        ]
    )
    known = dict(site.numbers)
    status, page, received = read(
        server, f"{path}{source.choice(['', '?utm_source=x'])}", **headers
    )
    if path == "/news/other/" and status == 410:
        return
    assert status == 200, (path, status)
    is_private = "sessionid" in headers.get("Cookie", "")
    assert ("private" in received["Cache-Control"]) == is_private
    assert is_private or "Set-Cookie" not in received
    if not path.endswith("/feed/"):
        assert f'<html lang="{"ar" if path.startswith("/ar/") else "en"}"' in page
    for kind in PAGES[path]:
        shown = [int(number) for number in re.findall(rf"{kind}-(\d+)\.", page)]
        assert shown, f"{path} without {kind}"
        assert min(shown) >= known[kind], f"{path} shows {kind}-{min(shown)}, not {known[kind]}"


def test_no_process_answers_with_an_old_or_foreign_page(tmp_path, capsys):
    site = Site()
    ended = threading.Event()

    def read_pages(seed: int) -> int:
        source, count = random.Random(seed), 0  # noqa: S311
        while not ended.is_set():
            check_page(server, site, source)
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
        shown.append(int(re.search(r"Views: (\d+)", page)[1]))  # type: ignore[index]

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
