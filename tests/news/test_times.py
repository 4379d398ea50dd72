"""The publish time and other times of an article, and their time zone."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from news.models import Article
from tests.factories import make_article
from tests.news.steps import (
    ADD_URL,
    edit_article,
    form_errors,
    new_article_data,
)
from tests.sitemaps import read_sitemap

pytestmark = pytest.mark.django_db


def test_times_are_shown_with_their_time_zone(editor, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    make_article(
        publish_time=datetime(2026, 3, 2, 20, 0, tzinfo=UTC),
        expire_time=datetime(2999, 3, 2, 20, 0, tzinfo=UTC),
    )
    form = editor.get(ADD_URL).content.decode()
    assert form.count('<span class="time-zone">Asia/Shanghai</span>') == 3
    page = editor.get("/admin/news/article/").content.decode()
    assert "Publish time (Asia/Shanghai)" in page
    assert "3 March 2026, 04:00" in page
    assert "until 3 March 2999, 04:00" in page


def test_times_are_entered_in_the_time_zone_of_the_server_by_default(editor, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    editor.post(
        ADD_URL, new_article_data(editor, publish_time_0="2026-03-03", publish_time_1="04:00:00")
    )
    assert Article.objects.get().publish_time == datetime(2026, 3, 2, 20, tzinfo=UTC)


def test_saving_a_scheduled_article_shows_when_it_will_be_published(editor, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    moment = {"publish_time_0": "2999-12-03", "publish_time_1": "09:00:00"}
    message = "Scheduled for 3 December 2999, 09:00 (Asia/Shanghai)"
    data = new_article_data(editor, **moment, status="published", _continue="")
    response = editor.post(ADD_URL, data, follow=True)
    article = Article.objects.get()
    assert message in response.content.decode()
    assert response.redirect_chain[-1][0] == f"/admin/news/article/{article.pk}/change/"
    response = edit_article(editor, article, title_en="Other")
    assert response.url == "/admin/news/article/"
    page = editor.get(response.url).content.decode()
    assert message in page
    assert "was changed successfully" not in page


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns"])
def test_saving_never_changes_a_time(editor, settings, zone):
    settings.TIME_ZONE = zone
    moments = {
        "publish_time": datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC),
        "expire_time": datetime(2999, 10, 25, 23, 30, 1, 654321, tzinfo=UTC),
        "source_time": datetime(2021, 3, 2, 9, 2, 31, 1, tzinfo=UTC),
    }
    article = make_article(**moments)
    for number in range(3):
        assert edit_article(editor, article, title_en=f"Title {number}").status_code == 302
        assert edit_article(editor, article).status_code == 302
    article.refresh_from_db()
    assert {name: getattr(article, name) for name in moments} == moments


@pytest.mark.parametrize("hour", [0, 1], ids=["the first time", "the second time"])
def test_an_article_published_in_the_hour_that_occurs_twice_can_be_changed(editor, settings, hour):
    settings.TIME_ZONE = "Europe/Berlin"
    moment = datetime(2025, 10, 26, hour, 30, 5, 7, tzinfo=UTC)  # both are 2:30 in Berlin
    article = make_article(publish_time=moment)
    assert edit_article(editor, article, title_en="New").status_code == 302
    article.refresh_from_db()
    assert (article.title_en, article.publish_time) == ("New", moment)


def test_a_skipped_hour_is_an_error_of_its_field(editor, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    spring = {"publish_time_0": "2026-03-29", "publish_time_1": "02:30:00"}
    assert "publish_time" in form_errors(editor.post(ADD_URL, new_article_data(editor, **spring)))


def test_the_default_publish_time_has_no_microseconds(editor):
    assert make_article().publish_time.microsecond == 0
    editor.post(ADD_URL, new_article_data(editor))
    assert Article.objects.first().publish_time.microsecond == 0


@pytest.mark.parametrize("time", ["yesterday", "25:99", "2026-02-30"])
def test_an_invalid_time_is_an_error_of_its_field(editor, time):
    assert "publish_time" in form_errors(
        editor.post(ADD_URL, new_article_data(editor, publish_time_0=time))
    )


def test_counting_views_does_not_change_the_time_of_the_last_change(visitor):
    article = make_article()
    visitor.get(article.get_absolute_url())
    before = article.updated_at
    article.refresh_from_db()
    assert article.updated_at == before


def test_the_sitemap_has_the_time_of_the_last_change(editor, visitor):
    article = make_article(publish_time=datetime(2020, 1, 1, tzinfo=UTC))
    Article.objects.update(updated_at=datetime(2019, 1, 1, tzinfo=UTC))
    assert "<lastmod>2020-01-01" in read_sitemap(visitor, "news")
    edit_article(editor, article, title_en="New")
    today = timezone.now().date()
    assert f"<lastmod>{today}" in read_sitemap(visitor, "news")
