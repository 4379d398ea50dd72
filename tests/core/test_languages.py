"""Every page exists in every language of the site."""

import pytest

from tests.factories import make_article, make_user
from tests.responses import one_line_html
from tests.sitemaps import read_sitemap

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "language", "direction"),
    [("/", "en", "ltr"), ("/zh-hans/", "zh-hans", "ltr"), ("/ar/", "ar", "rtl")],
)
def test_the_url_decides_the_language_and_not_the_browser(visitor, path, language, direction):
    visitor.cookies["django_language"] = "ar"
    response = visitor.get(path, headers={"Accept-Language": "ar"})
    page = one_line_html(response)
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert response.headers["Content-Language"] == language


def test_a_page_links_to_itself_in_every_language(visitor):
    article = make_article(slug="crusher")
    page = one_line_html(visitor.get(f"/ar/news/{article.slug}/"))
    assert '<link rel="canonical" href="http://testserver/ar/news/crusher/">' in page
    for code, prefix in (("en", ""), ("zh-hans", "/zh-hans"), ("ar", "/ar"), ("x-default", "")):
        link = f'hreflang="{code}" href="http://testserver{prefix}/news/crusher/"'
        assert link in page


def test_the_default_language_has_no_prefix(visitor):
    assert visitor.get("/en/").status_code == 404
    assert visitor.get("/fr/").status_code == 404


def test_the_interface_is_in_the_language_of_the_page(visitor):
    make_article(slug="crusher")
    assert "联系" in visitor.get("/zh-hans/contacts/").content.decode()
    assert "أنت هنا" in visitor.get("/ar/news/crusher/").content.decode()


def test_the_admin_is_in_the_language_of_the_browser(as_user):
    client = as_user(make_user("Editors"))
    page = client.get("/admin/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert 'lang="zh-hans"' in page
    assert "新闻" in page


def test_the_sitemap_lists_each_page_in_every_language(visitor):
    make_article(slug="crusher")
    part = read_sitemap(visitor, "news")
    for prefix in ("", "/zh-hans", "/ar"):
        assert f"<loc>http://testserver{prefix}/news/crusher/</loc>" in part
    assert 'hreflang="ar"' in part
