"""The years, months and days above a list of the admin."""

from calendar import monthrange
from datetime import date, datetime
from typing import Any

from django import template
from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

register = template.Library()

PARTS = ("year", "month", "day")
MAX_YEARS = 50


@register.inclusion_tag("admin/date_hierarchy.html")
def date_drilldown(cl: Any) -> dict[str, Any]:
    """The links of `date_hierarchy`: all years, months or days from the first row to the last.

    Django's own tag reads every row of the list to leave out those without one.
    """
    field = cl.date_hierarchy
    first, last = _first_and_last(cl.root_queryset, field)
    if first is None or last is None:
        return {"show": False}

    def link(*values: int) -> str:
        names = [f"{field}__{part}" for part in PARTS]
        return cl.get_query_string(dict(zip(names, values, strict=False)), [f"{field}__"])

    chosen = [int(value) for part in PARTS if (value := cl.params.get(f"{field}__{part}"))]
    if not chosen and first.year == last.year:
        chosen = [first.year]
        if first.month == last.month:
            chosen.append(first.month)
    match chosen:
        case []:
            years = range(max(first.year, last.year - MAX_YEARS + 1), last.year + 1)
            return {"show": True, "choices": [_choice(str(year), link(year)) for year in years]}
        case [year]:
            months = [date(year, month, 1) for month in range(1, 13)]
            start = first.replace(day=1)
            choices = [
                _choice(_format(month, "YEAR_MONTH_FORMAT"), link(year, month.month))
                for month in months
                if start <= month <= last
            ]
            back = _choice(gettext("All dates"), link())
        case [year, month]:
            days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
            choices = [
                _choice(_format(day, "MONTH_DAY_FORMAT"), link(year, month, day.day))
                for day in days
                if first <= day <= last
            ]
            back = _choice(str(year), link(year))
        case [year, month, *rest]:
            day = date(year, month, rest[0])
            choices = [_choice(_format(day, "MONTH_DAY_FORMAT"))]
            back = _choice(_format(day, "YEAR_MONTH_FORMAT"), link(year, month))
    return {"show": True, "back": back, "choices": choices}


def _first_and_last(rows: QuerySet[Any], field: str) -> list[date | None]:
    """The first and the last date, each from one end of an index; SQLite needs two queries."""
    values = rows.exclude(**{field: None}).values_list(field, flat=True)
    return [_as_date(values.order_by(order).first()) for order in (field, f"-{field}")]


def _as_date(value: date | None) -> date | None:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _format(day: date, name: str) -> str:
    return capfirst(formats.date_format(day, name))


def _choice(title: str, link: str = "") -> dict[str, str]:
    return {"title": title, "link": link}
