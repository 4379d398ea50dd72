"""Daily page views of articles."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.page_cache.counting import count_view
from news.models import Article, DailyViews, TotalViews
from news.queries import find_most_read
from news.services.page_views import (
    aggregate_daily_views,
    recount_total_views,
    update_most_read,
)
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def view(article: Article, times: int) -> None:
    for _ in range(times):
        count_view(article)


def test_views_are_added_to_the_day_once():
    article, other = make_article(views=100), make_article()
    view(article, 3)
    view(other, 1)
    call_command("run_schedule")
    view(article, 2)
    call_command("run_schedule")
    call_command("run_schedule")
    today = timezone.localdate()
    assert dict(DailyViews.objects.values_list("article_id", "views")) == {
        article.pk: 5,
        other.pk: 1,
    }, "earlier views belong to no day"
    assert {row.day for row in DailyViews.objects.all()} == {today}
    assert list(TotalViews.objects.values_list("day", "views")) == [(today, 6)]


def test_views_of_the_next_day_are_added_to_that_day(monkeypatch):
    article = make_article()
    view(article, 3)
    aggregate_daily_views()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    view(article, 4)
    aggregate_daily_views()
    for model in (DailyViews, TotalViews):
        assert model.objects.by_day(3) == [
            (tomorrow.date() - timedelta(days=2), 0),
            (tomorrow.date() - timedelta(days=1), 3),
            (tomorrow.date(), 4),
        ]


def test_the_total_views_of_a_day_can_be_added_up_again():
    today = timezone.localdate()
    for article in (make_article(), make_article()):
        DailyViews.objects.create(article=article, day=today, views=5)
    for _ in range(2):
        recount_total_views()
        assert list(TotalViews.objects.values_list("day", "views")) == [(today, 10)]


def test_the_first_page_of_the_admin_reads_the_total_views(as_user):
    DailyViews.objects.create(article=make_article(), day=timezone.localdate(), views=5)
    editor = as_user(make_user("Editors"))
    with CaptureQueriesContext(connection) as queries:
        editor.get("/admin/")
    assert any('FROM "news_totalviews"' in query["sql"] for query in queries)


def test_the_most_viewed_of_a_week_exclude_earlier_views():
    today = timezone.localdate()
    frequent, rare, old = make_article(), make_article(), make_article()
    DailyViews.objects.create(article=frequent, day=today, views=5)
    DailyViews.objects.create(article=frequent, day=today - timedelta(days=6), views=5)
    DailyViews.objects.create(article=rare, day=today - timedelta(days=1), views=9)
    DailyViews.objects.create(article=old, day=today - timedelta(days=7), views=99)
    assert DailyViews.objects.most_viewed(days=7) == [(frequent.pk, 10), (rare.pk, 9)]


def test_old_days_are_deleted_and_articles_keep_their_total():
    article = make_article(views=50)
    today = timezone.localdate()
    DailyViews.objects.create(article=article, day=today - timedelta(days=500), views=50)
    DailyViews.objects.create(article=article, day=today, views=1)
    call_command("run_schedule")
    assert DailyViews.objects.count() == 1
    article.refresh_from_db()
    assert article.views == 50


def test_more_articles_than_a_batch_are_aggregated(monkeypatch):
    monkeypatch.setattr("news.services.page_views.BATCH_SIZE", 2)
    for _ in range(5):
        view(make_article(), 1)
    assert aggregate_daily_views() == 5
    assert aggregate_daily_views() == 0


def test_the_list_of_news_shows_the_most_read_articles_of_the_week(visitor):
    make_article(title="Unread")
    popular = make_article(title="Popular")
    draft = make_article(title="Withdrawn", status=Article.Status.DRAFT)
    for article in (popular, draft):
        DailyViews.objects.create(article=article, day=timezone.localdate(), views=5)
    update_most_read()
    page = visitor.get("/news/").content.decode()
    block = page[page.index("Most read this week") :]
    assert "Popular" in block
    assert "Unread" not in block
    assert "Withdrawn" not in page


def test_an_editor_sees_daily_views_in_the_form_and_exports_them(as_user):
    article = make_article(title="=1+1", slug="one")
    DailyViews.objects.create(article=article, day=timezone.localdate(), views=7)
    editor = as_user(make_user("Editors"))
    page = editor.get(f"/admin/news/article/{article.pk}/change/").content.decode()
    assert "Views in the last 30 days" in page
    assert f"<title>{timezone.localdate()}: 7</title>" in page
    assert editor.get("/admin/").status_code == 200
    response = editor.get("/admin/news/article/page-views.csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == ["day,slug,title,views", f"{timezone.localdate()},one,'=1+1,7"]
    assert as_user(make_user("Sales")).get("/admin/news/article/page-views.csv").status_code == 403


def test_the_most_read_articles_are_added_up_by_the_worker_and_read_in_one_query(
    django_assert_num_queries,
):
    today = timezone.localdate()
    articles = [make_article() for _ in range(8)]
    for number, article in enumerate(articles):
        for day in range(3):
            DailyViews.objects.create(
                article=article, day=today - timedelta(days=day), views=number + 1
            )
    Article.objects.filter(pk=articles[7].pk).update(status=Article.Status.DRAFT)
    call_command("run_schedule")
    with django_assert_num_queries(1):
        assert list(find_most_read()) == articles[6:1:-1]
    DailyViews.objects.all().delete()
    update_most_read()
    assert not find_most_read()
