"""The dashboard of one account: whoever sees some of the inquiries gets the figures of those."""

import logging
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import formats
from django.utils.translation import gettext as _
from django_countries import countries

from contacts.models import Contact
from inquiries.admin_urls import inquiry_changelist_url
from inquiries.models import Inquiry
from inquiries.permissions import may_see_all
from inquiries.statistics.queries import Counts, Figures
from products.models import Product

logger = logging.getLogger(__name__)

SHOWN = 8  # countries and products; all others are summed up
MOST_CONTACTS = 30
KEPT = 60  # seconds


class Row(NamedTuple):
    """A line of a table; `link` leads to the list of what is counted, where it can show that."""

    label: str
    values: list[Any]
    link: str = ""


class Table(NamedTuple):
    """Figures as they stand on the page and in the file `<name>.csv`."""

    name: str
    title: str
    heads: list[str]
    rows: list[Row]


class Waiting(NamedTuple):
    """How many inquiries wait for something, and the list of them."""

    label: str
    number: int
    link: str
    is_urgent: bool = False


class Board:
    """What `user` sees. Figures of all inquiries are kept for a minute: they take time to count.

    Those of an account that sees only some are worked out each time, so that no figure ever
    reaches anybody else.
    """

    def __init__(self, user: User) -> None:
        self.user = user
        self.sees_all = may_see_all(user)
        self.inquiries = Inquiry.objects.visible_to(user).order_by()

    @cached_property
    def waiting(self) -> list[Waiting]:
        """What is to be done, as it is right now."""
        late = self.inquiries.overdue().count()
        waiting = [
            Waiting(_("Open"), self.inquiries.open().count(), inquiry_changelist_url(open="yes")),
            Waiting(_("Late"), late, inquiry_changelist_url(late="yes"), is_urgent=late > 0),
        ]
        if self.sees_all:
            nobody = self.inquiries.filter(assigned_to=None, status=Inquiry.Status.NEW).count()
            link = inquiry_changelist_url(open="yes", assigned_to__isnull="True")
            waiting.append(Waiting(_("Unassigned"), nobody, link))
            gone = self.inquiries.unattended().count()
            label, link = _("With nobody who is there"), inquiry_changelist_url(open="unattended")
            waiting.append(Waiting(label, gone, link, is_urgent=gone > 0))
        held = Waiting(
            _("Held as spam"),
            self.inquiries.count_held_as_spam(),
            inquiry_changelist_url(held="yes"),
        )
        return [*waiting, held]

    @cached_property
    def figures(self) -> Figures:
        if not self.sees_all:
            return Figures.of(self.inquiries)
        key = "inquiry-figures-of-all"
        try:
            if (kept := cache.get(key)) is None:
                kept = Figures.of(Inquiry.objects.all())
                cache.set(key, kept, KEPT)
        except Exception:  # each kind of cache has errors of its own
            logger.exception("The cache does not answer; the figures are counted anew.")
            kept = Figures.of(Inquiry.objects.all())
        return kept

    @cached_property
    def contact_names(self) -> dict[int | None, str]:
        named = {each.contact for each in self.figures.answer_times}
        keys = [pk for pk in named | set(self.figures.outcomes_by_contact) if pk]
        names: dict[int | None, str] = {None: _("nobody")}
        return names | dict(Contact.objects.filter(pk__in=keys).values_list("pk", "name"))

    @property
    def by_source(self) -> Table:
        rows = [
            Row(str(Inquiry.Source(key).label), counts, inquiry_changelist_url(source__exact=key))
            for key, counts in self.figures.by_source.items()
        ]
        return self._weekly("sources", _("Inquiries per week, by source"), rows)

    @property
    def by_country(self) -> Table:
        shown, others = _most(self.figures.by_country)
        rows = [
            Row(countries.name(key) or key, counts, inquiry_changelist_url(country=key))
            if key
            else Row(_("not known"), counts)
            for key, counts in shown
        ]
        return self._weekly("countries", _("Inquiries per week, by country"), rows + others)

    @property
    def by_product(self) -> Table:
        shown, others = _most(self.figures.by_product)
        products = Product.objects.only("name").in_bulk([key for key, _counts in shown if key])
        rows = [
            Row(products[key].name if key in products else _("none, or no longer offered"), counts)
            for key, counts in shown
        ]
        title = _("Inquiries per week, by product asked for")
        return self._weekly("products", title, rows + others)

    @property
    def answer_times(self) -> Table:
        rows = [
            Row(
                self.contact_names.get(each.contact, ""),
                [each.number, _hours(each.median), _hours(each.ninetieth)],
                inquiry_changelist_url(assigned_to__id__exact=each.contact) if each.contact else "",
            )
            for each in self.figures.answer_times[:MOST_CONTACTS]
        ]
        heads = [_("contact"), _("answers"), _("median (hours)"), _("90th percentile (hours)")]
        title = _("Time to the first answer, in the last 90 days")
        return Table("answer-times", title, heads, rows)

    @property
    def outcomes_by_month(self) -> Table:
        rows = [
            Row(
                formats.date_format(month, "YEAR_MONTH_FORMAT"),
                [won, lost, _rate(won, lost)],
                inquiry_changelist_url(received=f"{month:%Y-%m}"),
            )
            for month, (won, lost) in self.figures.outcomes_by_month.items()
        ]
        heads = [_("received in"), _("won"), _("lost"), _("won (%)")]
        return Table("outcomes-by-month", _("Won and lost, by month"), heads, rows)

    @property
    def outcomes_by_contact(self) -> Table:
        counts = sorted(self.figures.outcomes_by_contact.items(), key=lambda each: -each[1][0])
        rows = [
            Row(
                self.contact_names.get(contact, ""),
                [won, lost, _rate(won, lost)],
                inquiry_changelist_url(assigned_to__id__exact=contact) if contact else "",
            )
            for contact, (won, lost) in counts[:MOST_CONTACTS]
        ]
        heads = [_("contact"), _("won"), _("lost"), _("won (%)")]
        title = _("Won and lost in the last 12 months, by contact")
        return Table("outcomes-by-contact", title, heads, rows)

    def table(self, name: str) -> Table:
        """The table that is called so; KeyError where none is."""
        found: Table = getattr(self, TABLES[name])
        return found

    def _weekly(self, name: str, title: str, rows: list[Row]) -> Table:
        weeks = [_day(week) for week in self.figures.weeks]
        return Table(name, title, [_("week from"), *weeks], rows)


TABLES = {
    "sources": "by_source",
    "countries": "by_country",
    "products": "by_product",
    "answer-times": "answer_times",
    "outcomes-by-month": "outcomes_by_month",
    "outcomes-by-contact": "outcomes_by_contact",
}


def _most(counts: Counts) -> tuple[list[tuple[Any, list[int]]], list[Row]]:
    """The first of them, and what all others come to, if there are others."""
    every = list(counts.items())
    others = [sum(week) for week in zip(*(each for _key, each in every[SHOWN:]), strict=True)]
    return every[:SHOWN], [Row(_("all others"), others)] if others else []


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _hours(duration: timedelta) -> float:
    return round(duration.total_seconds() / 3600, 1)


def _rate(won: int, lost: int) -> int | None:
    return round(100 * won / (won + lost)) if won + lost else None
