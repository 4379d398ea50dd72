"""The statistics of a set of inquiries, each computed in one query. Spam is never counted.

Weeks are those of ISO 8601; weeks and months are those of the company's time zone.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Window
from django.db.models.functions import RowNumber, TruncMonth, TruncWeek
from django.utils import timezone

from contacts.models import Company
from inquiries.models import Inquiry, InquiryQuerySet

WEEKS = 12
MONTHS = 12
ANSWER_TIME_DAYS = 90

Counts = dict[Any, list[int]]


class AnswerTime(NamedTuple):
    """A contact's times to the first answer; `contact` is a primary key, None if unassigned."""

    contact: int | None
    total: int
    median: timedelta
    percentile_90: timedelta


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
    def compute(cls, inquiries: InquiryQuerySet) -> Self:
        company = Company.get_solo()
        weeks, months = last_weeks(company.today), last_months(company.today)
        by_month, by_contact = count_outcomes(inquiries, months, company.zone)
        return cls(
            weeks=weeks,
            by_source=count_by_week(inquiries, "source", weeks, company.zone),
            by_country=count_by_week(inquiries, "country", weeks, company.zone),
            by_product=count_by_week(inquiries, "lines__product", weeks, company.zone),
            answer_times=answer_times(inquiries),
            months=months,
            outcomes_by_month=by_month,
            outcomes_by_contact=by_contact,
        )


def last_weeks(today: date) -> list[date]:
    """The Mondays of the last weeks including this one, the oldest first."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def last_months(today: date) -> list[date]:
    """The first days of the last months including this one, the oldest first."""
    current = today.year * 12 + today.month - 1
    numbers = [current - back for back in range(MONTHS - 1, -1, -1)]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def count_by_week(
    inquiries: InquiryQuerySet, field: str, weeks: list[date], zone: ZoneInfo
) -> Counts:
    """The number of inquiries of each week for each value of `field`, the largest total first."""
    rows = (
        _received_since(inquiries, weeks[0], zone)
        .exclude(status=Inquiry.Status.SPAM)
        .annotate(week=TruncWeek("created_at", tzinfo=zone))
        .values_list("week", field)
        .annotate(Count("pk", distinct="__" in field))
    )
    return _group_by_key([(week, key, count) for week, key, count in rows], weeks)


def answer_times(inquiries: InquiryQuerySet) -> list[AnswerTime]:
    """The times to the first answer of each contact (nearest-rank method), most answers first.

    Only inquiries of the last 90 days count.
    """
    answer_time = ExpressionWrapper(F("first_response_at") - F("created_at"), DurationField())
    median_rank, rank_90 = [(F("count") * percent + 99) / 100 for percent in (50, 90)]
    rows = (
        inquiries.order_by()
        .filter(
            created_at__gte=timezone.now() - timedelta(days=ANSWER_TIME_DAYS),
            first_response_at__isnull=False,
        )
        .exclude(status=Inquiry.Status.SPAM)
        .annotate(
            answer_time=answer_time,
            rank=Window(
                RowNumber(), partition_by="assigned_to", order_by=[answer_time.asc(), "pk"]
            ),
            count=Window(Count("pk"), partition_by="assigned_to"),
        )
        .filter(Q(rank=median_rank) | Q(rank=rank_90))
        .values_list("assigned_to", "count", "answer_time")
    )
    by_contact = defaultdict(list)
    for contact, count, duration in rows:
        by_contact[contact, count].append(duration)
    times = [AnswerTime(*key, min(found), max(found)) for key, found in by_contact.items()]
    return sorted(times, key=lambda each: (-each.total, each.contact or 0))


def count_outcomes(
    inquiries: InquiryQuerySet, months: list[date], zone: ZoneInfo
) -> tuple[Counts, Counts]:
    """The numbers of won and lost inquiries by month of receipt, and by contact."""
    statuses = [Inquiry.Status.WON, Inquiry.Status.LOST]
    rows = (
        _received_since(inquiries, months[0], zone)
        .filter(status__in=statuses)
        .annotate(month=TruncMonth("created_at", tzinfo=zone))
        .values_list("month", "assigned_to", "status")
        .annotate(Count("pk"))
    )
    by_month: Counts = {month: [0, 0] for month in months}
    by_contact: Counts = defaultdict(lambda: [0, 0])
    for month, contact, status, count in rows:
        index = statuses.index(status)
        by_month[month.date()][index] += count
        by_contact[contact][index] += count
    return by_month, dict(by_contact)


def _received_since(inquiries: InquiryQuerySet, day: date, zone: ZoneInfo) -> InquiryQuerySet:
    start = datetime.combine(day, time(), tzinfo=zone)
    return inquiries.order_by().filter(created_at__gte=start)


def _group_by_key(rows: list[tuple[datetime, Hashable, int]], weeks: list[date]) -> Counts:
    """The weekly counts of each key, the largest total first."""
    counts: Counts = defaultdict(lambda: [0] * len(weeks))
    indexes = {week: index for index, week in enumerate(weeks)}
    for week, key, count in rows:
        # An inquiry of the next week, which began after `weeks` was computed.
        if (index := indexes.get(week.date())) is not None:
            counts[key][index] += count
    return dict(sorted(counts.items(), key=lambda each: (-sum(each[1]), str(each[0]))))
