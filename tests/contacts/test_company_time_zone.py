"""Staff and visitors see every time in the company's time zone."""

import csv
import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from openpyxl import load_workbook

from core.page_cache.counting import count_view
from core.richtext.models import Picture
from inquiries.models import Inquiry
from inquiries.personal_data.retention import announce_erasures
from news.models import Article, DailyViews
from news.services.page_views import aggregate_daily_views
from tests.factories import make_article, make_company, make_inquiry, make_user
from tests.inquiries.urls import change_url, status_page_url
from tests.news.steps import (
    ADD_URL,
    admin_url,
    edit_article,
    form_data,
    form_errors,
    new_article_data,
)

pytestmark = pytest.mark.django_db

# 2 March in UTC and New York, 3 March in Shanghai, Kathmandu and Chatham
EVENING = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
ZONES = {
    "Asia/Shanghai": "2026-03-03 04:30:00+08:00",
    "Asia/Kathmandu": "2026-03-03 02:15:00+05:45",
    "America/New_York": "2026-03-02 15:30:00-05:00",
    "America/St_Johns": "2026-03-02 17:00:00-03:30",
    "Pacific/Chatham": "2026-03-03 10:15:00+13:45",
    "Europe/Berlin": "2026-03-02 21:30:00+01:00",
}


@pytest.fixture(autouse=True)
def _company(settings):
    settings.TIME_ZONE = "UTC"
    make_company(time_zone="Asia/Shanghai")


@pytest.fixture
def admin(as_user):
    return as_user(make_user(username="root", is_superuser=True))


def page_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture(params=ZONES)
def zone(request) -> str:
    make_company(time_zone=request.param)
    return request.param


def test_an_article_has_the_same_time_in_list_form_and_page(admin, visitor, zone):
    article = make_article(publish_time=EVENING)
    local = EVENING.astimezone(ZoneInfo(zone))
    shown = f"{local.day} March 2026"
    assert f"{shown}, {local:%H:%M}" in page_of(admin.get("/admin/news/article/"))
    data = form_data(admin.get(admin_url(article)))
    assert (data["publish_time_0"], data["publish_time_1"]) == (f"{local:%F}", f"{local:%T}")
    page = page_of(visitor.get(article.get_absolute_url()))
    assert f">{local:%F}</time>" in page
    assert f'datetime="{local.isoformat()}"' in page
    assert f"{shown}</time>" in page_of(visitor.get("/news/"))
    assert article.slug in page_of(visitor.get("/news/archive/2026/03/"))


def test_a_typed_time_is_in_the_zone_that_is_named_beside_it(admin, zone):
    assert f'<span class="time-zone">{zone}</span>' in page_of(admin.get(ADD_URL))
    typed = {"publish_time_0": "2026-07-03", "publish_time_1": "04:00:00"}
    admin.post(ADD_URL, new_article_data(admin, **typed))
    assert Article.objects.get().publish_time == datetime(2026, 7, 3, 4, tzinfo=ZoneInfo(zone))


def test_forms_of_other_apps_name_the_zone_too(admin):
    user = make_user(username="july", last_login=EVENING, date_joined=EVENING)
    url = f"/admin/auth/user/{user.pk}/change/"
    page = admin.get(url)
    assert page_of(page).count('<span class="time-zone">Asia/Shanghai</span>') == 2
    data = form_data(page)
    assert (data["last_login_0"], data["last_login_1"]) == ("2026-03-03", "04:30:00")
    assert admin.post(url, data | {"last_login_1": "05:00:00"}).status_code == 302
    assert User.objects.get(pk=user.pk).last_login == EVENING + timedelta(minutes=30)


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/news/article/", "/admin/inquiries/inquiry/", "/admin/richtext/picture/"],
)
def test_every_page_of_the_admin_names_the_zone(admin, path):
    assert "All times: Asia/Shanghai (UTC+8)" in page_of(admin.get(path))


def test_saving_never_changes_a_time(admin, zone):
    moments = {
        "publish_time": datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC),
        "expire_time": datetime(2999, 10, 25, 23, 30, 1, 654321, tzinfo=UTC),
        "source_time": datetime(2021, 3, 2, 9, 2, 31, 1, tzinfo=UTC),
    }
    article = make_article(**moments)
    assert edit_article(admin, article, title_en="New").status_code == 302
    article.refresh_from_db()
    assert {name: getattr(article, name) for name in moments} == moments


@pytest.mark.parametrize("hour", [0, 1], ids=["the first time", "the second time"])
def test_the_hour_that_occurs_twice_is_kept(admin, hour):
    make_company(time_zone="Europe/Berlin")
    moment = datetime(2025, 10, 26, hour, 30, 5, 7, tzinfo=UTC)
    article = make_article(publish_time=moment)
    assert edit_article(admin, article, title_en="New").status_code == 302
    article.refresh_from_db()
    assert article.publish_time == moment


def test_the_hour_that_is_skipped_is_an_error_of_its_field(admin):
    make_company(time_zone="Europe/Berlin")
    spring = {"publish_time_0": "2026-03-29", "publish_time_1": "02:30:00"}
    assert "publish_time" in form_errors(admin.post(ADD_URL, new_article_data(admin, **spring)))


