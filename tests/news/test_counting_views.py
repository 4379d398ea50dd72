"""`Views` counts every view by a person, exactly."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from tests.factories import BROWSER, make_article, make_user

NOT_COUNTED_HEADERS = [
    {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
    {"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"},
    {"User-Agent": "curl/8.5.0"},
    {"User-Agent": ""},
    {"User-Agent": BROWSER, "Sec-Purpose": "prefetch"},
    {"User-Agent": BROWSER, "Sec-Purpose": "prefetch;prerender"},
    {"User-Agent": BROWSER, "Purpose": "prefetch"},
    {"User-Agent": BROWSER, "X-Moz": "prefetch"},
]


def views_shown(response) -> int:
    page = response.content.decode()
    return int(page.split("Views:", 1)[1].split("Author", 1)[0].split("<")[0])


@pytest.mark.django_db
def test_the_number_of_views_includes_the_current_view(visitor):
    article = make_article(views=7)
    assert "Views: 8" in " ".join(visitor.get(article.get_absolute_url()).content.decode().split())
    article.refresh_from_db()
    assert article.views == 8


@pytest.mark.django_db
@pytest.mark.parametrize("headers", NOT_COUNTED_HEADERS, ids=str)
def test_crawlers_and_prefetches_are_not_counted(headers):
    article = make_article(views=7)
    assert Client(headers=headers).get(article.get_absolute_url()).status_code == 200
    article.refresh_from_db()
    assert article.views == 7


@pytest.mark.django_db
def test_head_requests_are_not_counted(visitor):
    article = make_article(views=7)
    assert visitor.head(article.get_absolute_url()).status_code == 200
    article.refresh_from_db()
    assert article.views == 7


@pytest.mark.django_db
def test_staff_are_not_counted_but_a_logged_in_customer_is(as_user):
    article = make_article(views=7)
    as_user(make_user("Editors")).get(article.get_absolute_url())
    article.refresh_from_db()
    assert article.views == 7
    as_user(make_user(is_staff=False)).get(article.get_absolute_url())
    article.refresh_from_db()
    assert article.views == 8


@pytest.mark.django_db
def test_saving_the_form_does_not_lose_views_counted_in_the_meantime(as_user, visitor):
    article = make_article()
    client = as_user(make_user("Editors"))
    form = client.get(f"/admin/news/article/{article.pk}/change/").context["adminform"].form
    visitor.get(article.get_absolute_url())
    data = {name: form.get_initial_for_field(f, name) for name, f in form.fields.items()}
    time = data.pop("publish_time")
    data |= {"publish_time_0": time.date(), "publish_time_1": time.time().replace(microsecond=0)}
    data = {name: value for name, value in data.items() if value not in (None, "", [])}
    response = client.post(f"/admin/news/article/{article.pk}/change/", data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    article.refresh_from_db()
    assert article.views == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_concurrent_readers_are_counted_exactly():
    article = make_article()
    url = article.get_absolute_url()

    def read_ten_times(_) -> list[int]:
        client = Client(headers={"User-Agent": BROWSER})
        try:
            return [views_shown(client.get(url)) for _ in range(10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as readers:
        shown = [number for numbers in readers.map(read_ten_times, range(8)) for number in numbers]
    article.refresh_from_db()
    assert article.views == 80
    assert sorted(shown) == list(range(1, 81))
