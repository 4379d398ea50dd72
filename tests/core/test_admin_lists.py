"""The lists of the admin read a bounded number of rows on every page."""

from datetime import UTC, datetime

import pytest
from axes.models import AccessFailureLog
from django.contrib import admin
from django.contrib.admin.templatetags import admin_urls
from django.contrib.redirects.models import Redirect
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from core.admin.lists import BoundedChangeList
from core.pagination import BoundedPaginator, SearchPaginator
from news.admin import ArticleAdmin
from news.models import Article
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/news/article/"


@pytest.fixture
def superuser(as_user):
    return as_user(make_user(is_superuser=True))


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of four rows with pages of two."""
    monkeypatch.setattr(BoundedPaginator, "MAX_COUNT", 4)
    monkeypatch.setattr(ArticleAdmin, "list_per_page", 2)
    monkeypatch.setattr(ArticleAdmin, "list_max_show_all", 2)


def rows_of(page) -> list[Article]:
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def test_every_list_is_bounded_also_those_of_other_packages(rf):
    request = rf.get("/")
    for model_admin in admin.site._registry.values():
        paginator = model_admin.get_paginator(request, model_admin.model.objects.order_by("pk"), 10)
        assert isinstance(paginator, BoundedPaginator), model_admin
        assert issubclass(model_admin.get_changelist(request), BoundedChangeList), model_admin
        assert not model_admin.show_full_result_count


def test_no_list_counts_all_rows_of_a_table(superuser):
    for model_admin in admin.site._registry.values():
        url = reverse(
            f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist"
        )
        with CaptureQueriesContext(connection) as queries:
            superuser.get(url)
        counts = [q["sql"] for q in queries if q["sql"].startswith("SELECT COUNT(")]
        assert all("LIMIT" in sql for sql in counts), counts


@pytest.mark.parametrize("order", ["", "o=3", "o=-3", "o=7", "o=-7", "o=7.-3"])
def test_all_rows_are_reached_part_by_part(superuser, small_parts, order):
    same = datetime(2026, 3, 2, tzinfo=UTC)
    for number in range(11):
        make_article(views=number % 3, **({"publish_time": same} if number % 4 else {}))
    whole = list(superuser.get(f"{LIST}?{order}").context["cl"].queryset)
    seen, url = [], f"?{order}"
    while url:
        for number in (1, 2):
            cl = superuser.get(f"{LIST}{url}&p={number}").context["cl"]
            seen += list(cl.result_list) if number <= cl.paginator.num_pages else []
        url = cl.next_part_url
    assert seen == whole


def test_a_part_has_links_to_its_pages_the_next_part_and_the_beginning(superuser, small_parts):
    articles = [make_article() for _ in range(9)][::-1]
    page = superuser.get(f"{LIST}?p=2")
    assert f"?start={articles[4].pk}" in page.content.decode()
    assert "more than 4 articles" in page.content.decode()
    page = superuser.get(f"{LIST}?start={articles[4].pk}")
    assert rows_of(page) == articles[4:6]
    text = page.content.decode()
    assert f"?p=2&amp;start={articles[4].pk}" in text
    assert '<a href="?">Beginning of the list</a>' in text
    assert f"start={articles[4].pk}" not in text.split("changelist-filter")[1]


def test_a_part_begins_at_its_key_and_skips_no_rows(superuser, small_parts):
    articles = [make_article() for _ in range(9)]
    with CaptureQueriesContext(connection) as queries:
        superuser.get(f"{LIST}?start={articles[1].pk}")
    selects = [q["sql"] for q in queries if 'FROM "news_article"' in q["sql"]]
    assert any('"publish_time" <= ' in sql for sql in selects)
    assert not any("OFFSET" in sql for sql in selects)


@pytest.mark.parametrize("start", ["0", "x", "99999999999999999999", ""])
def test_an_unknown_start_shows_the_whole_list(superuser, start):
    make_article()
    page = superuser.get(f"{LIST}?start={start}", follow=True)
    assert len(rows_of(page)) == 1


def test_the_list_of_another_package_has_parts(superuser, monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "MAX_COUNT", 100)
    Redirect.objects.bulk_create(
        Redirect(site_id=1, old_path=f"/{n:03}/", new_path="/") for n in range(150)
    )
    page = superuser.get("/admin/redirects/redirect/?p=1")
    assert "more than 100 redirects" in page.content.decode()
    assert page.context["cl"].paginator.num_pages == 1


@pytest.mark.parametrize("query", ["q=crusher", "o=1&q=crusher"])
def test_a_search_ends_earlier_and_runs_once(superuser, monkeypatch, query):
    monkeypatch.setattr(SearchPaginator, "MAX_COUNT", 3)
    for number in range(5):
        make_article(title=f"Crusher {number}")
    with CaptureQueriesContext(connection) as queries:
        page = superuser.get(f"{LIST}?{query}")
    assert "more than 3 articles" in page.content.decode()
    searches = [q["sql"] for q in queries if "LIMIT 4" in q["sql"]]
    assert len(searches) == 1
    others = [q["sql"] for q in queries if "LIKE" in q["sql"] and q["sql"] not in searches]
    assert all('"news_article"."id" IN' in sql for sql in others), "restricted to the found rows"


def test_an_autocompletion_reads_a_bounded_number_of_rows(superuser, monkeypatch):
    monkeypatch.setattr(SearchPaginator, "MAX_COUNT", 30)
    for number in range(32):
        make_article(title=f"Crusher {number}")
    url = "/admin/autocomplete/?app_label=news&model_name=article&field_name=related_articles&term="
    with CaptureQueriesContext(connection) as queries:
        found = superuser.get(f"{url}crusher").json()
    assert (len(found["results"]), found["pagination"]["more"]) == (20, True)
    assert not any("COUNT(" in q["sql"] for q in queries)


def drilldown(page) -> str:
    return page.content.decode().split('<nav class="toplinks">')[1].split("</nav>")[0]


def test_dates_are_offered_without_reading_the_rows_between(superuser):
    for year, month in [(2024, 11), (2026, 3)]:
        make_article(publish_time=datetime(year, month, 2, tzinfo=UTC))
    with CaptureQueriesContext(connection) as queries:
        years = drilldown(superuser.get(LIST))
    assert "DISTINCT" not in "".join(q["sql"] for q in queries)
    assert [f"publish_time__year={year}" in years for year in range(2023, 2028)] == [
        False, True, True, True, False
    ]  # fmt: skip
    months = drilldown(superuser.get(f"{LIST}?publish_time__year=2024"))
    assert "All dates" in months
    assert "October 2024" not in months
    assert "November 2024" in months
    assert "December 2024" in months
    day = drilldown(
        superuser.get(f"{LIST}?publish_time__year=2026&publish_time__month=3&publish_time__day=2")
    )
    assert "March 2026" in day
    assert "March 2" in day


def test_a_filter_by_text_offers_the_values_of_the_latest_rows(superuser, monkeypatch):
    monkeypatch.setattr("core.admin.lists.MAX_ROWS_FOR_VALUES", 3)
    for path in ("/old/", "/admin/login/", "/admin/login/", "/other/"):
        AccessFailureLog.objects.create(path_info=path, username="eve")
    url = "/admin/axes/accessfailurelog/"
    with CaptureQueriesContext(connection) as queries:
        page = superuser.get(url).content.decode()
    assert not any("DISTINCT" in query["sql"] for query in queries)
    assert "?path_info=%2Fadmin%2Flogin%2F" in page
    assert "?path_info=%2Fother%2F" in page
    assert "?path_info=%2Fold%2F" not in page
    page = superuser.get(f"{url}?path_info=/old/")
    assert page.context["cl"].result_count == 1
    assert "?path_info=%2Fold%2F" in page.content.decode()


def test_the_links_of_the_rows_keep_the_filters_without_resolving_each(superuser, monkeypatch):
    articles = [make_article() for _ in range(3)]
    resolved = []
    monkeypatch.setattr(admin_urls, "resolve", lambda url: resolved.append(url) or resolve(url))
    page = superuser.get(f"{LIST}?featured__exact=0&o=1").content.decode()
    for article in articles:
        url = f"{LIST}{article.pk}/change/?_changelist_filters=featured__exact%3D0%26o%3D1"
        assert f'href="{url}"' in page
        assert url not in resolved


def test_a_list_without_rows_offers_no_dates(superuser):
    assert "toplinks" not in superuser.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["year=x", "year=2026&publish_time__month=13"])
def test_an_invalid_date_redirects_to_the_list(superuser, query):
    make_article()
    assert superuser.get(f"{LIST}?publish_time__{query}").status_code == 302
