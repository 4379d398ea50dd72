"""The tables and counts of the dashboard, for the inquiries that a user may see."""

import logging
from datetime import date
from typing import Any, NamedTuple, Self

from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_countries import countries

from contacts.models import Contact
from core.pagination import count_up_to
from core.replica import replica_reads
from inquiries.admin_urls import inquiry_changelist_url
from inquiries.models import Inquiry, InquiryQuerySet
from inquiries.permissions import may_see_all
from inquiries.statistics.queries import Counts, InquiryStatistics
from products.models import Product

logger = logging.getLogger(__name__)

MAX_ROWS = 8  # countries and products; the others are added up
MAX_CONTACTS = 30
MAX_COUNT = 10_000  # of the inquiries in a certain state
CACHE_KEY = "inquiry-statistics"
CACHE_TIMEOUT = 60  # seconds


class Row(NamedTuple):
    """A row of a table; `url` is the filtered list of its inquiries, or empty."""

    label: str
    values: list[Any]
    url: str = ""


class Table(NamedTuple):
    """A table, on the page and as the file `<name>.csv`."""

    name: str
    title: str
    headings: list[str]
    rows: list[Row]


class InquiryCount(NamedTuple):
    """The number of inquiries in a certain state, and the URL of their list.

    If there are more than MAX_COUNT, `total` is that limit and `has_more` is true.
    """

    label: str
    total: int
    has_more: bool
    url: str
    is_urgent: bool = False

    @classmethod
    def of(cls, label: str, url: str, *inquiries: InquiryQuerySet, is_urgent: bool = False) -> Self:
        """Count `inquiries`, of which none is in two querysets."""
        total, has_more = count_up_to(MAX_COUNT, *inquiries)
        return cls(label, total, has_more, url, is_urgent and total > 0)


