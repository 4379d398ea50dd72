"""The pages that belong to the whole site."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.views.generic import TemplateView

from tests.factories import BROWSER, make_article, make_company, make_contact, make_product

pytestmark = pytest.mark.django_db

EVERY_PAGE = ["/", "/news/", "/products/", "/contacts/", "/inquiry/", "/site-index/"]


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_page_works_without_any_content(visitor, page):
    assert visitor.get(page).status_code == 200


def test_the_home_page_shows_featured_products_news_and_contacts(visitor):
    make_company(name="Example Machines")
    make_product(name="Jaw crusher", featured=True)
    make_product(name="Not so special")
    make_article(title="Latest news")
    make_contact(name="July")
    page = visitor.get("/").content.decode()
    for text in ("Example Machines", "Jaw crusher", "Latest news", "July"):
        assert text in page
    assert "Not so special" not in page


def test_a_featured_article_comes_first_on_the_home_page(visitor):
    make_article(title="Newest")
    old = timezone.now() - timedelta(days=99)
    make_article(title="Featured", featured=True, publish_time=old)
    page = visitor.get("/").content.decode()
    assert page.index("Featured") < page.index("Newest")


def test_the_site_index_links_to_products_categories_and_articles(visitor):
    product, article = make_product(), make_article()
    page = visitor.get("/site-index/").content.decode()
    for target in (product, product.category, article):
        assert f'href="{target.get_absolute_url()}"' in page


def test_the_site_index_of_a_long_catalogue_has_the_categories_only(visitor, monkeypatch):
    products = [make_product() for _ in range(3)]
    page = visitor.get("/site-index/").content.decode()
    assert all(product.get_absolute_url() in page for product in products)
    monkeypatch.setattr("products.site_index.MAX_PRODUCTS", 2)
    page = visitor.get("/site-index/").content.decode()
    for product in products:
        assert f'"{product.get_absolute_url()}"' not in page
        assert product.category.get_absolute_url() in page


def test_robots_txt_excludes_the_admin_and_links_to_the_sitemap(visitor):
    response = visitor.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    text = response.content.decode()
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


@pytest.mark.parametrize(
    "page",
    [
        "/nothing/",
        "/ar/nothing/",
        "/news/no/such/",
        "/products/%00/",
        "/%00/",
        "/%00/?a=1",
        "/ar/%00%D8%A7/?a=%00",
        "/nothing/?%00=%00",
        "/search/%00/",
        "/news/tag/%00/",
    ],
)
def test_the_404_page_links_to_the_products(visitor, page):
    response = visitor.get(page)
    assert response.status_code == 404
    assert b"/products/" in response.content


@pytest.mark.parametrize(
    "url",
    ["/?p=%00", "/?page_id=%00", "/search/?q=%00", "/products/?q=%00", "/products/?spec=%00",
     "/products/compare/?p=%00", "/inquiry/?product=%00", "/inquiry/basket/?add=%00"],
)  # fmt: skip
def test_a_zero_byte_in_a_parameter_causes_no_error(visitor, url):
    make_product()
    make_article()
    assert visitor.get(url).status_code in {200, 302, 404}


def broken(request):
    raise RuntimeError("something is broken")


urlpatterns = [path("", TemplateView.as_view(template_name="base.html"), name="home"),
               path("broken/", broken)]  # fmt: skip


def test_the_page_for_a_server_error_works_without_middleware_and_hides_the_error(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    response = Client(raise_request_exception=False).get("/broken/")
    assert response.status_code == 500
    assert b"<h1" in response.content
    assert b"something is broken" not in response.content


def test_the_page_for_a_csrf_failure_avoids_technical_terms():
    client = Client(enforce_csrf_checks=True, headers={"User-Agent": BROWSER})
    response = client.post("/inquiry/", {"name": "x"})
    assert response.status_code == 403
    assert b"CSRF" not in response.content
