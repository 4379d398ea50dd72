"""Services for articles, called without a form."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from core.page_cache.counting import count_view
from news.models import Article, PendingChanges
from news.services.publishing import approve_article, publish_article, save_article, save_draft
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def test_a_draft_of_a_published_article_becomes_pending_changes():
    article, writer = make_article(title="Old"), make_user("Writers")

    save_draft(article, {**article.content, "title_en": "New"}, by=writer)

    article.refresh_from_db()
    assert article.title_en == "Old"
    assert (article.pending.content["title_en"], article.pending.saved_by) == ("New", writer)


def test_approving_publishes_the_pending_changes():
    article, editor = make_article(title="Old"), make_user("Editors")
    save_draft(article, {**article.content, "title_en": "New"}, by=make_user("Writers"))

    approved = approve_article(article, by=editor)

    assert (approved.title_en, approved.status) == ("New", "published")
    assert not PendingChanges.objects.exists()
    version = approved.versions.first()
    assert (version.action_label, version.history_user) == (
        "Unpublished changes published",
        editor,
    )


def test_a_writer_cannot_approve_pending_changes():
    article, writer = make_article(title="Old"), make_user("Writers")
    save_draft(article, {**article.content, "title_en": "New"}, by=writer)

    with pytest.raises(PermissionDenied):
        approve_article(article, by=writer)

    article.refresh_from_db()
    assert article.title_en == "Old"
    assert article.pending


def test_a_command_needs_no_permission():
    assert publish_article(make_article(status="draft"), by=None).is_published


def test_saving_an_outdated_article_keeps_newer_views_and_texts():
    article = make_article(title="Old", views=7)
    count_view(article)
    save_article(article, {**article.content, "title_en": "New"}, by=None)

    saved = publish_article(article, by=make_user("Editors"))

    saved.refresh_from_db()
    assert (saved.title_en, saved.views) == ("New", 8)


def test_users_without_permission_see_no_articles_in_the_admin():
    article = make_article(status="draft")
    assert list(Article.objects.visible_to(make_user("Writers"))) == [article]
    assert not Article.objects.visible_to(make_user("Sales"))
    assert not Article.objects.visible_to(AnonymousUser())
