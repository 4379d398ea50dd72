"""From draft to published, expired or withdrawn."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from news.models import Article
from news.services.publishing import publish_article, withdraw_article
from tests.factories import make_article, make_user
from tests.news.steps import (
    ADD_URL,
    edit_article,
    form_errors,
    new_article_data,
)
from tests.sitemaps import last_part

pytestmark = pytest.mark.django_db

DRAFT, SUBMITTED, PUBLISHED = Article.Status
HOUR = timedelta(hours=1)


def test_an_expired_article_disappears_from_every_page(visitor, monkeypatch):
    now = timezone.now()
    article = make_article(title="Only today", publish_time=now - HOUR, expire_time=now + HOUR)
    pages = ["/", "/news/", "/news/feed/", "/site-index/", last_part(visitor, "news")]
    assert all("only-today" in visitor.get(page).content.decode() for page in pages)
    later = now + 2 * HOUR
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert visitor.get(article.get_absolute_url()).status_code == 410
    assert not any("only-today" in visitor.get(page).content.decode() for page in pages)


def test_a_withdrawn_article_gets_status_410(visitor, editor):
    article = make_article(title="Once public")
    withdraw_article(article, by=make_user("Editors"))
    response = visitor.get(article.get_absolute_url())
    assert response.status_code == 410
    page = response.content.decode()
    assert "no longer available" in page
    assert "noindex" in page
    assert 'href="/news/"' in page
    assert "Once public" not in page
    assert visitor.get("/ar" + article.get_absolute_url()).status_code == 410


@pytest.mark.parametrize(
    "fields",
    [
        {"status": DRAFT},
        {"status": SUBMITTED},
        {"publish_time": datetime(2999, 1, 1, tzinfo=UTC)},
        {"status": DRAFT, "expire_time": datetime(2021, 1, 1, tzinfo=UTC),
         "publish_time": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "submitted", "scheduled", "an expired draft"],
)  # fmt: skip
def test_an_article_that_was_never_public_is_not_found(visitor, fields):
    assert visitor.get(make_article(**fields).get_absolute_url()).status_code == 404


def test_a_scheduled_article_that_is_withdrawn_was_never_public(visitor):
    article = make_article(publish_time=timezone.now() + HOUR)
    article = withdraw_article(article, by=make_user("Editors"))
    assert article.state == "draft"
    assert visitor.get(article.get_absolute_url()).status_code == 404


def test_a_withdrawn_article_can_be_published_again(visitor):
    article, editor = make_article(), make_user("Editors")
    article = withdraw_article(article, by=editor)
    assert article.state == "withdrawn"
    article = publish_article(article, by=editor)
    assert article.withdrawn_at is None
    assert visitor.get(article.get_absolute_url()).status_code == 200


def test_an_article_withdrawn_in_the_form_gets_status_410(editor, visitor):
    article = make_article()
    assert edit_article(editor, article, status="draft").status_code == 302
    assert visitor.get(article.get_absolute_url()).status_code == 410


def test_an_expired_article_that_is_withdrawn_still_gets_status_410(visitor):
    now = timezone.now()
    article = make_article(publish_time=now - 2 * HOUR, expire_time=now - HOUR)
    article = withdraw_article(article, by=make_user("Editors"))
    assert article.state == "withdrawn"
    assert visitor.get(article.get_absolute_url()).status_code == 410


def test_publishing_an_expired_article_removes_its_expire_time(visitor):
    now = timezone.now()
    article = make_article(publish_time=now - 2 * HOUR, expire_time=now - HOUR)
    publish_article(article, by=make_user("Editors"))
    assert visitor.get(article.get_absolute_url()).status_code == 200


def test_an_expire_time_before_the_publish_time_is_an_error_of_its_field(editor):
    response = editor.post(
        ADD_URL, new_article_data(editor, expire_time_0="2020-01-01", expire_time_1="00:00:00")
    )
    assert list(form_errors(response)) == ["expire_time"]
    assert "cannot expire before" in form_errors(response)["expire_time"][0]
    assert not Article.objects.exists()


def test_the_database_refuses_an_expire_time_before_the_publish_time():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(expire_time=datetime(2000, 1, 1, tzinfo=UTC))


def test_form_and_database_refuse_an_unknown_status(editor):
    assert "status" in form_errors(editor.post(ADD_URL, new_article_data(editor, status="secret")))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(status="secret")


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("Draft", {"status": DRAFT}),
        ("Waiting for approval", {"status": SUBMITTED}),
        ("Scheduled", {"publish_time": datetime(2999, 1, 1, tzinfo=UTC)}),
        ("Published", {}),
        ("Expired", {"publish_time": datetime(2020, 1, 1, tzinfo=UTC),
                     "expire_time": datetime(2021, 1, 1, tzinfo=UTC)}),
        ("Unpublished", {"status": DRAFT, "withdrawn_at": datetime(2021, 1, 1, tzinfo=UTC)}),
    ],
)  # fmt: skip
def test_the_list_shows_and_filters_every_state(editor, state, fields):
    article = make_article(**fields)
    for other in (DRAFT, SUBMITTED, PUBLISHED):
        make_article(status=other, title="Another")
    key = article.state
    found = editor.get(f"/admin/news/article/?state={key}").context["cl"].result_list
    assert article in found
    assert {each.state.label for each in found} == {state}
