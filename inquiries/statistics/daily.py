"""Counting the inquiries of each day, so that the statistics need not read all inquiries.

The worker stores the counts of past days. What is not stored is counted when it is needed.
"""

from collections import Counter
from collections.abc import Container
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from contacts.models import Company
from inquiries.models import DailyInquiries, Inquiry, InquiryEvent, InquiryQuerySet

# An event is committed at most this long after it got its primary key.
LONGEST_TRANSACTION = timedelta(minutes=5)
TENTH_OF_AN_HOUR = timedelta(minutes=6)


def count_days(
    inquiries: InquiryQuerySet, first: date, last: date, zone: ZoneInfo
) -> dict[date, DailyInquiries]:
    """Count the `inquiries` of each day from `first` to `last`, in five queries."""
    counts = {day: DailyInquiries(day=day, time_zone=str(zone)) for day in _days(first, last)}
    received = (
        inquiries.order_by()
        .filter(created_at__gte=_midnight(first, zone))
        .filter(created_at__lt=_midnight(last + timedelta(days=1), zone))
        .exclude(status=Inquiry.Status.SPAM)
        .annotate(day=TruncDate("created_at", tzinfo=zone))
    )
    for name, field in (("source",) * 2, ("country",) * 2, ("product", "lines__product")):
        rows = received.values_list("day", field)
        for day, value, number in rows.annotate(Count("pk", distinct=True)):
            getattr(counts[day], name).append([value, number])
    closed = received.filter(status__in=[Inquiry.Status.WON, Inquiry.Status.LOST])
    rows = closed.values_list("day", "assigned_to", "status")
    for day, contact, status, number in rows.annotate(Count("pk")):
        counts[day].outcomes.append([contact, status, number])
    answered = received.exclude(first_response_at=None)
    times = answered.values_list("day", "assigned_to", F("first_response_at") - F("created_at"))
    tenths = Counter(
        (day, contact, round(duration / TENTH_OF_AN_HOUR)) for day, contact, duration in times
    )
    for (day, contact, tenth), number in sorted(tenths.items(), key=str):
        counts[day].answer_times.append([contact, tenth, number])
    return counts


def get_days(first: date, company: Company, *, detailed_from: date) -> dict[date, DailyInquiries]:
    """The counts of all inquiries of each day from `first` to today.

    Of the days before `detailed_from`, only the outcomes are read: the other counts are long.
    """
    zone, today = company.zone, company.today
    days = DailyInquiries.objects.filter(day__gte=first, time_zone=str(zone))
    stored = days.filter(day__lt=detailed_from).only("outcomes").in_bulk()
    stored |= days.filter(day__gte=detailed_from).in_bulk()
    missing = _first_missing(stored, first, today)
    return stored | count_days(Inquiry.objects.all(), missing, today, zone)


def update_days(first: date, *, recount: bool = False) -> None:
    """Store the counts of the days from `first` to today that are not stored or have changed.

    With `recount`, all of them, since an inquiry can be deleted or changed without an event.
    """
    company = Company.current()
    zone, today = company.zone, company.today
    last_event = _last_event_before(timezone.now() - LONGEST_TRANSACTION)
    DailyInquiries.objects.exclude(day__gte=first, day__lte=today, time_zone=str(zone)).delete()
    stored = () if recount else DailyInquiries.objects.values_list("day", flat=True)
    missing = _first_missing(set(stored), first, today)
    changed = {day for day in _changed_days(zone) if day >= first}
    counts = count_days(Inquiry.objects.all(), missing, today, zone)
    for day in sorted(changed - counts.keys()):
        counts |= count_days(Inquiry.objects.all(), day, day, zone)
    for row in counts.values():
        row.last_event = last_event
    fields = [field.name for field in DailyInquiries._meta.fields if not field.primary_key]
    DailyInquiries.objects.bulk_create(
        counts.values(), update_conflicts=True, unique_fields=["day"], update_fields=fields
    )


def _first_missing(stored: Container[date], first: date, today: date) -> date:
    return next((day for day in _days(first, today) if day not in stored), today)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _changed_days(zone: ZoneInfo) -> set[date]:
    """The days of receipt of the inquiries that had an event since the last update."""
    counted = DailyInquiries.objects.aggregate(newest=Max("last_event"))["newest"] or 0
    events = InquiryEvent.objects.filter(pk__gt=counted).order_by()
    return set(
        events.annotate(day=TruncDate("inquiry__created_at", tzinfo=zone))
        .values_list("day", flat=True)
        .distinct()
    )


def _last_event_before(moment: datetime) -> int:
    """The newest event, apart from those whose predecessors may not be committed yet."""
    events = InquiryEvent.objects.filter(at__lt=moment).order_by("-pk")
    return events.values_list("pk", flat=True).first() or 0


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
