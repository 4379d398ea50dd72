"""Narrowing the list of inquiries down by when and from where they came."""

import re
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from contacts.models import Company
from inquiries.models import Inquiry
from inquiries.statistics.queries import last_months

PERIOD = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<month>0[1-9]|1[0-2]))?")
LATEST = 1000  # inquiries, whose countries are offered


class ReceivedFilter(admin.SimpleListFilter):
    """By the month (`2026-11`) or the year (`2026`), in the company's time zone.

    Django's own hierarchy of dates reads every row of the table to see which months there are.
    """

    title = _("received")
    parameter_name = "received"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        inquiries = model_admin.get_queryset(request).order_by()
        oldest = inquiries.aggregate(oldest=Min("created_at"))["oldest"]
        if oldest is None:
            return []
        zone = Company.get_solo().zone
        first, now = timezone.localtime(oldest, zone), timezone.localtime(timezone=zone)
        names = [
            (f"{month:%Y-%m}", formats.date_format(month, "YEAR_MONTH_FORMAT"))
            for month in reversed(last_months(now.date()))
            if month >= first.date().replace(day=1)
        ]
        return names + [(str(year), str(year)) for year in range(now.year, first.year - 1, -1)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        if not self.value():
            return queryset
        named = PERIOD.fullmatch(str(self.value()))
        if named is None:
            raise IncorrectLookupParameters
        year, month = int(named["year"]), int(named["month"] or 0)
        start = datetime(year, month or 1, 1, tzinfo=Company.get_solo().zone)
        years, months = divmod(month, 12) if month else (1, 0)
        end = start.replace(year=year + years, month=months + 1)
        return queryset.filter(created_at__gte=start, created_at__lt=end)


class CountryFilter(admin.SimpleListFilter):
    """By the buyer's country; those of the latest inquiries are offered, any other is taken."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        latest = model_admin.get_queryset(request).prefetch_related(None).order_by("-created_at")
        codes = set(latest.values_list("country", flat=True)[:LATEST])
        codes.add(request.GET.get(self.parameter_name, ""))
        known = [(code, countries.name(code)) for code in codes if code]
        return sorted(((code, name) for code, name in known if name), key=lambda each: each[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        return queryset.filter(country=self.value()) if self.value() else queryset
