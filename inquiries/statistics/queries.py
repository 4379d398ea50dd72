"""The statistics of a set of inquiries, added up from the counts of days. Spam is never counted.

Weeks are those of ISO 8601; days, weeks and months are those of the company's time zone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nsmallest
from typing import Any, NamedTuple, Self

from contacts.models import Company
from inquiries.models import DailyInquiries, Inquiry, InquiryQuerySet
from inquiries.statistics.daily import count_days, get_days, update_days

WEEKS = 12
MONTHS = 12
ANSWER_TIME_DAYS = 90
MAX_VALUES = 20  # sources, countries or products

Counts = dict[Any, list[int]]


class AnswerTime(NamedTuple):
    """A contact's hours to the first answer; `contact` is a primary key, None if unassigned."""

    contact: int | None
    total: int
    median: float
    percentile_90: float


@dataclass(frozen=True)
class InquiryStatistics:
    """All numbers of the dashboard, by keys, since names depend on the language.

    Weekly counts have a number for each of `weeks`; outcomes are [won, lost].
    """

    weeks: list[date]
    by_source: Counts
    by_country: Counts
    by_product: Counts
    answer_times: list[AnswerTime]
    months: list[date]
    outcomes_by_month: Counts
    outcomes_by_contact: Counts

    @classmethod
    def of_all(cls) -> Self:
        """The statistics of all inquiries."""
        company = Company.current()
        today = company.today
        detailed_from = min(last_weeks(today)[0], today - timedelta(days=ANSWER_TIME_DAYS))
        days = get_days(first_day(today), company, detailed_from=detailed_from)
        return cls._add_up(days, today)

    @classmethod
    def of(cls, inquiries: InquiryQuerySet) -> Self:
        """The statistics of these inquiries."""
        company = Company.current()
        first, today = first_day(company.today), company.today
        return cls._add_up(count_days(inquiries, first, today, company.zone), today)

    @classmethod
    def _add_up(cls, days: Mapping[date, DailyInquiries], today: date) -> Self:
        weeks, months = last_weeks(today), last_months(today)
        by_month, by_contact = count_outcomes(days, months)
        return cls(
            weeks=weeks,
            by_source=count_by_week(days, "source", weeks),
            by_country=count_by_week(days, "country", weeks),
            by_product=count_by_week(days, "product", weeks),
            answer_times=answer_times(days, since=today - timedelta(days=ANSWER_TIME_DAYS)),
            months=months,
            outcomes_by_month=by_month,
            outcomes_by_contact=by_contact,
        )


def update_statistics(*, recount: bool = False) -> None:
    """Store the counts of the days that the statistics add up; see `update_days`."""
    update_days(first_day(Company.current().today), recount=recount)


def first_day(today: date) -> date:
    """The first day that the statistics count."""
    return min(last_weeks(today)[0], last_months(today)[0])


def last_weeks(today: date) -> list[date]:
    """The Mondays of the last weeks including this one, the oldest first."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def last_months(today: date) -> list[date]:
    """The first days of the last months including this one, the oldest first."""
    current = today.year * 12 + today.month - 1
    numbers = [current - back for back in range(MONTHS - 1, -1, -1)]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def count_by_week(days: Mapping[date, DailyInquiries], field: str, weeks: list[date]) -> Counts:
    """The number of inquiries of each week for each value of `field`, the largest total first.

    After MAX_VALUES, the sum of all others: there may be a hundred thousand products.
    """
    days_of_weeks = [
        (week, getattr(row, field))
        for day, row in days.items()
        if (week := (day - weeks[0]).days // 7) in range(len(weeks))
    ]
    totals: Counter[Any] = Counter()
    for _week, counted in days_of_weeks:
        for value, number in counted:
            totals[value] += number
    largest = nsmallest(MAX_VALUES, totals, key=lambda value: (-totals[value], str(value)))
    counts: Counts = {value: [0] * len(weeks) for value in largest}
    others = [0] * len(weeks)
    for week, counted in days_of_weeks:
        for value, number in counted:
            counts.get(value, others)[week] += number
    return counts | ({"others": others} if len(totals) > MAX_VALUES else {})


def answer_times(days: Mapping[date, DailyInquiries], since: date) -> list[AnswerTime]:
    """The times to the first answer of each contact (nearest-rank method), most answers first."""
    by_contact: dict[int | None, Counter[int]] = defaultdict(Counter)
    for day, row in days.items():
        if day > since:
            for contact, tenths, number in row.answer_times:
                by_contact[contact][tenths] += number
    times = [
        AnswerTime(contact, found.total(), *(_percentile(found, rank) / 10 for rank in (50, 90)))
        for contact, found in by_contact.items()
    ]
    return sorted(times, key=lambda each: (-each.total, each.contact or 0))


def _percentile(numbers: Counter[int], percent: int) -> int:
    remaining = -(-numbers.total() * percent // 100)
    for value in sorted(numbers):
        remaining -= numbers[value]
        if remaining <= 0:
            break
    return value


def count_outcomes(
    days: Mapping[date, DailyInquiries], months: Iterable[date]
) -> tuple[Counts, Counts]:
    """The numbers of won and lost inquiries by month of receipt, and by contact."""
    by_month: Counts = {month: [0, 0] for month in months}
    by_contact: Counts = defaultdict(lambda: [0, 0])
    statuses = [Inquiry.Status.WON, Inquiry.Status.LOST]
    for day, row in days.items():
        if (month := day.replace(day=1)) in by_month:
            for contact, status, number in row.outcomes:
                index = statuses.index(status)
                by_month[month][index] += number
                by_contact[contact][index] += number
    return by_month, dict(by_contact)
