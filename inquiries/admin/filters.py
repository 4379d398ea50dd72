"""Filters of the list of inquiries."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from contacts.models import Company
from inquiries.models import Inquiry, InquiryQuerySet
from inquiries.statistics.queries import last_months

PERIOD = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<month>0[1-9]|1[0-2]))?")
MAX_INQUIRIES_FOR_COUNTRIES = 1000


class QuerySetMethodFilter(admin.SimpleListFilter):
    """A filter by methods of the queryset.

    `options` maps each value in the URL to a label and a method.
    """

    options: ClassVar[Mapping[str, tuple[Promise, Callable[[InquiryQuerySet], InquiryQuerySet]]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, (label, _method) in self.options.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        if self.value() not in self.options:
            return queryset
        _label, method = self.options[str(self.value())]
        return method(cast(InquiryQuerySet, queryset))


class DueFilter(QuerySetMethodFilter):
    """Inquiries that await a reply, by urgency."""

    title = _("first reply")
    parameter_name = "late"
    options = {
        "yes": (_("Overdue"), InquiryQuerySet.overdue),
        "today": (_("Due today"), InquiryQuerySet.due_today),
        "waiting": (_("Awaiting reply"), InquiryQuerySet.awaiting_reply),
    }


class HeldFilter(QuerySetMethodFilter):
    """Inquiries that are held as spam, or have a message that is."""

    title = _("spam")
    parameter_name = "held"
    options = {"yes": (_("Held"), InquiryQuerySet.list_held_as_spam)}


class OpenFilter(QuerySetMethodFilter):
    """Open inquiries, or those whose contact is unavailable and has no substitute."""

    title = _("action needed")
    parameter_name = "open"
    options = {
        "yes": (_("Open"), InquiryQuerySet.open),
        "unattended": (_("Assignee unavailable"), InquiryQuerySet.unattended),
    }


class ToBeErasedFilter(QuerySetMethodFilter):
    """Inquiries with an announced erasure of personal data."""

    title = _("personal data")
    parameter_name = "to_be_erased"
    options = {"yes": (_("Scheduled for erasure"), InquiryQuerySet.scheduled_for_erasure)}


class ReceivedFilter(admin.SimpleListFilter):
    """The month (`2026-11`) or the year (`2026`) of arrival, in the company's time zone.

    Django's date hierarchy would read every row of the table to find the months.
    """

    title = _("received")
    parameter_name = "received"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        inquiries = model_admin.get_queryset(request).order_by()
        oldest = inquiries.aggregate(oldest=Min("created_at"))["oldest"]
        if oldest is None:
            return []
        zone = Company.current().zone
        first, now = timezone.localtime(oldest, zone), timezone.localtime(timezone=zone)
        months = [
            (f"{month:%Y-%m}", formats.date_format(month, "YEAR_MONTH_FORMAT"))
            for month in reversed(last_months(now.date()))
            if month >= first.date().replace(day=1)
        ]
        years = [(str(year), str(year)) for year in range(now.year, first.year - 1, -1)]
        return months + years

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        if not self.value():
            return queryset
        period = PERIOD.fullmatch(str(self.value()))
        if period is None:
            raise IncorrectLookupParameters
        year, month = int(period["year"]), int(period["month"] or 0)
        start = datetime(year, month or 1, 1, tzinfo=Company.current().zone)
        years, months = divmod(month, 12) if month else (1, 0)
        end = start.replace(year=year + years, month=months + 1)
        return queryset.filter(created_at__gte=start, created_at__lt=end)


class CountryFilter(admin.SimpleListFilter):
    """The buyer's country. Lists the countries of the latest inquiries, but accepts any."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        latest = model_admin.get_queryset(request).prefetch_related(None).order_by("-created_at")
        codes = set(latest.values_list("country", flat=True)[:MAX_INQUIRIES_FOR_COUNTRIES])
        codes.add(request.GET.get(self.parameter_name, ""))
        names = [(code, countries.name(code)) for code in codes if code]
        return sorted(((code, name) for code, name in names if name), key=lambda item: item[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        return queryset.filter(country=self.value()) if self.value() else queryset
