"""The old URLs of a page redirect to its current one."""

import pytest
from django.contrib.redirects.models import Redirect

from news.models import Article
from tests.factories import make_article, make_product

pytestmark = pytest.mark.django_db


def rename(page, slug: str):
    page = type(page).objects.get(pk=page.pk)
    page.slug = slug
    page.save()
    return page


@pytest.mark.parametrize("prefix", ["", "/zh-hans", "/ar"])
@pytest.mark.parametrize("make", [make_article, make_product])
def test_an_old_url_redirects_in_every_language(visitor, make, prefix):
    page = rename(make(slug="old"), "new")
    folder = page.get_absolute_url().removesuffix("new/")
    response = visitor.get(f"{prefix}{folder}old/")
    assert response.status_code == 301
    assert response.headers["Location"] == f"{prefix}{folder}new/"
    assert visitor.get(response.headers["Location"]).status_code == 200


def test_a_missing_slash_and_parameters_need_only_one_redirect(visitor):
    rename(make_article(slug="old"), "new")
    assert visitor.get("/news/old").headers["Location"] == "/news/new/"
    response = visitor.get("/news/old/?utm_source=mail&page=2")
    assert response.status_code == 301
    assert response.headers["Location"] == "/news/new/?utm_source=mail&page=2"
    assert visitor.get("/news/old?a=1").headers["Location"] == "/news/new/?a=1"


def test_a_chain_of_redirects_is_collapsed(visitor):
    article = rename(rename(make_article(slug="a"), "b"), "c")
    for old in ("a", "b"):
        assert visitor.get(f"/news/{old}/").headers["Location"] == "/news/c/"
    rename(article, "a")
    assert visitor.get("/news/a/").status_code == 200, "the old URL is used again"
    for old in ("b", "c"):
        assert visitor.get(f"/news/{old}/").headers["Location"] == "/news/a/"


def test_a_url_that_another_page_has_now_shows_that_page(visitor):
    rename(make_article(slug="old"), "new")
    other = make_article(slug="old", title="The other one")
    assert "The other one" in visitor.get(other.get_absolute_url()).content.decode()


def test_saving_without_a_change_adds_no_redirect():
    article = make_article(slug="same")
    Article.objects.get(pk=article.pk).save()
    Article.objects.only("title").get(pk=article.pk).save(update_fields=["title"])
    assert not Redirect.objects.exists()


def test_an_unknown_url_is_still_not_found(visitor):
    assert visitor.get("/news/never/?a=1").status_code == 404
    assert visitor.get("/news/never", follow=True).status_code == 404
