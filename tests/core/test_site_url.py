"""Every absolute URL that the site shows or sends begins with SITE_URL."""

import re
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from post_office.models import Email

from inquiries.services import receive_inquiry
from tests.factories import make_article, make_contact, make_page, make_product, make_user
from tests.sitemaps import last_part

pytestmark = pytest.mark.django_db

SITE_URL = "https://www.example.com:8080"
# Not URLs of pages, but names of XML formats and vocabularies.
NAMESPACES = (
    "http://www.w3.org/",
    "http://www.sitemaps.org/",
    "http://www.google.com/schemas/",
    "http://purl.org/",
)


@pytest.fixture(autouse=True)
def other_host(settings: Any) -> None:
    """The row of Django's site and the host of the requests differ from SITE_URL."""
    settings.SITE_URL = SITE_URL
    Site.objects.update(domain="127.0.0.1:8000", name="old.example")
    Site.objects.clear_cache()


@pytest.mark.parametrize(
    "path",
    [
        "/news/feed/",
        "/news/feed/atom/",
        "/ar/news/feed/",
        "/sitemap.xml",
        "/sitemap-pages.xml",
        "/sitemap-news.xml",
        "/sitemap-products.xml",
        "/sitemap-flat-pages.xml",
        "/sitemap-google-news.xml",
        "/robots.txt",
    ],
)
def test_feeds_and_sitemaps_use_only_the_site_url(visitor, path):
    make_article(title="New works", body='<p><a href="/products/">All</a></p>')
    make_product()
    make_page()
    if path in ("/sitemap-news.xml", "/sitemap-products.xml"):
        path = last_part(visitor, path.removeprefix("/sitemap-").removesuffix(".xml"))
    text = visitor.get(path).content.decode()
    found = re.findall(r"https?://[^\s\"'<>]+", text)
    urls = [url for url in found if not url.startswith(NAMESPACES)]
    assert urls
    assert [url for url in urls if not url.startswith(f"{SITE_URL}/")] == []


def test_canonical_links_use_the_site_url(visitor):
    text = visitor.get(make_article(title="New works").get_absolute_url()).content.decode()
    canonical = re.search(r'<link rel="canonical"\s+href="([^"]+)"', text)
    assert canonical[1] == f"{SITE_URL}/news/new-works/"
    assert "127.0.0.1" not in text
    assert "testserver" not in text


@pytest.mark.parametrize("make", [make_article, make_product, make_contact])
def test_view_on_site_uses_the_site_url(as_user, make):
    row = make()
    kind = ContentType.objects.get_for_model(row).pk
    response = as_user(make_user(is_superuser=True)).get(f"/admin/r/{kind}/{row.pk}/")
    assert response.headers["Location"] == SITE_URL + row.get_absolute_url()


def test_emails_use_the_site_url():
    make_user("Managers")
    fields = {"name": "Maria", "email": "maria@example.com", "message": "What does it cost?"}
    inquiry = receive_inquiry(language="en", **fields)
    [email] = Email.objects.all()
    assert f"{SITE_URL}/admin/inquiries/inquiry/{inquiry.pk}/change/" in email.message
    assert inquiry.status_url.startswith(f"{SITE_URL}/inquiry/status/")
