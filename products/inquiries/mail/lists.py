"""The messages to the staff about several inquiries. None of them ever goes to the buyer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from config import outbox
from contacts.hours import OfficeHours
from contacts.models import Company, Contact

if TYPE_CHECKING:
    from products.inquiries.models import Inquiry
    from products.inquiries.models.querysets import InquiryQuerySet

MOST_LINES = 20
AUTOMATIC = {"Auto-Submitted": "auto-generated"}  # RFC 3834: so that no machine answers it


@dataclass(frozen=True)
class Listed:
    """The first of several inquiries, and how many more there are; `title` is lazily translated.

    `query` makes the admin's list show all of them.
    """

    first: "Sequence[Inquiry]"
    count: int
    query: str = ""
    title: object = ""

    @classmethod
    def of(cls, inquiries: "InquiryQuerySet", query: str, title: object) -> Self:
        """The first of what a queryset holds, in two queries."""
        first = inquiries.select_related("assigned_to").order_by("due_at", "pk")[:MOST_LINES]
        return cls(list(first), inquiries.count(), query, title)

    @property
    def more(self) -> int:
        return self.count - len(self.first)

    @property
    def url(self) -> str:
        return _list_url(self.query)


def _list_url(query: str = "") -> str:
    """The address of the admin's list of inquiries."""
    address = settings.SITE_URL + reverse("admin:inquiries_inquiry_changelist")
    return f"{address}?{query}" if query else address


def remind(to: Iterable[str], contact: Contact | None, inquiries: "Sequence[Inquiry]") -> None:
    """Say what is to be answered soon; without a contact, to the managers who assign it."""
    listed = Listed(inquiries[:MOST_LINES], len(inquiries), "late=waiting")
    _put("inquiries/mail/reminder", to, [listed], contact=contact)


def escalate(to: Iterable[str], inquiries: "Sequence[Inquiry]") -> None:
    """Tell the managers what has become late."""
    listed = Listed(inquiries[:MOST_LINES], len(inquiries), "late=yes")
    _put("inquiries/mail/late", to, [listed])


def digest(
    to: Iterable[str], contact: Contact | None, sections: "Sequence[Listed]", open_count: int
) -> None:
    """The day's overview for a contact, or for the managers."""
    more = {"contact": contact, "open_count": open_count}
    _put("inquiries/mail/digest", to, sections, has_html=True, **more)


def _put(
    template: str,
    to: Iterable[str],
    lists: "Sequence[Listed]",
    has_html: bool = False,
    **more: object,
) -> None:
    """Queue a message to each address, with the company's hours read once for all inquiries."""
    hours = OfficeHours.of_company()
    for inquiry in (inquiry for listed in lists for inquiry in listed.first):
        inquiry.office_hours = hours
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "lists": lists,
            "listed": lists[0] if lists else None,
            "company": Company.get_solo(),
            "url": _list_url(),
            **more,
        }
        for address in to:
            outbox.put(template, context, [address], AUTOMATIC, has_html=has_html)
