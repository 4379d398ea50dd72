"""Changes that wait for approval while visitors read the published text."""

import pytest

from news.models import Article, PendingChanges, Tag
from news.services.pending_changes import store_pending_changes
from news.services.publishing import withdraw_article
from tests.factories import make_article, make_user, picture_file
from tests.news.steps import (
    admin_url,
    edit_article,
)

pytestmark = pytest.mark.django_db

DRAFT = Article.Status.DRAFT


def test_pending_changes_are_hidden_until_they_are_published(editor, visitor):
    article = make_article(title="Old", body="<p>Old text</p>", views=5)
    response = edit_article(
        editor, article, title_en="New", body_en="<p>New text</p>", _save_draft="1"
    )
    assert response.status_code == 302
    page = visitor.get(article.get_absolute_url()).content.decode()
    assert "Old text" in page
    assert "New text" not in page

    form = editor.get(admin_url(article))
    text = form.content.decode()
    assert "The published article has not changed" in text
    assert "Publish changes" in text
    assert "Discard changes" in text
    assert form.context["adminform"].form["title_en"].value() == "New"
    assert (
        "Unpublished changes" in editor.get("/admin/news/article/?state=waiting").content.decode()
    )

    assert edit_article(editor, article).status_code == 302  # unchanged
    assert not PendingChanges.objects.exists()
    assert "New text" in visitor.get(article.get_absolute_url()).content.decode()
    article.refresh_from_db()
    assert article.views == 7


def test_pending_changes_can_be_discarded(editor, visitor):
    article = make_article(title="Old")
    edit_article(editor, article, title_en="New", _save_draft="1")
    assert editor.get(admin_url(article, "discard")).status_code == 405
    assert editor.post(admin_url(article, "discard")).status_code == 302
    assert not PendingChanges.objects.exists()
    assert editor.get(admin_url(article)).context["adminform"].form["title_en"].value() == "Old"
    assert editor.post("/admin/news/article/99/discard/").status_code == 404


def test_tags_and_a_new_cover_can_be_pending(editor):
    article, tag = make_article(), Tag.objects.create(name="Mining")
    edit_article(editor, article, tags=[tag.pk], cover=picture_file("JPEG"), _save_draft="1")
    article.refresh_from_db()
    assert not article.cover
    assert not article.tags.exists()
    assert edit_article(editor, article).status_code == 302
    article.refresh_from_db()
    assert article.cover.storage.exists(article.cover.name)
    assert article.cover_width == 640
    assert list(article.tags.all()) == [tag]


def test_newer_pending_changes_replace_older_ones(editor, writer):
    article = make_article()
    edit_article(editor, article, title_en="First", _save_draft="1")
    edit_article(writer, article, title_en="Second")
    assert PendingChanges.objects.get().content["title_en"] == "Second"
    assert PendingChanges.objects.get().saved_by.username == "wri"


def test_changes_to_a_draft_are_never_pending(editor):
    article = make_article(status=DRAFT)
    edit_article(editor, article, title_en="New", _save_draft="1")
    assert not PendingChanges.objects.exists()
    article.refresh_from_db()
    assert article.title_en == "New"


def test_withdrawing_an_article_applies_its_pending_changes(editor):
    article = make_article(title="Old")
    edit_article(editor, article, title_en="New", _save_draft="1")
    article = Article.objects.get()
    withdraw_article(article, by=make_user("Editors"))
    article.refresh_from_db()
    assert article.title_en == "New"
    assert not PendingChanges.objects.exists()


def test_scripts_in_pending_changes_are_removed(editor, visitor):
    article = make_article()
    edit_article(editor, article, body_en="<p>Good</p><script>bad()</script>", _save_draft="1")
    edit_article(editor, article)
    article.refresh_from_db()
    assert article.body_en == "<p>Good</p>"


ATTACK = "<p>Good</p><script>bad()</script><img src=x onerror=bad()>"


def test_pending_changes_are_stored_cleaned(editor):
    article = make_article()
    edit_article(editor, article, body_en=ATTACK, body_ar=ATTACK, _save_draft="1")
    content = PendingChanges.objects.get().content
    assert content["body_en"] == content["body_ar"] == "<p>Good</p>"
    content = {**article.content, "body_en": ATTACK}
    assert store_pending_changes(article, content, by=None).content["body_en"] == "<p>Good</p>"


def test_pending_changes_that_were_stored_by_other_rules_are_cleaned_in_the_form(editor):
    article = make_article()
    edit_article(editor, article, title_en="New", _save_draft="1")
    pending = PendingChanges.objects.get()
    PendingChanges.objects.update(content={**pending.content, "body_en": ATTACK})
    form = editor.get(admin_url(article))
    assert form.context["adminform"].form["body_en"].value() == "<p>Good</p>"
    assert "bad()" not in form.content.decode()


def test_a_form_with_errors_is_shown_again_with_cleaned_text(editor):
    article = make_article()
    response = edit_article(editor, article, title_en="", body_en=ATTACK)
    assert response.status_code == 200
    assert "bad()" not in response.content.decode()
