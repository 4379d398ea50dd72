"""The sitemap has every published page once, in parts that are found at once."""

import re
from datetime import timedelta

import pytest
from defusedxml import ElementTree
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import sitemaps
from news import sitemaps as news_sitemaps
from news.models import Article, Category
from tests.factories import make_article, make_page, make_product
from tests.sitemaps import last_part

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def read(visitor, path):
    response = visitor.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml"
    return ElementTree.fromstring(response.content)


def locations(root):
    return [element.text for element in root.iter(f"{NAMESPACE}loc")]


@pytest.fixture
def _small_parts(monkeypatch):
    """Parts of three keys, the first of which is low: PostgreSQL goes on after earlier tests."""
    monkeypatch.setattr(sitemaps, "ROWS_PER_PART", 3)
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(sql)


@pytest.mark.usefixtures("_small_parts")
def test_the_parts_of_the_index_list_every_published_page_once(visitor):
    for number in range(10):
        make_article(slug=f"article-{number}")
    make_article(slug="draft", status=Article.Status.DRAFT)
    make_article(slug="later", publish_time=timezone.now() + timedelta(days=1))
    make_product(slug="pump")
    Category.objects.create(name="Works", slug="works")
    make_page()

    parts = locations(read(visitor, "/sitemap.xml"))
    found = [url for part in parts for url in locations(read(visitor, part))]

    assert len(parts) > 8
    assert len(found) == len(set(found))
    english = [url for url in found if not re.search("/(ar|zh-hans)/", url)]
    assert len(found) == 3 * len(english)
    paths = {url.removeprefix("http://testserver") for url in english}
    assert {p for p in paths if re.fullmatch("/news/[^/]+/", p)} == {
        f"/news/article-{number}/" for number in range(10)
    }
    assert paths >= {
        "/", "/news/", "/products/", "/contacts/", "/inquiry/", "/about/", "/products/pump/",
        "/news/category/works/",
    }  # fmt: skip
    for path in paths:
        assert visitor.get(path).status_code == 200
        assert visitor.get(f"/ar{path}").status_code == 200


def test_each_url_names_the_page_in_all_languages(visitor, settings):
    make_article(slug="crusher")
    urls = list(read(visitor, last_part(visitor, "news")))
    assert urls
    for url in urls:
        assert {link.get("hreflang"): link.get("href") for link in url.iter(LINK)} == {
            "en": "http://testserver/news/crusher/",
            "zh-hans": "http://testserver/zh-hans/news/crusher/",
            "ar": "http://testserver/ar/news/crusher/",
            "x-default": "http://testserver/news/crusher/",
        }


@pytest.mark.usefixtures("_small_parts")
def test_the_index_has_the_time_of_the_last_change_of_a_part(visitor, monkeypatch):
    monkeypatch.setattr(sitemaps, "RECENT_CHANGES", 2)
    articles = [make_article() for _ in range(9)]
    old, new = timezone.now() - timedelta(days=9), timezone.now() - timedelta(hours=1)
    Article.objects.update(publish_time=old, updated_at=old)
    Article.objects.filter(pk=articles[-1].pk).update(publish_time=new)
    Article.objects.filter(pk=articles[0].pk).update(updated_at=new + timedelta(minutes=1))

    times = {
        element.findtext(f"{NAMESPACE}loc"): element.findtext(f"{NAMESPACE}lastmod")
        for element in read(visitor, "/sitemap.xml")
    }
    part_of = {
        article: next(
            url
            for url in times
            if "-news.xml" in url
            and f"http://testserver{article.get_absolute_url()}" in locations(read(visitor, url))
        )
        for article in articles
    }
    assert times[part_of[articles[-1]]] == new.isoformat(timespec="seconds")
    changed = new + timedelta(minutes=1)
    assert times[part_of[articles[0]]] == changed.isoformat(timespec="seconds")
    others = set(part_of.values()) - {part_of[articles[0]], part_of[articles[-1]]}
    assert all(times[part] in {None, old.isoformat(timespec="seconds")} for part in others)


@pytest.mark.parametrize("query", ["0", "-1", "x", "2", "999999999", "9" * 30, "1.5", "", "٢"])
def test_other_parts_are_not_found(visitor, query):
    make_article(pk=1)
    assert visitor.get("/sitemap-news.xml", {"p": query}).status_code == 404
    assert visitor.get("/sitemap-none.xml").status_code == 404


def test_no_row_is_counted_or_skipped(visitor):
    make_article()
    make_product()
    for path in ("/sitemap.xml", "/sitemap-news.xml", "/sitemap-products.xml"):
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(path).status_code == 200
        assert len(queries) <= 12
        for query in queries:
            assert "COUNT(" not in query["sql"]
            assert "OFFSET" not in query["sql"]


def test_google_news_reads_only_the_newest(visitor, monkeypatch):
    monkeypatch.setattr(news_sitemaps, "MAX_GOOGLE_NEWS", 2)
    for hours in (5, 3, 1, 60):
        publish_time = timezone.now() - timedelta(hours=hours)
        make_article(slug=f"hours-{hours}", publish_time=publish_time)
    found = locations(read(visitor, "/sitemap-google-news.xml"))
    assert found == ["http://testserver/news/hours-1/", "http://testserver/news/hours-3/"]


def test_a_part_reads_only_its_own_rows():
    make_article()
    with CaptureQueriesContext(connection) as queries:
        list(news_sitemaps.sections["news"].entries(1))
    [query] = [query["sql"] for query in queries]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {query}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert re.search(r"Index Cond: \(\(id >= 1\) AND \(id < 1001\)\)", plan)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            plan = "\n".join(row[3] for row in cursor.fetchall())
            assert "USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in plan
            assert "TEMP B-TREE" not in plan
