"""The reply deadline: computed in working hours, shown in the time zones of buyer and company."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import translation
from post_office.models import Email

from contacts.models import Holiday
from contacts.office_hours import DEFAULT_WEEK, OfficeHours
from inquiries.display.deadlines import Deadline
from inquiries.models import Inquiry, InquirySettings
from inquiries.screening import Submission
from inquiries.services import (
    acknowledge_inquiry,
    add_message,
    answer_inquiry,
    assign_inquiry,
    change_status,
    release_inquiry,
)
from tests.factories import make_company, make_contact, make_inquiry, make_user
from tests.inquiries.urls import status_page_url

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAIROBI, ST_JOHNS = "Africa/Nairobi", "America/St_Johns"
FRIDAY_NOON = datetime(2026, 11, 27, 12, tzinfo=SHANGHAI)
MONDAY_NOON = datetime(2026, 11, 30, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def company(set_clock):
    """A company in Shanghai, open from 9 to 17 on weekdays; it is noon on a Friday."""
    set_clock(FRIDAY_NOON)
    return make_company(time_zone="Asia/Shanghai")


def ask(**fields) -> Inquiry:
    return make_inquiry(**{"created_at": FRIDAY_NOON, **fields})


def promise_on(page) -> str:
    match = re.search(r'class="promise">(.*?)</p>', page.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]*>|\s+", " ", match[1]).strip() if match else ""


def test_eight_working_hours_from_friday_noon_end_on_monday_noon():
    assert ask().due_at == MONDAY_NOON


def test_holidays_do_not_count(company):
    days = {"first_day": date(2026, 11, 30), "last_day": date(2026, 12, 1)}
    Holiday.objects.create(company=company, name="Founders' days", **days)
    assert ask().due_at == datetime(2026, 12, 2, 12, tzinfo=SHANGHAI)


def test_at_night_the_time_starts_in_the_morning():
    assert ask(created_at=datetime(2026, 11, 24, 23, tzinfo=SHANGHAI)).due_at == datetime(
        2026, 11, 25, 17, tzinfo=SHANGHAI
    )


def test_daylight_saving_time_moves_the_deadline():
    make_company(time_zone="Europe/Berlin")
    berlin = ZoneInfo("Europe/Berlin")
    inquiry = ask(created_at=datetime(2026, 3, 27, 16, tzinfo=berlin))
    assert inquiry.due_at == datetime(2026, 3, 30, 16, tzinfo=berlin)
    assert inquiry.due_at - inquiry.created_at == timedelta(days=3, hours=-1)


def test_the_settings_define_the_number_of_hours():
    InquirySettings.objects.update_or_create(defaults={"reply_hours": 2})
    assert ask().due_at == FRIDAY_NOON + timedelta(hours=2)


def test_a_deadline_does_not_change_with_the_office_hours(company, visitor):
    inquiry = ask()
    company.working_hours.create(weekday=6, opens="10:00", closes="11:00")
    InquirySettings.objects.update_or_create(defaults={"reply_hours": 100})
    assign_inquiry(inquiry, make_contact(), by=None)
    add_message(inquiry, "Are you there?")
    inquiry.refresh_from_db()
    assert inquiry.due_at == MONDAY_NOON


@pytest.mark.parametrize("event", ["message", "status change"])
def test_an_inquiry_that_awaits_a_reply_again_gets_a_new_deadline(set_clock, event):
    july = make_contact(user=make_user("Sales"))
    inquiry = ask()
    assign_inquiry(inquiry, july, by=None)
    answer_inquiry(inquiry, "It costs 5.", by=july.user)
    Inquiry.objects.update(reminded_at=FRIDAY_NOON, escalated_at=FRIDAY_NOON)
    set_clock(MONDAY_NOON)
    if event == "message":
        add_message(inquiry, "And with a motor?")
    else:
        change_status(inquiry, "assigned", by=None)
    inquiry.refresh_from_db()
    assert inquiry.status == "assigned"
    assert inquiry.due_at == MONDAY_NOON + timedelta(days=1)
    assert (inquiry.reminded_at, inquiry.escalated_at) == (None, None)


def test_an_inquiry_that_arrived_as_spam_gets_a_new_deadline_when_it_is_released(set_clock):
    held = make_inquiry(submission=Submission("<script>alert(1)</script>", is_email=True))
    set_clock(MONDAY_NOON)
    release_inquiry(held, by=None)
    held.refresh_from_db()
    assert (held.status, held.due_at) == ("new", MONDAY_NOON + timedelta(days=1))


def test_other_statuses_keep_the_deadline(set_clock):
    inquiry = ask()
    assign_inquiry(inquiry, make_contact(), by=None)
    set_clock(MONDAY_NOON)
    change_status(inquiry, "quoted", by=None)
    inquiry.refresh_from_db()
    assert inquiry.due_at == MONDAY_NOON


@pytest.mark.parametrize(
    ("language", "promise"),
    [
        ("en", "We reply by Monday, 30 November, 07:00 (your local time, Nairobi)."),
        ("zh-hans", "星期一"),
        ("ar", "نوفمبر"),
    ],
)
def test_the_buyer_sees_the_deadline_in_their_time_zone_and_language(
    visitor, smtp_server, language, promise
):
    fields = {"language": language, "email": "maria@example.com", "time_zone": NAIROBI}
    inquiry = ask(**fields)
    acknowledge_inquiry(inquiry)
    prefix = "" if language == "en" else f"/{language}"
    thanks = visitor.get(f"{prefix}/inquiry/thanks/{inquiry.token}/")
    for shown in (promise_on(thanks), promise_on(visitor.get(status_page_url(inquiry)))):
        assert promise in shown
        assert "07:00" in shown
    call_command("run_worker", once=True)
    [body] = [m.get_content() for to, m in smtp_server.messages if "maria@example.com" in to]
    assert promise in body
    assert "07:00" in body


@pytest.mark.parametrize(
    ("time_zone", "country", "expected"),
    [
        (ST_JOHNS, "", "Monday, 30 November, 00:30 (your local time, St Johns)"),
        ("Etc/GMT+3", "", "Monday, 30 November, 01:00 (your local time, UTC−3)"),
        ("", "KE", "Monday, 30 November, 07:00 (your local time, Nairobi)"),
        ("", "US", "Monday, 30 November, 12:00 (Shanghai time, UTC+8)"),
        ("Mars/Olympus", "", "Monday, 30 November, 12:00 (Shanghai time, UTC+8)"),
    ],
)
def test_without_the_buyers_time_zone_the_companys_is_used(time_zone, country, expected):
    assert expected in Deadline.of(ask(time_zone=time_zone, country=country)).promise


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "(UTC)"),
        ("Etc/GMT+3", "(UTC−3)"),
        ("America/Argentina/Buenos_Aires", "(Buenos Aires time, UTC−3)"),
        ("Asia/Kolkata", "(Kolkata time, UTC+5:30)"),
        (ST_JOHNS, "(St Johns time, UTC−3:30)"),
    ],
)
def test_a_time_zone_is_shown_with_city_and_offset(zone, expected):
    deadline = Deadline(MONDAY_NOON, OfficeHours(ZoneInfo(zone)))
    assert deadline.in_company_time.endswith(expected)


def test_an_overdue_inquiry_shows_no_deadline_to_the_buyer(visitor, set_clock):
    inquiry = ask(time_zone=NAIROBI)
    set_clock(MONDAY_NOON + timedelta(seconds=1))
    promise = promise_on(visitor.get(status_page_url(inquiry)))
    assert "taking longer than promised" in promise
    assert "November" not in promise
    assert "We reply by" not in promise_on(visitor.get(f"/inquiry/thanks/{inquiry.token}/"))


def test_answered_closed_and_held_inquiries_show_no_deadline(visitor):
    inquiry = ask()
    for status in ("answered", "won", "lost", "spam"):
        Inquiry.objects.update(status=status, assigned_to=make_contact())
        assert not promise_on(visitor.get(status_page_url(inquiry)))
        assert not promise_on(visitor.get(f"/inquiry/thanks/{inquiry.token}/"))


def test_the_form_shows_the_reply_time(visitor):
    InquirySettings.objects.update_or_create(defaults={"reply_hours": 12})
    page = visitor.get("/inquiry/").content.decode()
    assert "within 12 working hours" in page


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (FRIDAY_NOON, "in 8 working hours"),
        (datetime(2026, 11, 29, 3, tzinfo=SHANGHAI), "in 3 working hours"),
        (datetime(2026, 11, 30, 11, tzinfo=SHANGHAI), "in 1 working hour"),
        (datetime(2026, 11, 30, 11, 58, 30, tzinfo=SHANGHAI), "in 2 working minutes"),
        (datetime(2026, 11, 30, 11, 59, 30, tzinfo=SHANGHAI), "in 1 working minute"),
        (MONDAY_NOON + timedelta(hours=2), "2\xa0hours overdue"),
        (MONDAY_NOON + timedelta(days=3), "3\xa0days overdue"),
    ],
)
def test_the_remaining_time_is_in_working_hours(set_clock, moment, expected):
    set_clock(moment)
    assert Deadline(MONDAY_NOON, OfficeHours(SHANGHAI)).relative_time == expected


def test_without_any_office_hours_the_remaining_time_is_in_hours():
    never = OfficeHours(SHANGHAI, holidays=((date(2020, 1, 1), date(2030, 1, 1)),))
    assert never.week == DEFAULT_WEEK
    assert Deadline(MONDAY_NOON, never).relative_time == "in 72 working hours"


def test_the_emails_to_contact_and_managers_contain_the_deadline():
    make_user("Managers", email="manager@example.com")
    inquiry = ask()
    assign_inquiry(inquiry, make_contact(email="july@example.com"), by=None)
    for mail in (Email.objects.get(to="manager@example.com"), Email.objects.latest("pk")):
        assert "by Monday, 30 November, 12:00 (Shanghai time, UTC+8)" in mail.message


@pytest.fixture
def four_inquiries():
    """One overdue inquiry, one due today, one due later, and one that was answered."""
    names = ["Late", "Today", "Later", "Answered"]
    late, today, later, answered = (ask(name=name) for name in names)
    for inquiry, due in [
        (late, FRIDAY_NOON - timedelta(hours=2)),
        (today, FRIDAY_NOON + timedelta(hours=3)),
        (later, MONDAY_NOON),
        (answered, FRIDAY_NOON - timedelta(days=9)),
    ]:
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=due)
    july = make_contact()
    Inquiry.objects.filter(pk=answered.pk).update(status="answered", assigned_to=july)
    return late, today, later, answered


def listed_names(page) -> list[str]:
    return [inquiry.name for inquiry in page.context["cl"].result_list]


def test_the_list_is_filtered_and_sorted_by_deadline(manager, four_inquiries):
    url = "/admin/inquiries/inquiry/"
    assert listed_names(manager.get(url, {"late": "yes"})) == ["Late"]
    assert listed_names(manager.get(url, {"late": "today"})) == ["Today"]
    assert listed_names(manager.get(url, {"late": "waiting", "o": "3"})) == [
        "Late", "Today", "Later",
    ]  # fmt: skip
    assert listed_names(manager.get(url, {"late": "waiting", "o": "-3"})) == [
        "Later", "Today", "Late",
    ]  # fmt: skip


def test_the_list_shows_the_remaining_time_and_overdue_ones_in_red(manager, four_inquiries):
    page = " ".join(manager.get("/admin/inquiries/inquiry/").content.decode().split())
    assert re.search(r'class="state state-overdue">2 hours overdue</time>', page)
    assert ">in 3 working hours</time>" in page
    assert page.count("state-overdue") == 1


def test_the_list_queries_the_office_hours_once(
    manager, four_inquiries, django_assert_max_num_queries
):
    def count_queries(url: str) -> int:
        with django_assert_max_num_queries(60) as captured:
            manager.get(url)
        return len(captured)

    first = count_queries("/admin/inquiries/inquiry/")
    for _ in range(5):
        ask()
    assert count_queries("/admin/inquiries/inquiry/") == first


def test_the_change_form_shows_company_time_and_buyer_time(manager, set_clock):
    inquiry = ask(time_zone=NAIROBI)
    url = f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
    page = manager.get(url).content.decode()
    assert "Monday, 30 November, 12:00 (Shanghai time, UTC+8)" in page
    assert "Buyer's local time: Monday, 30 November, 07:00 (Nairobi time, UTC+3)" in page
    assert "in 8 working hours" in page
    set_clock(MONDAY_NOON + timedelta(hours=2))
    assert 'class="state state-overdue">2\xa0hours overdue' in manager.get(url).content.decode()


def test_other_times_are_in_the_same_time_zone_as_the_deadline(company, manager, visitor):
    received = datetime(2026, 11, 24, 23, 22, tzinfo=ZoneInfo("UTC"))
    company.time_zone = "Asia/Shanghai"
    company.save()
    inquiry = make_inquiry(time_zone="Africa/Nairobi", created_at=received)
    for path in ("", f"{inquiry.pk}/change/"):
        page = manager.get(f"/admin/inquiries/inquiry/{path}").content.decode()
        assert "25 November 2026, 07:22" in page, path
    assert (
        "2026-11-25"
        in manager.get(f"/admin/inquiries/inquiry/{inquiry.pk}/buyer/").content.decode()
    )
    assert "25 November 2026, 02:22" in visitor.get(inquiry.status_url).content.decode()


def test_the_date_format_depends_on_the_language():
    texts = {}
    for language in ("en", "zh-hans", "ar"):
        with translation.override(language):
            texts[language] = Deadline(MONDAY_NOON, OfficeHours(SHANGHAI)).in_company_time
    assert "30 November" in texts["en"]
    assert "11月30日" in texts["zh-hans"]
    assert "30 نوفمبر" in texts["ar"]
