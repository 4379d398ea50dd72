"""Actions on many articles at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from news.admin import actions
from news.models import Article, Category
from news.services.publishing import publish_article
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/news/article/"
ACTIONS = ["publish", "withdraw", "feature", "unfeature", "move_to_category"]


def run_action(client, action, *articles, **fields):
    data = {"action": action, "_selected_action": [each.pk for each in articles], **fields}
    return client.post(LIST, data, follow=True)


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_selected_articles_are_published_and_counted(editor, visitor):
    drafts = [make_article(status="draft") for _ in range(3)]
    online = make_article()
    response = run_action(editor, "publish", *drafts, online)
    assert "3 articles published." in messages_of(response)
    assert "1 article was not changed." in messages_of(response)
    for article in drafts:
        assert visitor.get(article.get_absolute_url()).status_code == 200
        version = article.versions.first()
        assert (version.action_label, version.history_user.username) == ("Published", "ed")


def test_selected_articles_are_withdrawn(editor, visitor):
    online, draft = make_article(), make_article(status="draft")
    scheduled = make_article(publish_time=timezone.now() + timedelta(days=1))
    response = run_action(editor, "withdraw", online, draft, scheduled)
    assert "2 articles unpublished." in messages_of(response)
    assert visitor.get(online.get_absolute_url()).status_code == 410
    assert visitor.get(scheduled.get_absolute_url()).status_code == 404
    assert not Article.objects.filter(status="published").exists()


def test_selected_articles_are_featured_and_unfeatured(editor):
    articles = [make_article() for _ in range(2)]
    assert "2 articles marked as featured." in messages_of(run_action(editor, "feature", *articles))
    assert Article.objects.filter(featured=True).count() == 2
    assert "1 article removed from featured." in messages_of(
        run_action(editor, "unfeature", articles[0])
    )
    assert Article.objects.get(featured=True) == articles[1]
    assert "1 article was not changed." in messages_of(run_action(editor, "unfeature", articles[0]))


def test_selected_articles_are_moved_to_a_category(editor):
    category = Category.objects.create(name="Fairs")
    articles = [make_article(), make_article(status="draft")]
    response = run_action(editor, "move_to_category", *articles, category=category.pk)
    assert "2 articles moved to Fairs." in messages_of(response)
    assert Article.objects.filter(category=category).count() == 2


@pytest.mark.parametrize("category", ["", "0", "999999", "nonsense"])
def test_moving_requires_an_existing_category(editor, category):
    article = make_article()
    response = run_action(editor, "move_to_category", article, category=category)
    assert messages_of(response) == ["Select the category to move the articles to."]
    assert article.versions.count() == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_a_writer_has_no_bulk_actions(as_user, action):
    category = Category.objects.create(name="Fairs")
    writer = as_user(make_user("Writers"))
    online, draft = make_article(), make_article(status="draft")
    page = writer.get(LIST).content.decode()
    assert f'value="{action}"' not in page
    run_action(writer, action, online, draft, category=category.pk)
    online.refresh_from_db()
    draft.refresh_from_db()
    assert (online.status, draft.status) == ("published", "draft")
    assert not Article.objects.filter(featured=True).exists()
    assert not Article.objects.filter(category=category).exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_too_many_selected_articles_are_refused(editor, monkeypatch, action):
    monkeypatch.setattr(actions, "MAX_ARTICLES", 2)
    category = Category.objects.create(name="Fairs")
    articles = [make_article(status="draft") for _ in range(3)]
    response = run_action(editor, action, *articles, category=category.pk, select_across="1")
    assert messages_of(response) == ["Select at most 2 articles at a time."]
    assert all(article.versions.count() == 1 for article in articles)


def test_a_failed_action_changes_no_article(editor, monkeypatch):
    articles = [make_article(status="draft") for _ in range(2)]

    def fail(article, by):
        if article.pk == articles[-1].pk:
            raise ValueError
        publish_article(article, by=by)

    monkeypatch.setattr(actions, "publish_article", fail)
    with pytest.raises(ValueError):  # noqa: PT011
        run_action(editor, "publish", *articles)
    assert not Article.objects.filter(status="published").exists()
