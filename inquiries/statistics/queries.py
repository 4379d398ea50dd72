"""The figures, each in one query, of nothing but the inquiries that are handed in.

Spam is left out. Weeks are those of ISO 8601, weeks and months those of the company's time zone.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Window
from django.db.models.functions import RowNumber, TruncMonth, TruncWeek
from django.utils import timezone

from contacts.models import Company
from inquiries.models import Inquiry, InquiryQuerySet

WEEKS = 12
MONTHS = 12
ANSWER_DAYS = 90

Counts = dict[Any, list[int]]


class AnswerTime(NamedTuple):
    """How long the first answers of a contact took; None are those of nobody."""

    contact: int | None
    number: int
    median: timedelta
    ninetieth: timedelta


@dataclass(frozen=True)
class Figures:
    """All that the charts show, without a name in it: names are shown in the reader's language.

    Each list of a week's counts has one for each of `weeks`; outcomes are (won, lost).
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
    def of(cls, inquiries: InquiryQuerySet) -> "Figures":
        company = Company.get_solo()
        weeks, months = last_weeks(company.today), last_months(company.today)
        by_month, by_contact = outcomes(inquiries, months, company.zone)
        return cls(
            weeks=weeks,
            by_source=by_week(inquiries, "source", weeks, company.zone),
            by_country=by_week(inquiries, "country", weeks, company.zone),
            by_product=by_week(inquiries, "lines__product", weeks, company.zone),
            answer_times=answer_times(inquiries),
            months=months,
            outcomes_by_month=by_month,
            outcomes_by_contact=by_contact,
        )


def last_weeks(today: date) -> list[date]:
    """The Mondays of the last weeks, the oldest first; this week is the last."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def last_months(today: date) -> list[date]:
    """The first days of the last months, the oldest first; this month is the last."""
    this = today.year * 12 + today.month - 1
    numbers = [this - back for back in range(MONTHS - 1, -1, -1)]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def by_week(inquiries: InquiryQuerySet, field: str, weeks: list[date], zone: ZoneInfo) -> Counts:
    """How many inquiries came in each week, for each value of `field`."""
    rows = (
        _since(inquiries, weeks[0], zone)
        .exclude(status=Inquiry.Status.SPAM)
        .annotate(week=TruncWeek("created_at", tzinfo=zone))
        .values_list("week", field)
        .annotate(Count("pk", distinct="__" in field))
    )
    return _spread([(week, key, count) for week, key, count in rows], weeks)


def answer_times(inquiries: InquiryQuerySet) -> list[AnswerTime]:
    """The median and the 90th percentile, by nearest rank, for each contact; most answers first.

    Counted are the first answers to what came in the last 90 days.
    """
    took = ExpressionWrapper(F("first_response_at") - F("created_at"), DurationField())
    median, ninetieth = [(F("number") * percent + 99) / 100 for percent in (50, 90)]
    rows = (
        inquiries.order_by()
        .filter(
            created_at__gte=timezone.now() - timedelta(days=ANSWER_DAYS),
            first_response_at__isnull=False,
        )
        .exclude(status=Inquiry.Status.SPAM)
        .annotate(
            took=took,
            rank=Window(RowNumber(), partition_by="assigned_to", order_by=[took.asc(), "pk"]),
            number=Window(Count("pk"), partition_by="assigned_to"),
        )
        .filter(Q(rank=median) | Q(rank=ninetieth))
        .values_list("assigned_to", "number", "took")
    )
    found = defaultdict(list)
    for contact, number, duration in rows:
        found[contact, number].append(duration)
    times = [AnswerTime(*key, min(took), max(took)) for key, took in found.items()]
    return sorted(times, key=lambda each: (-each.number, each.contact or 0))


def outcomes(
    inquiries: InquiryQuerySet, months: list[date], zone: ZoneInfo
) -> tuple[Counts, Counts]:
    """How many of those that came in each month, and of each contact's, were won and were lost."""
    statuses = [Inquiry.Status.WON, Inquiry.Status.LOST]
    rows = (
        _since(inquiries, months[0], zone)
        .filter(status__in=statuses)
        .annotate(month=TruncMonth("created_at", tzinfo=zone))
        .values_list("month", "assigned_to", "status")
        .annotate(Count("pk"))
    )
    by_month: Counts = {month: [0, 0] for month in months}
    by_contact: Counts = defaultdict(lambda: [0, 0])
    for month, contact, status, count in rows:
        place = statuses.index(status)
        by_month[month.date()][place] += count
        by_contact[contact][place] += count
    return by_month, dict(by_contact)


def _since(inquiries: InquiryQuerySet, day: date, zone: ZoneInfo) -> InquiryQuerySet:
    start = datetime.combine(day, time(), tzinfo=zone)
    return inquiries.order_by().filter(created_at__gte=start)


def _spread(rows: list[tuple[datetime, Hashable, int]], weeks: list[date]) -> Counts:
    """The counts of each key, week by week, the key with the most first."""
    counts: Counts = defaultdict(lambda: [0] * len(weeks))
    places = {week: place for place, week in enumerate(weeks)}
    for week, key, count in rows:
        if (place := places.get(week.date())) is not None:  # none is the week after this one
            counts[key][place] += count
    return dict(sorted(counts.items(), key=lambda each: (-sum(each[1]), str(each[0]))))
