"""Anonymous pages depend only on their URL, so that a proxy can cache them."""

import pytest

from tests.factories import make_article, make_company, make_contact, make_product

pytestmark = pytest.mark.django_db

PAGES = [
    "/", "/news/", "/news/an-article/", "/news/category/none/", "/products/", "/products/a-pump/",
    "/contacts/", "/site-index/", "/sitemap.xml", "/robots.txt", "/nothing/here/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _site():
    make_company(hotline="+86 1")
    make_contact()
    make_article(slug="an-article")
    make_product(slug="a-pump")


@pytest.mark.parametrize("prefix", ["", "/ar"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_sets_no_cookie_and_varies_on_nothing(visitor, page, prefix):
    if prefix and page.endswith((".xml", ".txt")):
        prefix = ""
    response = visitor.get(prefix + page, headers={"Accept-Language": "zh-hans"})
    assert not response.cookies
    assert "Vary" not in response.headers


def test_only_the_inquiry_form_sets_a_cookie_and_it_is_not_cached(visitor):
    response = visitor.get("/inquiry/")
    assert list(response.cookies) == ["csrftoken"]
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("page", ["/", "/news/an-article/", "/admin/login/"])
def test_headers_forbid_inline_scripts_and_other_hosts(visitor, page):
    headers = visitor.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
