"""Reads from a replica of the database: a second connection to the test database."""

import logging
import runpy
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, connections, models, router
from django.test.utils import CaptureQueriesContext

from core import replica
from core.page_cache.views import RENDERING, Rendering
from core.prepared_queries import prepared
from core.spreadsheets.work import do_waiting_jobs
from inquiries.statistics.dashboard import InquiryDashboard
from news.models import Article
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db(databases=["default", "replica"])


@pytest.fixture(scope="module", autouse=True)
def _replica(django_db_setup: None) -> Iterator[None]:
    """A second connection to the test database; it does not see what a test has not committed."""
    copy = connections.settings["replica"] = deepcopy(connection.settings_dict)
    copy["TEST"]["MIRROR"] = "default"
    if connection.vendor == "sqlite":
        copy["OPTIONS"]["transaction_mode"] = "DEFERRED"  # the test's transaction is the writer
    yield
    connections["replica"].close()
    if connection.vendor == "postgresql":
        connections["replica"].close_pool()
    del connections["replica"], connections.settings["replica"]


@pytest.fixture(autouse=True)
def _reset_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica._Outage, "ends", 0.0)


@pytest.fixture
def queries(db: None) -> Iterator[CaptureQueriesContext]:
    """The queries that the replica answers."""
    with CaptureQueriesContext(connections["replica"]) as queries:
        yield queries


@pytest.fixture
def _dead_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError

    monkeypatch.setattr(connections["replica"], "ensure_connection", fail)


@pytest.mark.parametrize(
    "path",
    [
        "/search/?q=crusher",
        "/news/feed/",
        "/news/feed/atom/",
        "/sitemap.xml",
        "/sitemap-news.xml",
        "/sitemap-google-news.xml",
    ],
)
def test_searches_feeds_and_sitemaps_are_read_from_the_replica(visitor, queries, path):
    with CaptureQueriesContext(connection) as others:
        assert visitor.get(path).status_code == 200
    assert len(queries)
    tables = ("news_article", "search_searchentry")
    assert not [each["sql"] for each in others if any(table in each["sql"] for table in tables)]


def test_statistics_are_read_from_the_replica(as_user, queries):
    dashboard = InquiryDashboard(make_user("Managers", is_superuser=True))
    assert dashboard.statistics.answer_times == []
    assert "inquiries_inquiry" in str(queries.captured_queries)
    before = len(queries)
    staff = as_user(dashboard.user)
    assert staff.get("/admin/").status_code == 200
    assert len(queries) > before
    export = staff.get("/admin/news/article/page-views.csv")
    assert b"".join(export).startswith(b"\xef\xbb\xbfday,")
    assert "news_dailyviews" in queries.captured_queries[-1]["sql"]


def test_a_long_export_is_read_from_the_replica(as_user, queries, monkeypatch):
    monkeypatch.setattr("core.spreadsheets.admin.MAX_IMMEDIATE_ROWS", 0)
    make_article()
    staff = as_user(make_user(is_superuser=True))
    page = staff.post("/admin/news/article/export/", {"format": "0", "resource": "0"}).url
    before = len(queries)
    do_waiting_jobs()
    assert "Download" in staff.get(page).content.decode()
    assert "news_article" in str(queries.captured_queries[before:])


@pytest.mark.parametrize("path", ["/", "/news/", "/news/article/", "/products/", "/inquiry/"])
def test_all_other_pages_are_read_from_the_main_database(visitor, queries, path):
    make_article(slug="article")
    assert visitor.get(path).status_code == 200
    assert not len(queries)


def test_what_a_page_cache_stores_is_never_read_from_the_replica(visitor, queries):
    make_article(title="Crusher")
    page = visitor.get("/news/feed/", **{RENDERING: Rendering()})
    assert "Crusher" in page.content.decode()
    assert not len(queries)


def test_a_change_of_what_was_read_from_the_replica_goes_to_the_main_database(queries):
    article = make_article()
    article._state.db = "replica"
    article.title = "Changed"
    article.save()
    with replica.replica_reads():
        Article.objects.filter(pk=article.pk).update(author="Mei")
    assert not [each for each in queries if not each["sql"].startswith("SELECT")]
    article = Article.objects.get(pk=article.pk)
    assert (article.title, article.author) == ("Changed", "Mei")


def test_a_replica_is_not_migrated(queries):
    assert not router.allow_migrate_model("replica", Article)
    assert router.allow_migrate_model("default", Article)


@pytest.mark.usefixtures("_dead_replica")
def test_the_main_database_is_read_while_the_replica_does_not_answer(visitor, monkeypatch, caplog):
    make_article(title="A new crusher")
    with caplog.at_level(logging.ERROR, "core.replica"):
        for _ in range(3):
            assert "A new" in visitor.get("/search/?q=crusher").content.decode()
    assert len(caplog.records) == 1, "it is not tried for every query"
    monkeypatch.setattr(replica._Outage, "ends", 0.0)
    visitor.get("/search/?q=crusher")
    assert len(caplog.records) == 2, "it is tried again"


def test_without_a_replica_everything_is_read_from_the_main_database(monkeypatch):
    monkeypatch.delitem(connections.settings, "replica")
    with replica.replica_reads():
        assert router.db_for_read(Article) == "default"


def read_settings(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    databases: dict[str, Any] = runpy.run_path("config/settings.py")["DATABASES"]
    return databases


def test_the_replica_is_a_setting(monkeypatch):
    main = "postgres://tradepost:secret@127.0.0.1/tradepost"
    assert list(read_settings(monkeypatch, DATABASE_URL=main)) == ["default"]
    copy = main.replace("127.0.0.1", "127.0.0.2")
    databases = read_settings(monkeypatch, DATABASE_URL=main, DATABASE_REPLICA_URL=copy)
    assert databases["replica"]["HOST"] == "127.0.0.2"
    timeouts = [databases[name]["OPTIONS"]["pool"]["timeout"] for name in ("replica", "default")]
    assert timeouts[0] < timeouts[1], "the main database is read soon"


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite:////tmp/copy.sqlite3"])
def test_a_replica_of_another_kind_is_refused(monkeypatch, url):
    main = "postgres://tradepost:secret@127.0.0.1/tradepost"
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_REPLICA_URL must .*\.$"):
        read_settings(monkeypatch, DATABASE_URL=main, DATABASE_REPLICA_URL=url)


def test_a_prepared_query_is_routed_each_time(
    queries: CaptureQueriesContext,
) -> None:
    @prepared(slug=models.CharField())
    def find(slug: Any) -> Any:
        return Article.objects.filter(slug=slug)

    assert not find(slug="one")
    assert len(queries) == 0
    with replica.replica_reads():
        assert not find(slug="one")
        assert not find(slug="one").count_up_to(1)
    assert len(queries) == 2
    assert not find(slug="one")
    assert len(queries) == 2
