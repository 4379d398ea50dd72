"""Previews of unpublished articles: from the form, and by a link that expires."""

import re
from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone

from news.models import Article, Tag
from news.preview import preview_url, signer
from tests.factories import BROWSER, make_article, make_user, picture_file
from tests.news.steps import ADD_URL, admin_url, edit_article, form_data

pytestmark = pytest.mark.django_db

NEW = "/admin/news/article/preview/"


def path_of(link: str) -> str:
    return link.removeprefix("http://testserver")


def is_uncached(response) -> bool:
    return (
        "no-store" in response["Cache-Control"]
        and "noindex" in response["X-Robots-Tag"]
        and 'name="robots" content="noindex' in response.content.decode()
    )


# Previews of the form


def test_a_new_article_is_previewed_without_being_saved(editor):
    tag = Tag.objects.create(name="Mining")
    sent = form_data(editor.get(ADD_URL)) | {
        "title_en": "Not saved",
        "body_en": "<p>A text</p><script>bad()</script>",
        "tags": [tag.pk],
        "cover": picture_file("JPEG"),
        "cover_alt_en": "A mill",
    }
    response = editor.post(NEW, sent)
    page = response.content.decode()
    assert response.status_code == 200, page
    assert "Preview" in page
    assert "<h1" in page
    assert "Not saved" in page
    assert "<p>A text</p>" in page
    assert "bad()" not in page
    assert "Mining" in page
    assert re.search(r'<img src="data:image/jpeg;base64,[^"]+" alt="A mill"', page)
    assert is_uncached(response)
    assert not Article.objects.exists()


def test_changes_to_an_article_are_previewed_without_being_saved_or_counted(editor, visitor):
    article = make_article(title="Stored", views=7)
    visitor.get(article.get_absolute_url())
    sent = form_data(editor.get(admin_url(article))) | {"title_en": "Typed"}
    response = editor.post(admin_url(article, "preview"), sent)
    page = response.content.decode()
    assert "Typed" in page
    assert "Stored" not in page
    assert is_uncached(response)
    article.refresh_from_db()
    assert (article.title_en, article.views) == ("Stored", 8)
    assert article.versions.count() == 1


def test_a_preview_is_in_the_requested_language(editor):
    sent = form_data(editor.get(ADD_URL)) | {"title_en": "Mill", "title_ar": "مطحنة"}
    page = editor.post(NEW + "?language=ar", sent)
    assert 'dir="rtl"' in page.content.decode()
    assert "مطحنة" in page.content.decode()
    assert page["Content-Language"] == "ar"
    assert "Mill" in editor.post(NEW + "?language=xx", sent).content.decode()


def test_the_form_has_a_preview_button_for_each_language(editor):
    page = editor.get(ADD_URL).content.decode()
    assert f'formaction="{NEW}?language=en"' in page
    assert f'formaction="{NEW}?language=zh-hans"' in page
    assert 'formtarget="_blank"' in page
    article = make_article()
    assert f'formaction="{admin_url(article, "preview")}?language=ar"' in (
        editor.get(admin_url(article)).content.decode()
    )


def test_an_invalid_form_shows_its_errors_in_place_of_a_preview(editor):
    sent = form_data(editor.get(ADD_URL)) | {"title_en": "", "origin_url": "not a URL"}
    response = editor.post(NEW, sent)
    assert response.status_code == 422
    assert "This field is required." in response.content.decode()
    assert "Enter a valid URL." in response.content.decode()


def test_a_preview_needs_permission_to_write_and_a_csrf_token(as_user, visitor):
    article = make_article()
    for page in (NEW, admin_url(article, "preview")):
        assert as_user(make_user("Sales")).post(page, {}).status_code == 403
        assert "/admin/login/" in visitor.post(page, {}).url
        strict = Client(enforce_csrf_checks=True, headers={"User-Agent": BROWSER})
        strict.force_login(
            make_user("Editors"), backend="django.contrib.auth.backends.ModelBackend"
        )
        assert strict.post(page, {"title_en": "x"}).status_code == 403
        assert strict.get(page).status_code == 405
    editor = as_user(make_user("Editors"))
    assert editor.post("/admin/news/article/999/preview/", {}).status_code == 404


def test_a_writer_can_preview_changes_to_a_published_article(as_user):
    writer = as_user(make_user("Writers"))
    article = make_article(title="Online")
    sent = form_data(writer.get(admin_url(article))) | {"title_en": "Edited"}
    assert "Edited" in writer.post(admin_url(article, "preview"), sent).content.decode()


# Preview links


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "submitted"},
        {"publish_time": timezone.now() + timedelta(days=3)},
    ],
    ids=["draft", "submitted", "scheduled"],
)
def test_the_link_shows_an_unpublished_article_without_an_account(visitor, fields):
    article = make_article(title="Soon to come", **fields)
    response = visitor.get(path_of(preview_url(article)))
    assert response.status_code == 200
    assert "Soon to come" in response.content.decode()
    assert is_uncached(response)
    assert visitor.get("/ar" + path_of(preview_url(article))).status_code == 200
    article.refresh_from_db()
    assert article.views == 0
    assert visitor.get(article.get_absolute_url()).status_code == 404


def test_the_link_shows_pending_changes(editor, visitor):
    tag = Tag.objects.create(name="Mining")
    article = make_article(title="Online")
    edit_article(editor, article, title_en="Waiting text", tags=[tag.pk], _save_draft="1")
    page = visitor.get(path_of(preview_url(article))).content.decode()
    assert "Waiting text" in page
    assert "Mining" in page
    assert "Waiting text" not in visitor.get(article.get_absolute_url()).content.decode()


def test_the_link_of_a_published_article_redirects_to_its_page(visitor):
    article = make_article()
    response = visitor.get(path_of(preview_url(article)))
    assert response.status_code == 302
    assert response.url == article.get_absolute_url()


def test_the_form_shows_the_link_with_its_expiry(editor, visitor):
    article = make_article(title="A draft", status="draft")
    page = editor.get(admin_url(article)).content.decode()
    link = re.search(r'value="(http://testserver/news/preview/[^"]+)"', page)[1]
    assert "A draft" in visitor.get(path_of(link)).content.decode()
    end = timezone.now() + timedelta(days=7)
    assert f"view the preview until {end.day} {end:%B %Y}" in page
    assert "/news/preview/" not in editor.get(admin_url(make_article())).content.decode()
    assert "/news/preview/" not in editor.get(ADD_URL).content.decode()


def test_the_link_expires(visitor, monkeypatch):
    link = path_of(preview_url(make_article(title="A draft", status="draft")))
    made = timezone.now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: made + 7 * 24 * 3600 + 60)
    response = visitor.get(link)
    assert response.status_code == 410
    assert "This link has expired" in response.content.decode()
    assert "A draft" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_link_with_an_invalid_token_is_not_found(visitor):
    article = make_article(status="draft")
    good = signer.sign(str(article.pk))
    other_salt = TimestampSigner(salt="inquiries").sign(str(article.pk))
    for token in ("x", str(article.pk), good[:-1], good + "x", "9" + good, other_salt, "é:1:2"):
        assert visitor.get(f"/news/preview/{token}/").status_code == 404
    gone = path_of(preview_url(article))
    article.delete()
    assert visitor.get(gone).status_code == 404


def test_an_article_can_have_the_slug_preview(visitor):
    assert visitor.get(make_article(slug="preview").get_absolute_url()).status_code == 200
