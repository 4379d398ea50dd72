"""Time counted within the company's office hours."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from contacts.models import Company, Holiday, WorkingHours
from contacts.office_hours import OfficeHours
from tests.factories import make_company

SHANGHAI, BERLIN, CAIRO = map(ZoneInfo, ("Asia/Shanghai", "Europe/Berlin", "Africa/Cairo"))
HOUR = timedelta(hours=1)
LUNCH = ((time(9), time(12)), (time(13), time(17)))
WITH_LUNCH = (*[LUNCH] * 5, (), ())
NIGHTS = (((time(0), time(3)), (time(22), time(23, 59))),) * 7


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-25 10:00", 2, "2026-11-25 12:00"),  # within a day
        ("2026-11-25 10:00", 7, "2026-11-25 17:00"),  # to the end of the day
        ("2026-11-25 16:00", 2, "2026-11-26 10:00"),  # continued the next morning
        ("2026-11-27 16:00", 2, "2026-11-30 10:00"),  # continued after the weekend
        ("2026-11-25 05:00", 1, "2026-11-25 10:00"),  # before opening
        ("2026-11-25 23:00", 1, "2026-11-26 10:00"),  # after closing
        ("2026-11-28 12:00", 8, "2026-11-30 17:00"),  # on a Saturday
        ("2026-11-25 23:00", 0, "2026-11-25 23:00"),
        ("2026-11-23 09:00", 80, "2026-12-04 17:00"),
    ],
)
def test_only_opening_hours_are_counted(start, hours, end):
    result = OfficeHours(SHANGHAI).add(at(start), hours * HOUR)
    assert result == at(end)
    assert result.tzinfo is UTC


def test_moments_can_be_in_any_time_zone():
    start = at("2026-11-25 03:00", BERLIN)  # 10:00 in Shanghai
    assert OfficeHours(SHANGHAI).add(start, HOUR) == at("2026-11-25 11:00")


def test_the_lunch_break_is_not_counted():
    hours = OfficeHours(SHANGHAI, WITH_LUNCH)
    assert hours.add(at("2026-11-25 11:00"), 2 * HOUR) == at("2026-11-25 14:00")
    assert hours.add(at("2026-11-25 12:30"), HOUR) == at("2026-11-25 14:00")
    assert hours.subtract(at("2026-11-25 14:00"), 2 * HOUR) == at("2026-11-25 11:00")
    assert hours.between(at("2026-11-25 11:30"), at("2026-11-25 13:30")) == HOUR
    assert hours.next_opening(at("2026-11-25 12:00")) == at("2026-11-25 13:00")
    assert not hours.is_open(at("2026-11-25 12:00"))
    assert hours.is_open(at("2026-11-25 13:00"))


def test_holidays_are_skipped_from_first_to_last_day():
    hours = OfficeHours(SHANGHAI, holidays=((date(2026, 10, 1), date(2026, 10, 7)),))
    assert hours.add(at("2026-09-30 16:00"), 2 * HOUR) == at("2026-10-08 10:00")
    assert hours.next_opening(at("2026-10-03 12:00")) == at("2026-10-08 09:00")
    assert not hours.is_open(at("2026-10-07 12:00"))
    assert hours.is_open(at("2026-10-08 12:00"))


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_clock_change_makes_the_night_an_hour_shorter_or_longer(day):
    hours = OfficeHours(BERLIN, NIGHTS)
    worked = hours.between(at(f"{day} 00:00", BERLIN), at(f"{day} 03:00", BERLIN))
    assert worked == (2 if "-03-" in day else 4) * HOUR


def test_opening_times_stay_the_same_after_a_clock_change():
    hours = OfficeHours(BERLIN)
    assert hours.add(at("2026-03-27 16:00", BERLIN), 2 * HOUR) == at("2026-03-30 10:00", BERLIN)
    assert hours.add(at("2026-10-23 16:00", BERLIN), 2 * HOUR) == at("2026-10-26 10:00", BERLIN)


@pytest.mark.parametrize(
    "hours",
    [
        OfficeHours(SHANGHAI),
        OfficeHours(BERLIN, WITH_LUNCH, ((date(2026, 3, 30), date(2026, 4, 2)),)),
        OfficeHours(BERLIN, NIGHTS),
        OfficeHours(CAIRO, NIGHTS, ((date(2026, 4, 23), date(2026, 4, 23)),)),
        # Opening and closing times that the clock change skips.
        OfficeHours(BERLIN, (((time(1), time(2, 30)), (time(2, 45), time(5))),) * 7),
    ],
)
def test_adding_subtracting_and_counting_agree(hours):
    random = Random(4)  # noqa: S311
    for first in ("2026-03-20", "2026-04-20", "2026-10-20"):
        for _ in range(60):
            start = at(f"{first} 00:00", BERLIN) + timedelta(minutes=random.randrange(20_000))
            working = timedelta(minutes=random.randrange(1, 3_000))
            end = hours.add(start, working)
            assert hours.between(start, end) == working
            assert hours.between(start, end - timedelta(seconds=1)) < working, (
                "add returns the earliest possible time"
            )
            assert hours.between(end, start) == -working
            back = hours.subtract(end, working)
            assert start <= back <= end
            assert hours.between(back, end) == working
            assert hours.between(start, back) == timedelta(), "no working time lies before it"
            opening = hours.next_opening(start)
            assert opening >= start
            assert hours.is_open(opening)
            assert not hours.between(start, opening)


def test_a_company_that_never_opens_counts_time_around_the_clock():
    never = OfficeHours(SHANGHAI, ((),) * 7)
    start = at("2026-11-25 10:00")
    assert never.add(start, 8 * HOUR) == start + 8 * HOUR
    assert never.subtract(start, 8 * HOUR) == start - 8 * HOUR
    assert never.next_opening(start) == start
    assert not never.between(start, start + timedelta(days=30))
    assert not never.is_open(start)


@pytest.mark.django_db
def test_a_company_without_hours_is_open_on_weekdays(settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    hours = Company.get_solo().office_hours
    assert hours == OfficeHours(SHANGHAI)
    assert hours.is_open(at("2026-11-25 09:00"))
    assert not hours.is_open(at("2026-11-25 17:00"))
    assert not hours.is_open(at("2026-11-28 12:00"))


@pytest.mark.django_db
def test_loading_the_office_hours_takes_three_queries(django_assert_max_num_queries):
    company = make_company(time_zone="Europe/Berlin")
    for opens, closes in reversed(LUNCH):
        company.working_hours.create(weekday=5, opens=opens, closes=closes)
    for number in range(1, 9):
        day = date(2026, 1, number)
        company.holidays.create(name="Closed", first_day=day, last_day=day)
    with django_assert_max_num_queries(3):
        hours = Company.get_solo().office_hours
    assert hours.zone == BERLIN
    assert hours.week == ((), (), (), (), (), LUNCH, ())
    assert len(hours.holidays) == 8


@pytest.mark.django_db
def test_opening_hours_reject_wrong_order_and_overlaps():
    company = make_company()
    morning = {"company": company, "weekday": 0, "opens": time(9), "closes": time(12)}
    WorkingHours.objects.create(**morning)
    WorkingHours(company=company, weekday=0, opens=time(12), closes=time(17)).full_clean()
    WorkingHours(company=company, weekday=1, opens=time(11), closes=time(13)).full_clean()
    with pytest.raises(ValidationError, match="overlap"):
        WorkingHours(company=company, weekday=0, opens=time(11), closes=time(13)).full_clean()
    with pytest.raises(ValidationError, match="later than opening"):
        WorkingHours(company=company, weekday=2, opens=time(12), closes=time(12)).full_clean()
    backwards = {"first_day": date(2026, 1, 2), "last_day": date(2026, 1, 1)}
    with pytest.raises(ValidationError, match="before the first"):
        Holiday(company=company, name_en="X", **backwards).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingHours.objects.create(**morning | {"closes": time(8)})


def test_unknown_time_zones_are_rejected():
    with pytest.raises(ValidationError, match="not a valid choice"):
        Company(time_zone="Mars/Olympus").clean_fields()
    Company(time_zone="Asia/Shanghai").clean_fields()
    Company(time_zone="").clean_fields()