class InquiryDashboard:
    """The counts and tables for one user.

    The statistics of all inquiries are added up from stored counts and cached for a minute. Those
    of a user who sees only some inquiries are counted each time, so that no other user sees them.
    """

    def __init__(self, user: User) -> None:
        self.user = user
        self.sees_all = may_see_all(user)
        self.inquiries = Inquiry.objects.visible_to(user).order_by()

    @cached_property
    def counts(self) -> list[InquiryCount]:
        """The current numbers of inquiries, never cached."""
        url, count = inquiry_changelist_url, InquiryCount.of
        inquiries = self.inquiries
        counts = [
            count(_("Open"), url(open="yes"), inquiries.open()),
            count(_("Overdue"), url(late="yes"), inquiries.overdue(), is_urgent=True),
        ]
        if self.sees_all:
            new = inquiries.filter(assigned_to=None, status=Inquiry.Status.NEW)
            label, unattended = _("Assignee unavailable"), inquiries.unattended()
            counts += [
                count(_("Unassigned"), url(open="yes", assigned_to__isnull="True"), new),
                count(label, url(open="unattended"), unattended, is_urgent=True),
            ]
        held = count(
            _("Held as spam"), url(held="yes"), inquiries.spam(), inquiries.with_held_message()
        )
        return [*counts, held]

    @cached_property
    def statistics(self) -> InquiryStatistics:
        if not self.sees_all:
            return self._compute()
        try:
            if (statistics := cache.get(CACHE_KEY)) is None:
                statistics = self._compute()
                cache.set(CACHE_KEY, statistics, CACHE_TIMEOUT)
        except Exception:  # each cache backend has its own errors
            logger.exception("Cache unavailable; the statistics are computed without it.")
            statistics = self._compute()
        return statistics

    def _compute(self) -> InquiryStatistics:
        with replica_reads():
            return (
                InquiryStatistics.of_all()
                if self.sees_all
                else InquiryStatistics.of(self.inquiries)
            )

    @cached_property
    def contact_names(self) -> dict[int | None, str]:
        named = {each.contact for each in self.statistics.answer_times}
        keys = [pk for pk in named | set(self.statistics.outcomes_by_contact) if pk]
        names: dict[int | None, str] = {None: _("Unassigned")}
        return names | dict(Contact.objects.filter(pk__in=keys).values_list("pk", "name"))

    @property
    def by_source(self) -> Table:
        rows = [
            Row(str(Inquiry.Source(key).label), counts, inquiry_changelist_url(source__exact=key))
            for key, counts in self.statistics.by_source.items()
        ]
        return self._weekly("sources", _("Inquiries per week, by source"), rows)

    @property
    def by_country(self) -> Table:
        shown, others = _largest(self.statistics.by_country)
        rows = [
            Row(countries.name(key) or key, counts, inquiry_changelist_url(country=key))
            if key
            else Row(_("Unknown"), counts)
            for key, counts in shown
        ]
        return self._weekly("countries", _("Inquiries per week, by country"), rows + others)

    @property
    def by_product(self) -> Table:
        shown, others = _largest(self.statistics.by_product)
        products = Product.objects.only("name").in_bulk([key for key, _counts in shown if key])
        rows = [
            Row(products[key].name if key in products else _("None or no longer available"), counts)
            for key, counts in shown
        ]
        title = _("Inquiries per week, by product")
        return self._weekly("products", title, rows + others)

    @property
    def answer_times(self) -> Table:
        rows = [
            Row(
                self.contact_names.get(each.contact, ""),
                [each.total, each.median, each.percentile_90],
                inquiry_changelist_url(assigned_to__id__exact=each.contact) if each.contact else "",
            )
            for each in self.statistics.answer_times[:MAX_CONTACTS]
        ]
        headings = [_("contact"), _("replies"), _("median (hours)"), _("90th percentile (hours)")]
        title = _("Time to first reply, last 90 days")
        return Table("answer-times", title, headings, rows)

    @property
    def outcomes_by_month(self) -> Table:
        rows = [
            Row(
                formats.date_format(month, "YEAR_MONTH_FORMAT"),
                [won, lost, _percent_won(won, lost)],
                inquiry_changelist_url(received=f"{month:%Y-%m}"),
            )
            for month, (won, lost) in self.statistics.outcomes_by_month.items()
        ]
        headings = [_("month received"), _("won"), _("lost"), _("win rate (%)")]
        return Table("outcomes-by-month", _("Won and lost, by month"), headings, rows)

    @property
    def outcomes_by_contact(self) -> Table:
        counts = sorted(self.statistics.outcomes_by_contact.items(), key=lambda each: -each[1][0])
        rows = [
            Row(
                self.contact_names.get(contact, ""),
                [won, lost, _percent_won(won, lost)],
                inquiry_changelist_url(assigned_to__id__exact=contact) if contact else "",
            )
            for contact, (won, lost) in counts[:MAX_CONTACTS]
        ]
        headings = [_("contact"), _("won"), _("lost"), _("win rate (%)")]
        title = _("Won and lost in the last 12 months, by contact")
        return Table("outcomes-by-contact", title, headings, rows)

    def table(self, name: str) -> Table:
        """The table with this name; raises KeyError for an unknown name."""
        table: Table = getattr(self, TABLES[name])
        return table

    def _weekly(self, name: str, title: str, rows: list[Row]) -> Table:
        weeks = [_iso_date(week) for week in self.statistics.weeks]
        return Table(name, title, [_("week of"), *weeks], rows)


TABLES = {
    "sources": "by_source",
    "countries": "by_country",
    "products": "by_product",
    "answer-times": "answer_times",
    "outcomes-by-month": "outcomes_by_month",
    "outcomes-by-contact": "outcomes_by_contact",
}


def _largest(counts: Counts) -> tuple[list[tuple[Any, list[int]]], list[Row]]:
    """The largest counts, and a row with the sum of the others, if any."""
    items = list(counts.items())
    others = [sum(week) for week in zip(*(each for _key, each in items[MAX_ROWS:]), strict=True)]
    return items[:MAX_ROWS], [Row(_("Other"), others)] if others else []


def _iso_date(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _percent_won(won: int, lost: int) -> int | None:
    return round(100 * won / (won + lost)) if won + lost else None
