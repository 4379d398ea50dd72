"""The page cache while Redis or the database does not respond."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis as library
from django.conf import settings
from django.db import DatabaseError

from core.page_cache import database, redis, schedule
from core.page_cache.counting import count_view
from core.page_cache.models import ContentChange
from core.page_cache.versions import current_versions, mark_changed, recover_redis
from news.models import Article
from tests.factories import make_article, make_company

needs_redis = pytest.mark.skipif(
    "not settings.CACHES['default']['BACKEND'].endswith('RedisCache')",
    reason="CACHE_URL is not that of a Redis",
)


@pytest.fixture(autouse=True)
def article(db: None) -> Article:
    make_company()
    return make_article(slug="pump", title="A pump", views=7)


@pytest.fixture
def stop_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Callable[[], None]]]:
    """Returns a function that makes Redis unavailable and returns one that makes it available."""
    location = settings.CACHES["default"]["LOCATION"]

    def connect(to: str) -> None:
        monkeypatch.setitem(settings.CACHES["default"], "LOCATION", to)
        redis._connections.clear()

    def stop() -> Callable[[], None]:
        connect("redis://127.0.0.1:1/0")

        def start() -> None:
            connect(location)
            redis._Process.retry_at = 0

        return start

    yield stop
    connect(location)
    redis.retry()


def test_without_a_database_kept_pages_show_the_last_number(site, monkeypatch):
    assert [site.get("/news/pump/").views for _ in range(2)] == [8, 9]

    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(database.process_connection, "fetch_row", fail)
    monkeypatch.setattr(redis, "is_configured", lambda: False)
    assert not site.renders("/news/pump/")
    assert site.get("/news/pump/").views == 9


@pytest.mark.parametrize("has_redis", [False, pytest.param(True, marks=needs_redis)])
def test_without_a_database_pages_that_end_are_shown_on(site, monkeypatch, has_redis):
    if not has_redis:
        monkeypatch.setattr(redis, "is_configured", lambda: False)
    assert [site.get("/news/pump/").views for _ in range(2)] == [8, 9]

    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    def end_pages() -> None:
        for page in site.application.pages._pages.values():
            page.ends_at = 0

    monkeypatch.setattr("news.views.find_article", fail)
    with monkeypatch.context() as outage:
        outage.setattr(database.process_connection, "fetch_row", fail)
        end_pages()
        assert site.get("/news/pump/").views == (10 if has_redis else 9)
        assert not site.renders("/news/pump/"), "not every request waits for the database"
    end_pages()
    assert site.get("/news/pump/").status == 500, "an error is no outage"


@needs_redis
def test_connections_that_redis_has_closed_are_no_outage(site, committed, article, caplog):
    site.get("/news/pump/")
    with ThreadPoolExecutor(4) as pool:  # each of them has a connection, which stays open
        list(pool.map(lambda _number: redis.execute("BLPOP", "nothing", "0.2"), range(4)))
    assert len(redis._connections) > 1
    with library.Redis.from_url(settings.CACHES["default"]["LOCATION"]) as client:
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    assert site.get("/news/pump/").views == 9
    with committed():
        mark_changed("news")
    assert ContentChange.objects.get(tag="news").is_published, "other processes know of it"
    assert site.renders("/news/pump/")
    assert "not responding" not in caplog.text


def test_a_database_that_fails_is_not_asked_again_for_a_second(monkeypatch):
    connection = database.ProcessConnection()
    attempts = []

    def connect() -> None:
        attempts.append(1)
        raise DatabaseError

    monkeypatch.setattr(connection, "_connect", connect)
    for _ in range(5):
        with pytest.raises(DatabaseError):
            connection.fetch_row("SELECT 1", [])
    assert len(attempts) == 2  # the second one in case the connection was only too old


@needs_redis
def test_without_redis_pages_are_current_and_views_counted(site, committed, stop_redis):
    assert site.get("/news/pump/").views == 8
    schedule.exchange()
    stop_redis()
    assert site.get("/news/pump/").views == 9
    assert not site.renders("/news/pump/")
    with committed():
        Article.objects.filter(slug="pump").update(title="New", title_en="New")
    assert "New" in site.get("/news/pump/").text
    assert site.get("/news/pump/").views == 12


@needs_redis
def test_after_redis_is_back_no_page_from_before_is_shown(site, committed, stop_redis, article):
    site.get("/news/pump/")
    start_redis = stop_redis()
    site.get("/news/")  # notices it
    with committed():
        Article.objects.filter(slug="pump").update(title="New", title_en="New")
    assert ContentChange.objects.filter(is_published=False).exists()
    start_redis()
    schedule.exchange()
    page = site.get("/news/pump/")
    assert "New" in page.text
    assert page.views == 9
    assert not ContentChange.objects.filter(is_published=False).exists()


@needs_redis
def test_a_change_right_after_an_outage_reaches_processes_that_use_redis_already(
    committed, stop_redis
):
    before = current_versions(["news"])
    start_redis = stop_redis()
    current_versions(["news"])  # notices it
    start_redis()
    redis._Process.retry_at = float("inf")  # another process tries again earlier
    with committed():
        mark_changed("news")
    assert ContentChange.objects.get(tag="news").is_published
    redis.retry()  # as the other process sees it
    assert current_versions(["news"]) != before


@needs_redis
def test_a_restart_counts_as_a_failure_also_if_this_process_did_not_notice_it(db):
    redis.execute("PING")
    redis._Process.server = b"an earlier run"
    redis._disconnect_idle()
    with pytest.raises(redis.UnavailableError):
        redis.execute("PING")
    recover_redis()
    assert redis.execute("PING")


@needs_redis
def test_views_counted_with_and_without_redis_are_added_up(stop_redis, article):
    for _ in range(3):
        count_view(article)
    start_redis = stop_redis()
    for _ in range(2):
        count_view(article)
    start_redis()
    recover_redis()
    for _ in range(4):
        count_view(article)
    schedule.exchange()
    article.refresh_from_db()
    assert article.views == 7 + 3 + 2 + 4


@needs_redis
def test_counts_that_redis_has_lost_go_on_from_the_database(site, article):
    for _ in range(3):
        site.get("/news/pump/")
    schedule.exchange()
    redis.execute("FLUSHDB")
    assert site.get("/news/pump/").views == 11
    assert site.get("/news/pump/").views == 12


@needs_redis
def test_views_counted_in_redis_reach_the_database_once(site, article):
    for _ in range(5):
        site.get("/news/pump/")
    for _ in range(2):
        schedule.exchange()
        article.refresh_from_db()
        assert article.views == 12
    assert redis.changed_counts(10) == {}


@needs_redis
def test_an_interrupted_transfer_of_views_is_repeated(site, article, monkeypatch):
    for _ in range(5):
        site.get("/news/pump/")

    def fail(counts: object) -> None:
        raise redis.UnavailableError

    with monkeypatch.context() as patch:
        patch.setattr(redis, "forget_changed", fail)
        schedule.exchange()
    site.get("/news/pump/")
    schedule.exchange()
    article.refresh_from_db()
    assert article.views == 13


@needs_redis
def test_a_recovered_article_goes_on_with_its_number(site, committed):
    article = Article.objects.get(slug="pump")
    for _ in range(3):
        site.get("/news/pump/")
    schedule.exchange()
    pk = article.pk
    with committed():
        article.delete()
    assert count_view(make_article(pk=pk, slug="pump", views=10)) == 11


def test_tags_have_independent_versions(committed):
    before = current_versions(["a", "b"])
    with committed():
        mark_changed("a")
    after = current_versions(["a", "b"])
    assert after["a"] != before["a"]
    assert after["b"] == before["b"]


def test_the_package_of_redis_is_not_loaded_without_a_redis(settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(redis, "load_library", lambda: pytest.fail("It takes 7 MB of memory."))
    with pytest.raises(redis.UnavailableError):
        redis.count("news.article:1", start=0, views=1)


@pytest.mark.skipif(redis.is_configured(), reason="has Redis")
def test_without_redis_none_is_tried_again(monkeypatch):
    monkeypatch.setattr(redis._Process, "has_failed", True)
    assert not redis.may_retry()
