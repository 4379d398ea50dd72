"""The statistics of inquiries on the admin's first page."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.models import DailyInquiries, Inquiry
from inquiries.services import change_status, record_event
from inquiries.statistics import dashboard
from inquiries.statistics.daily import count_days, get_days
from inquiries.statistics.dashboard import TABLES, InquiryDashboard
from inquiries.statistics.queries import (
    InquiryStatistics,
    count_by_week,
    first_day,
    last_months,
    last_weeks,
    update_statistics,
)
from tests.factories import make_company, make_contact, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db

FILES = "/admin/inquiries/inquiry/statistics/"


@pytest.fixture
def july():
    return make_contact(name="July", user=make_user("Sales", username="july"))


@pytest.fixture
def abner():
    return make_contact(name="Abner", user=make_user("Sales", username="abner"))


@pytest.fixture
def manager(as_user):
    return as_user(make_user("Managers", username="manager"))


def ask(contact=None, status="", **fields) -> Inquiry:
    """Create an inquiry with these values, without the events that would cause them."""
    inquiry = make_inquiry()
    fields |= {"status": status} if status else {"status": "assigned"} if contact else {}
    Inquiry.objects.filter(pk=inquiry.pk).update(assigned_to=contact, **fields)
    return inquiry


def dashboard_counts(user) -> dict[str, int]:
    return {count.label: count.total for count in InquiryDashboard(user).counts}


def test_managers_see_the_counts_of_all_inquiries(manager, july):
    ask(july)
    ask(july, due_at=timezone.now() - timedelta(hours=1))
    ask()
    ask(july, status="won", due_at=timezone.now() - timedelta(days=9))
    ask(status="spam")
    record_event(ask(july), "held_message", text="Buy links")
    page = manager.get("/admin/").content.decode()
    user = manager.get("/admin/").context["user"]
    assert dashboard_counts(user) == {
        "Open": 4, "Overdue": 1, "Unassigned": 1, "Assignee unavailable": 0, "Held as spam": 2,
    }  # fmt: skip
    assert 'class="is-urgent"' in page


@pytest.mark.parametrize(
    "label", ["Open", "Overdue", "Unassigned", "Assignee unavailable", "Held as spam"]
)
def test_each_count_links_to_a_list_of_that_length(manager, july, label):
    ask(july), ask(july, due_at=timezone.now() - timedelta(hours=1))
    ask(make_contact(is_active=False))
    ask(), ask(status="spam"), ask(status="lost"), ask(july, status="won")
    record_event(ask(july), "held_message", text="Buy links")
    ask(status="spam", erased_at=timezone.now())
    user = manager.get("/admin/").context["user"]
    (count,) = [count for count in InquiryDashboard(user).counts if count.label == label]
    assert manager.get(count.url).context["cl"].result_count == count.total > 0


def test_without_overdue_inquiries_no_count_is_highlighted(manager):
    ask()
    assert "is-urgent" not in manager.get("/admin/").content.decode()


def test_a_contact_sees_only_the_statistics_of_their_inquiries(as_user, manager, july, abner):
    manager.get("/admin/")
    ask(july, country="DE")
    crusher = make_product(name="Secret crusher")
    other = ask(abner, country="KE", status="won", first_response_at=timezone.now())
    other.lines.create(product=crusher)
    cache.clear()
    all_inquiries = manager.get("/admin/").content.decode()
    own_inquiries = as_user(july.user).get("/admin/").content.decode()
    for secret in ("Kenya", "Abner", "Secret crusher"):
        assert secret in all_inquiries
        assert secret not in own_inquiries
    assert "Germany" in own_inquiries
    assert dashboard_counts(july.user) == {"Open": 1, "Overdue": 0, "Held as spam": 0}


@pytest.mark.parametrize("name", TABLES)
def test_a_contacts_csv_files_contain_only_their_inquiries(as_user, manager, july, abner, name):
    other = ask(abner, country="KE", status="won", first_response_at=timezone.now())
    other.lines.create(product=make_product(name="Secret crusher"))
    manager.get(f"{FILES}{name}.csv")
    response = as_user(july.user).get(f"{FILES}{name}.csv")
    rows = list(csv.reader(StringIO(b"".join(response).decode("utf-8-sig"))))
    assert all(cell in {"", "0"} for row in rows[1:] for cell in row[1:])


@pytest.mark.parametrize("role", ["Editors", "Writers", ""])
def test_accounts_without_permission_see_no_statistics(as_user, role):
    ask(country="KE")
    client = as_user(make_user(role))
    assert "Kenya" not in (page := client.get("/admin/").content.decode())
    assert "inquiries-heading" not in page
    for name in TABLES:
        assert client.get(f"{FILES}{name}.csv").status_code == 403


def test_anonymous_users_are_redirected_to_the_log_in(visitor):
    assert visitor.get(f"{FILES}sources.csv").url.startswith("/admin/login/")


def test_an_unknown_table_is_not_found(manager):
    assert manager.get(f"{FILES}passwords.csv").status_code == 404


def test_only_the_statistics_of_all_inquiries_are_cached(manager, july):
    user = manager.get("/admin/").context["user"]
    ask(july, country="KE")
    assert InquiryDashboard(user).statistics.by_country == {}, "the cached statistics are shown"
    assert list(InquiryDashboard(july.user).statistics.by_country) == ["KE"]
    cache.clear()
    assert list(InquiryDashboard(user).statistics.by_country) == ["KE"]


def test_statistics_are_computed_without_the_cache(manager, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("inquiries.statistics.dashboard.cache.get", fail)
    ask(country="KE")
    assert "Kenya" in manager.get("/admin/").content.decode()
    assert "Cache unavailable" in caplog.text


def test_weeks_begin_on_monday_in_the_companys_time_zone():
    zone = ZoneInfo("Asia/Shanghai")
    weeks = last_weeks(date(2026, 11, 25))
    assert (weeks[0], weeks[-1], len(weeks)) == (date(2026, 9, 7), date(2026, 11, 23), 12)
    for moment in [(2026, 11, 22, 15, 59), (2026, 11, 22, 16, 0), (2026, 9, 6, 15, 59)]:
        ask(created_at=datetime(*moment, tzinfo=UTC), source="basket")
    ask(created_at=datetime(2026, 11, 24, tzinfo=UTC), source="basket", status="spam")
    days = count_days(Inquiry.objects.all(), date(2026, 9, 1), date(2026, 11, 25), zone)
    counts = count_by_week(days, "source", weeks)
    assert counts == {"basket": [0] * 10 + [1, 1]}, "without spam and older inquiries"


def test_weeks_are_complete_across_daylight_saving_time():
    zone = ZoneInfo("Europe/Berlin")
    ask(created_at=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))  # Sunday, 23:59
    ask(created_at=datetime(2026, 10, 25, 23, 0, tzinfo=UTC))  # Monday
    days = count_days(Inquiry.objects.all(), date(2026, 9, 1), date(2026, 10, 26), zone)
    counts = count_by_week(days, "source", last_weeks(date(2026, 10, 26)))
    assert counts["page"][-2:] == [1, 1]


def test_the_last_months_span_two_years():
    months = last_months(date(2026, 3, 31))
    assert (months[0], months[-1], len(months)) == (date(2025, 4, 1), date(2026, 3, 1), 12)


def test_an_inquiry_counts_once_for_each_of_its_products(manager):
    first, second = make_product(name="Jaw crusher"), make_product(name="Screen")
    inquiry = ask()
    for product in (first, first, second):
        inquiry.lines.create(product=product)
    user = manager.get("/admin/").context["user"]
    cache.clear()
    assert {row.label: sum(row.values) for row in InquiryDashboard(user).by_product.rows} == {
        "Jaw crusher": 1,
        "Screen": 1,
    }


def test_further_countries_are_summed_up(manager):
    for code in ["DE", "DE", *["US", "GB", "FR", "IT", "ES", "PL", "NO", "SE", "FI"]]:
        ask(country=code)
    user = manager.get("/admin/").context["user"]
    cache.clear()
    rows = InquiryDashboard(user).by_country.rows
    assert (rows[0].label, len(rows)) == ("Germany", 9)
    assert (rows[-1].label, sum(rows[-1].values)) == ("Other", 2)
    assert sum(sum(row.values) for row in rows) == 11


@pytest.mark.parametrize(
    ("hours", "median", "ninetieth"),
    [([5], 5, 5), ([1, 9], 1, 9), (list(range(1, 11)), 5, 9), (list(range(11, 0, -1)), 6, 10)],
)
def test_answer_times_are_median_and_90th_percentile_by_nearest_rank(
    july, abner, hours, median, ninetieth
):
    received = timezone.now() - timedelta(days=5)
    for number in hours:
        ask(july, created_at=received, first_response_at=received + timedelta(hours=number))
    for _ in range(2):
        ask(abner, created_at=received, first_response_at=received + timedelta(hours=3))
    old, late = received - timedelta(days=90), received + timedelta(days=3)
    ask(july, created_at=old, first_response_at=late)
    ask(july, created_at=received, first_response_at=late, status="spam")
    ask(july, created_at=received)
    times = {row.contact: row[1:] for row in InquiryStatistics.of_all().answer_times}
    assert times == {july.pk: (len(hours), median, ninetieth), abner.pk: (2, 3, 3)}


def test_outcomes_are_counted_by_month_of_receipt_and_by_contact(manager, july, abner):
    for contact, status in [(july, "won"), (july, "won"), (july, "lost"), (abner, "lost")]:
        ask(contact, status=status)
    ask(status="lost")
    ask(july, status="won", created_at=timezone.now() - timedelta(days=500))
    ask(july)
    user = manager.get("/admin/").context["user"]
    cache.clear()
    assert InquiryDashboard(user).outcomes_by_month.rows[-1].values == [2, 3, 40]
    rows = {row.label: row.values for row in InquiryDashboard(user).outcomes_by_contact.rows}
    assert rows == {"July": [2, 1, 67], "Abner": [0, 1, 0], "Unassigned": [0, 1, 0]}


def test_charts_are_svg_with_a_table_and_a_csv_file(manager, july):
    make_company()
    inquiry = ask(july, country="DE", status="won", first_response_at=timezone.now())
    inquiry.lines.create(product=make_product())
    cache.clear()
    page = manager.get("/admin/").content.decode()
    part = page[page.index("inquiries-heading") : page.index('id="content-related"')]
    assert "style=" not in part
    assert "<script" not in part
    assert part.count("<svg") == part.count('role="img"') >= 6
    for name in TABLES:
        assert f'href="{FILES}{name}.csv"' in part


def test_csv_cells_are_no_formulas(manager):
    july = make_contact(name="=HYPERLINK(1)")
    ask(july, status="won")
    response = manager.get(f"{FILES}outcomes-by-contact.csv")
    text = b"".join(response).decode("utf-8-sig")
    assert response.headers["Content-Disposition"].endswith('"outcomes-by-contact.csv"')
    assert text.splitlines() == ["contact,won,lost,win rate (%)", "'=HYPERLINK(1),1,0,100"]


def test_cached_statistics_appear_in_the_users_language(manager):
    ask(country="DE")
    manager.get("/admin/")
    cache.clear()
    assert "Germany" in manager.get("/admin/", headers={"Accept-Language": "en"}).content.decode()
    page = manager.get("/admin/", headers={"Accept-Language": "ar"}).content.decode()
    assert "ألمانيا" in page


def test_the_number_of_queries_does_not_grow(manager, july, abner):
    def count() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            manager.get("/admin/")
        return len(queries)

    def fill(contact, country):
        inquiry = ask(contact, country=country, status="won", first_response_at=timezone.now())
        inquiry.lines.create(product=make_product())

    fill(july, "DE")
    before = count()
    for country in ("US", "FR", "KE"):
        fill(abner, country)
    assert count() == before <= 26


@pytest.mark.parametrize("name", TABLES)
def test_each_table_has_the_same_cells_on_the_page_and_in_csv(manager, july, name):
    won = ask(july, status="won", country="KE", first_response_at=timezone.now())
    won.lines.create(product=make_product(name="Drill"))
    cache.clear()
    page = manager.get("/admin/")
    table = InquiryDashboard(page.context["user"]).table(name)
    text = b"".join(manager.get(f"{FILES}{name}.csv")).decode("utf-8-sig")
    head, *rows = csv.reader(StringIO(text))
    assert head == table.headings
    shown = [[row.label, *("" if v is None else str(v) for v in row.values)] for row in table.rows]
    assert rows == shown
    assert any(cell not in {"", "0"} for row in rows for cell in row[1:])
    parts = page.content.decode().split("<figure")
    (part,) = [part for part in parts if f'href="{FILES}{name}.csv"' in part]
    for heading in table.headings:
        assert f'<th scope="col">{heading}</th>' in part


def test_the_worker_stores_the_counts_of_past_days(manager, july, django_assert_num_queries):
    long_ago = timezone.now() - timedelta(days=300)
    won = ask(july, status="won", created_at=long_ago, first_response_at=long_ago)
    won.lines.create(product=make_product())
    update_statistics()
    assert DailyInquiries.objects.exclude(outcomes=[]).get().day == long_ago.date()
    stored = InquiryStatistics.of_all()
    assert stored.outcomes_by_contact == {july.pk: [1, 0]}
    assert stored == InquiryStatistics.of(Inquiry.objects.all())
    with CaptureQueriesContext(connection) as queries:
        InquiryStatistics.of_all()
    bounds = [q["sql"] for q in queries if 'FROM "inquiries_inquiry"' in q["sql"]]
    assert bounds
    today = str(make_company().today - timedelta(days=1))
    assert all(today in sql or str(make_company().today) in sql for sql in bounds), bounds


def test_long_counts_are_read_of_the_days_that_are_shown_only(july):
    for days in (300, 50):
        long_ago = timezone.now() - timedelta(days=days)
        won = ask(july, status="won", created_at=long_ago, first_response_at=long_ago)
        won.lines.create(product=make_product())
    update_statistics()
    today = make_company().today
    days = get_days(first_day(today), make_company(), detailed_from=today)
    assert all("product" in row.get_deferred_fields() for day, row in days.items() if day < today)
    InquiryStatistics.of_all()
    with CaptureQueriesContext(connection) as queries:
        statistics = InquiryStatistics.of_all()
    assert statistics.outcomes_by_contact == {july.pk: [2, 0]}
    assert sum(sum(weeks) for weeks in statistics.by_product.values()) == 1
    assert len(queries) <= 8, "none for a single day"


def test_the_worker_counts_the_days_of_changed_inquiries_again(july):
    long_ago = timezone.now() - timedelta(days=100)
    inquiry = ask(july, status="quoted", created_at=long_ago)
    update_statistics()
    assert InquiryStatistics.of_all().outcomes_by_contact == {}
    change_status(inquiry, "won", by=july.user)
    with CaptureQueriesContext(connection) as queries:
        update_statistics()
    assert len(queries) < 25
    assert InquiryStatistics.of_all().outcomes_by_contact == {july.pk: [1, 0]}


def test_deleted_inquiries_are_no_longer_counted_after_a_recount(july):
    inquiry = ask(july, status="won", created_at=timezone.now() - timedelta(days=100))
    update_statistics()
    inquiry.delete()
    update_statistics(recount=True)
    assert InquiryStatistics.of_all().outcomes_by_contact == {}


def test_days_of_another_time_zone_are_counted_again(july):
    company = make_company(time_zone="UTC")
    evening = datetime.combine(company.today - timedelta(days=40), time(23), tzinfo=UTC)
    ask(july, status="won", created_at=evening)
    update_statistics()
    make_company(time_zone="Asia/Shanghai")
    for _ in range(2):
        assert InquiryStatistics.of_all() == InquiryStatistics.of(Inquiry.objects.all())
        update_statistics()
    assert set(DailyInquiries.objects.values_list("time_zone", flat=True)) == {"Asia/Shanghai"}
    assert DailyInquiries.objects.exclude(outcomes=[]).get().day == evening.date() + timedelta(1)


def test_a_count_has_a_limit(manager, monkeypatch):
    monkeypatch.setattr(dashboard, "MAX_COUNT", 2)
    ask(), ask(), ask()
    assert "<strong>2+</strong>" in manager.get("/admin/").content.decode()
