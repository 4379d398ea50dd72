"""Writing an article in the admin."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Article, Category
from tests.factories import make_article, make_user, picture_file

pytestmark = pytest.mark.django_db

ADD = "/admin/news/article/add/"


def filled_form(**fields):
    now = timezone.localtime()
    return {
        "title_en": "A new crusher",
        "body_en": "<p>It crushes.</p>",
        "author": "Site Editor",
        "origin": "Site",
        "cover_focus": "center",
        "status": "published",
        "publish_time_0": now.date(),
        "publish_time_1": now.strftime("%H:%M:%S"),
        **fields,
    }


def test_a_published_article_is_visible_at_once(editor, visitor):
    response = editor.post(ADD, filled_form(cover=picture_file("JPEG"), cover_alt_en="A crusher"))
    assert response.status_code == 302, response.context["errors"]
    page = visitor.get("/news/a-new-crusher/").content.decode()
    assert "<p>It crushes.</p>" in page
    assert 'alt="A crusher"' in page


def test_author_and_origin_have_default_values(editor):
    form = editor.get(ADD).context["adminform"].form
    assert form["author"].value() == "Site Editor"
    assert form["origin"].value() == "Site"
    assert form["status"].value() == "draft"


def test_an_invalid_form_shows_everything_that_was_typed(editor):
    response = editor.post(
        ADD, filled_form(title_en="", origin_url="not a URL", summary_en="In short")
    )
    form = response.context["adminform"].form
    assert set(form.errors) == {"title_en", "origin_url"}
    assert form["summary_en"].value() == "In short"
    assert form["body_en"].value() == "<p>It crushes.</p>"
    assert not Article.objects.exists()


def test_a_taken_slug_is_an_error_of_its_field(editor):
    make_article(slug="taken")
    response = editor.post(ADD, filled_form(slug="taken"))
    assert "slug" in response.context["adminform"].form.errors


def test_a_slug_is_made_from_a_title_in_any_script():
    assert make_article(title="破碎机 news").slug == "posuiji-news"
    assert make_article(title="Crusher").slug == "crusher"
    assert make_article(title="Crusher").slug == "crusher-2"
    assert make_article(title="!!!").slug == "article"
    assert len(make_article(title="x" * 200).slug) <= 220


def test_a_list_shows_the_start_of_the_text_if_there_is_no_summary(visitor):
    article = make_article(
        body_en=f"<h2>News</h2><p>{'word ' * 100}</p>",
        body_zh_hans=f"<p>{'破碎机' * 100}</p>",
    )
    english = " ".join(visitor.get("/news/").content.decode().split())
    assert "News word word" in english
    assert "word…" in english
    assert "破碎机" * 66 + "破…" in visitor.get("/zh-hans/news/").content.decode()
    article.body_en = "<p>Another text</p>"
    article.save()
    assert "Another text" in visitor.get("/news/").content.decode()
    article.summary_en = "By hand"
    article.save()
    page = visitor.get("/news/").content.decode()
    assert "By hand" in page
    assert "Another text" not in page


def test_a_cover_that_is_not_a_picture_is_refused(editor):
    fake = SimpleUploadedFile("cover.png", b"<html>", content_type="image/png")
    response = editor.post(ADD, filled_form(cover=fake))
    assert "JPEG, PNG, GIF or WebP" in response.context["adminform"].form.errors["cover"][0]


def test_scripts_in_the_text_are_removed_before_saving(editor):
    editor.post(ADD, filled_form(body_en="<p>Good</p><script>bad()</script>"))
    assert Article.objects.get().body == "<p>Good</p>"


def test_the_list_needs_the_same_queries_for_one_article_as_for_many(editor):
    make_article(category=Category.objects.create(name="One"))
    editor.get("/admin/news/article/")
    with CaptureQueriesContext(connection) as one:
        assert editor.get("/admin/news/article/").status_code == 200
    for number in range(20):
        make_article(category=Category.objects.create(name=f"Category {number}"))
    with CaptureQueriesContext(connection) as many:
        response = editor.get("/admin/news/article/")
    assert len(response.context["cl"].result_list) == 21
    assert len(many) == len(one)


def test_the_list_marks_scheduled_articles(editor):
    make_article(title="Tomorrow's", publish_time=timezone.now() + timedelta(days=1))
    assert "Scheduled" in editor.get("/admin/news/article/").content.decode()


@pytest.mark.parametrize("role", ["Managers", "Sales", ""])
def test_only_editors_write_news(as_user, role):
    client = as_user(make_user(role))
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, filled_form()).status_code == 403
    assert not Article.objects.exists()
