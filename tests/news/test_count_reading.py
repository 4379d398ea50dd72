"""Counting the readings of pages that a content delivery network keeps."""

import re

import pytest

from core.page_cache.schedule import exchange
from news.models import Article
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
URL = "/news/pump/reading/"


@pytest.fixture(autouse=True)
def article(settings) -> Article:
    settings.CDN = True
    return make_article(slug="pump", views=7)


def views() -> int:
    """What the database has after the worker's regular work."""
    exchange()
    return Article.objects.get(slug="pump").views


def test_the_page_is_not_counted_but_its_beacon_and_its_image(visitor):
    page = visitor.get("/news/pump/").content.decode()
    assert views() == 7
    assert f'data-url="{URL}"' in page
    assert re.search(rf'<noscript>\s*<img src="{URL}"', page)
    for method in (visitor.post, visitor.get):
        response = method(URL, headers={"Sec-Fetch-Site": "same-origin"})
        assert response.status_code == 204
        assert "no-store" in response.headers["Cache-Control"]
    assert views() == 9


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"User-Agent": "Googlebot/2.1"},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_other_sites_crawlers_and_prefetches_do_not_count(visitor, headers):
    assert visitor.post(URL, headers=headers).status_code == 204
    assert views() == 7


def test_staff_drafts_and_missing_articles_do_not_count(visitor, as_user):
    assert as_user(make_user("Editors")).post(URL).status_code == 204
    make_article(slug="draft", status="draft")
    for slug in ("draft", "nothing"):
        assert visitor.post(f"/news/{slug}/reading/").status_code == 204
    assert views() == 7
    assert Article.objects.get(slug="draft").views == 0


def test_without_a_network_the_page_itself_counts(visitor, settings):
    settings.CDN = False
    page = visitor.get("/news/pump/").content.decode()
    assert URL not in page
    visitor.post(URL)
    assert views() == 8