def test_days_of_a_list_begin_at_midnight_of_the_company(admin):
    before, after = (
        make_article(publish_time=datetime(2026, 3, 2, hour, 59, tzinfo=UTC)) for hour in (15, 16)
    )
    days = "/admin/news/article/?publish_time__year=2026&publish_time__month=3"
    offered = re.findall(r"publish_time__day=(\d+)", page_of(admin.get(days)))
    assert sorted(set(offered)) == ["2", "3"]
    third = admin.get(f"{days}&publish_time__day=3").context["cl"].queryset
    assert list(third) == [after]
    second = admin.get(f"{days}&publish_time__day=2").context["cl"].queryset
    assert list(second) == [before]


def test_days_of_the_picture_library_begin_at_midnight_of_the_company(admin):
    Picture.objects.create(file="a.png", width=1, height=1, name="a", digest="a")
    Picture.objects.update(uploaded_at=EVENING)
    query = "?uploaded_at__year=2026&uploaded_at__month=3&uploaded_at__day="
    url = "/admin/richtext/picture/"
    assert admin.get(f"{url}{query}3").context["cl"].queryset.count() == 1
    assert admin.get(f"{url}{query}2").context["cl"].queryset.count() == 0


def test_pages_of_an_inquiry_show_the_same_time(admin):
    inquiry = make_inquiry()
    Inquiry.objects.update(created_at=EVENING)
    inquiry.events.update(at=EVENING)
    assert "3 March 2026, 04:30" in page_of(admin.get("/admin/inquiries/inquiry/"))
    page = page_of(admin.get(change_url(inquiry)))
    assert "3 March 2026, 04:30" in page
    assert ">2026-03-03 04:30</time>" in page
    assert "2026-03-03" in page_of(admin.get(f"/admin/inquiries/inquiry/{inquiry.pk}/buyer/"))


def test_exported_inquiries_have_the_offset_and_name_the_zone(admin, zone):
    make_inquiry()
    Inquiry.objects.update(created_at=EVENING)
    for number, read in enumerate((csv_rows, xlsx_rows)):
        sent = {"format": str(number), "resource": "0"}
        heading, row = read(admin.post("/admin/inquiries/inquiry/export/", sent).content)
        assert f"received ({zone})" in heading
        assert row[heading.index(f"received ({zone})")] == ZONES[zone]


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def xlsx_rows(content: bytes) -> list[list[str]]:
    sheet = load_workbook(BytesIO(content)).active
    return [[str(cell.value or "") for cell in row] for row in sheet.rows]


def test_exported_articles_have_the_offset_and_can_be_imported_again(admin, zone):
    make_article(publish_time=EVENING)
    sent = {"format": "0", "resource": "0"}
    heading, row = csv_rows(admin.post("/admin/news/article/export/", sent).content)
    assert row[heading.index("publish_time")] == ZONES[zone]


def test_a_buyers_data_is_exported_with_the_offset(admin):
    inquiry = make_inquiry()
    Inquiry.objects.update(created_at=EVENING)
    url = f"/admin/inquiries/inquiry/{inquiry.pk}/personal-data/export/"
    content = b"".join(admin.post(url).streaming_content)
    [exported] = json.loads(ZipFile(BytesIO(content)).read("data.json"))["inquiries"]
    assert exported["received"] == "2026-03-03T04:30:00+08:00"


def test_page_views_are_counted_by_the_companys_days(admin, set_clock):
    article = make_article(publish_time=EVENING - timedelta(days=9))
    for _ in range(5):
        count_view(article)
    set_clock(EVENING)
    aggregate_daily_views()
    assert DailyViews.objects.get().day == date(2026, 3, 3)
    assert "<title>2026-03-03: 5</title>" in page_of(admin.get(admin_url(article)))


def test_a_date_of_erasure_is_one_of_the_companys_days(set_clock, settings):
    settings.SPAM_RETENTION = 30
    make_user("Managers")
    make_inquiry()
    long_ago = EVENING - timedelta(days=40)
    inquiry = Inquiry.objects.get()
    inquiry.events.update(at=long_ago)
    Inquiry.objects.update(status="spam", created_at=long_ago)
    set_clock(EVENING)
    assert announce_erasures() == 1
    assert Inquiry.objects.get().erase_on == date(2026, 3, 17)


def test_a_feed_has_the_moment_of_publication(visitor):
    make_article(publish_time=EVENING)
    assert "Mon, 02 Mar 2026 20:30:00 +0000" in page_of(visitor.get("/news/feed/"))


def test_the_buyers_page_is_in_the_buyers_time_zone(visitor):
    inquiry = make_inquiry(time_zone="America/New_York")
    inquiry.events.update(at=EVENING)
    Inquiry.objects.update(created_at=EVENING)
    assert "2 March 2026, 15:30" in page_of(visitor.get(status_page_url(inquiry)))


def test_without_its_own_zone_the_company_uses_that_of_the_server(admin, settings):
    settings.TIME_ZONE = "Africa/Cairo"
    make_company(time_zone="")
    assert '<span class="time-zone">Africa/Cairo</span>' in page_of(admin.get(ADD_URL))


def test_a_change_of_the_zone_applies_to_the_next_page(admin, visitor):
    article = make_article(publish_time=EVENING)
    assert ">2026-03-03</time>" in page_of(visitor.get(article.get_absolute_url()))
    make_company(time_zone="America/New_York")
    assert ">2026-03-02</time>" in page_of(visitor.get(article.get_absolute_url()))


def test_the_zone_ends_with_the_request(visitor):
    visitor.get("/news/")
    assert timezone.get_current_timezone_name() == "UTC"


def test_health_checks_do_not_read_the_company(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert visitor.get("/healthz").status_code == 200
