"""The "View on site" link reveals no URL of an object that the user may not see."""

import pytest
from django.contrib.contenttypes.models import ContentType

from news.models import Article
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def shortcut(row, pk: object = None) -> str:
    return f"/admin/r/{ContentType.objects.get_for_model(row).pk}/{pk or row.pk}/"


def test_an_editor_is_redirected_from_the_admin_to_the_article(as_user):
    article = make_article(title="New works")
    client = as_user(make_user("Editors"))
    assert shortcut(article) in client.get(f"/admin/news/article/{article.pk}/change/").text
    response = client.get(shortcut(article))
    assert response.headers["Location"].endswith("/news/new-works/")


@pytest.mark.parametrize("role", ["Sales", ""])
def test_users_who_may_not_see_articles_do_not_learn_the_slug_of_a_draft(as_user, role):
    draft = make_article(title="Secret plans", status=Article.Status.DRAFT)
    response = as_user(make_user(role)).get(shortcut(draft))
    assert response.status_code == 404
    assert "secret-plans" not in response.text


def test_the_page_requires_a_login(client):
    response = client.get(shortcut(make_article(title="Secret plans")))
    assert response.headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("pk", ["0", "x", "999999999999999999999"])
def test_unknown_objects_are_not_found(as_user, pk):
    client = as_user(make_user(is_superuser=True))
    assert client.get(shortcut(make_article(), pk)).status_code == 404
    assert client.get("/admin/r/999999999999999999999/1/").status_code == 404
    model_without_pages = shortcut(ContentType.objects.first())
    assert client.get(model_without_pages).status_code == 404
