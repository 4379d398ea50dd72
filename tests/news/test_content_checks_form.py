"""The content checks beside the form of an article."""

import pytest
from django.test import Client
from django.utils import timezone

from news.models import Article
from tests.factories import make_article, make_user, picture_file
from tests.news.steps import admin_url

URL = "/admin/news/article/content-checks/"


def test_the_typed_text_is_checked_and_not_saved(as_user, db):
    client = as_user(make_user("Editors"))
    response = client.post(
        URL, {"title_en": "Dear {{name}}", "body_en": '<a href="/news/x/">x</a>'}
    )
    assert response.status_code == 200
    assert "{{name}}" in response.text
    assert "x → /news/x/" in response.text
    assert "Not translated" in response.text
    assert 'href="#id_title_en"' in response.text
    assert not Article.objects.exists()


def test_a_new_or_stored_cover_is_checked_and_a_cleared_one_is_not(as_user, db):
    client = as_user(make_user("Editors"))
    typed = {"title_en": "A title"}
    message = "The cover image has no alternative text."
    assert message not in client.post(URL, typed).text
    assert message in client.post(URL, typed | {"cover_chosen": "on"}).text
    article = make_article(cover=picture_file())
    assert message in client.post(admin_url(article, "content-checks"), typed).text
    assert (
        message
        not in client.post(admin_url(article, "content-checks"), typed | {"cover-clear": "on"}).text
    )


@pytest.mark.parametrize("pk", ["0", "9" * 40])
def test_an_unknown_article_is_not_found(as_user, db, pk):
    url = f"/admin/news/article/{pk}/content-checks/"
    assert as_user(make_user("Editors")).post(url).status_code == 404


def test_typed_markup_is_escaped(as_user, db):
    response = as_user(make_user("Editors")).post(URL, {"title_en": "<img src=x> {{<script>}}"})
    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text


def test_checks_need_permission_to_write_and_a_post_request(as_user, client, db):
    assert client.post(URL).status_code == 302
    assert as_user(make_user("Sales")).post(URL).status_code == 403
    assert as_user(make_user("Editors")).get(URL).status_code == 405


def test_checks_need_a_csrf_token(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Editors"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(URL).status_code == 403


def test_the_form_shows_the_findings_without_javascript(as_user, db):
    article = make_article(title="The cOne Roadruction", body='<img src="/media/none.jpg">')
    page = as_user(make_user("Editors")).get(f"/admin/news/article/{article.pk}/change/")
    assert "find-and-replace error: cOne Roadruction" in page.text
    assert "1 image has no alternative text." in page.text
    assert "Missing image file" in page.text


def test_findings_do_not_prevent_saving(as_user, db):
    client = as_user(make_user("Editors"))
    page = client.get("/admin/news/article/add/")
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in values.items() if isinstance(value, str)}
    now = timezone.now()
    typed |= {
        "title_en": "TODO {{name}}",
        "publish_time_0": f"{now:%Y-%m-%d}",
        "publish_time_1": f"{now:%H:%M:%S}",
    }
    response = client.post("/admin/news/article/add/", typed)
    assert response.status_code == 302, response.context["errors"]
    assert Article.objects.get().title_en == "TODO {{name}}"
