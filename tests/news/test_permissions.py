"""What writers and editors may do with articles."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from news.models import Article, PendingChanges
from news.services.organizing import feature_article
from news.services.publishing import publish_article, submit_article, withdraw_article
from tests.factories import make_article, make_user
from tests.news.steps import (
    ADD_URL,
    admin_url,
    edit_article,
    form_data,
    form_errors,
    new_article_data,
)

pytestmark = pytest.mark.django_db

DRAFT, SUBMITTED, PUBLISHED = Article.Status


def test_a_writer_can_write_and_submit_an_article(writer):
    assert writer.post(ADD_URL, new_article_data(writer, status="submitted")).status_code == 302
    article = Article.objects.get()
    assert article.status == SUBMITTED
    assert "Waiting for approval" in writer.get("/admin/news/article/").content.decode()
    assert edit_article(writer, article, title_en="Better").status_code == 302
    assert Article.objects.get().title_en == "Better"


def test_a_writer_cannot_choose_to_publish(writer):
    form = writer.get(ADD_URL).context["adminform"].form
    assert [value for value, _ in form.fields["status"].choices] == ["draft", "submitted"]
    response = writer.post(ADD_URL, new_article_data(writer, status="published"))
    assert "status" in form_errors(response)
    draft = make_article(status=DRAFT)
    assert "status" in form_errors(edit_article(writer, draft, status="published"))
    draft.refresh_from_db()
    assert draft.status == DRAFT


@pytest.mark.parametrize("button", ["_save", "_continue", "_save_draft"])
def test_a_writers_changes_to_a_published_article_become_pending(writer, visitor, button):
    article = make_article(title="As it was")
    edit_article(writer, article, title_en="As it may be", status="draft", **{button: "1"})
    article.refresh_from_db()
    assert (article.title_en, article.status) == ("As it was", PUBLISHED)
    assert PendingChanges.objects.get().content["title_en"] == "As it may be"
    assert "As it was" in visitor.get(article.get_absolute_url()).content.decode()


def test_services_refuse_writers_to_change_published_articles():
    writer, article = make_user("Writers"), make_article()
    draft = make_article(status=DRAFT)
    for forbidden in (
        lambda: publish_article(draft, by=writer),
        lambda: withdraw_article(article, by=writer),
        lambda: submit_article(article, by=writer),
        lambda: feature_article(article, by=writer),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()
    submit_article(draft, by=writer)
    draft.refresh_from_db()
    assert draft.status == SUBMITTED


def test_saving_refuses_a_writer_even_if_the_form_does_not(writer, monkeypatch):
    draft = make_article(status=DRAFT)
    sent = form_data(writer.get(admin_url(draft))) | {"status": "published"}
    monkeypatch.setattr("news.admin.forms.can_publish", lambda user: True)
    assert writer.post(admin_url(draft), sent).status_code == 403
    draft.refresh_from_db()
    assert draft.status == DRAFT


def test_a_writer_cannot_delete_articles(writer):
    article = make_article(status=DRAFT)
    assert writer.post(admin_url(article, "delete"), {"post": "yes"}).status_code == 403
    assert Article.objects.exists()


def test_only_users_who_may_publish_can_delete_published_articles(as_user):
    user = make_user("Writers")
    user.user_permissions.add(Permission.objects.get(codename="delete_article"))
    client, online, draft = as_user(user), make_article(), make_article(status=DRAFT)
    assert client.post(admin_url(online, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(admin_url(draft, "delete"), {"post": "yes"}).status_code == 302
    assert Article.objects.get() == online
