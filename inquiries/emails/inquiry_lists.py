"""The e-mails to the staff about several inquiries. None of them ever goes to the buyer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from contacts.models import Company, Contact
from core.absolute_urls import absolute_url
from inquiries.admin_urls import inquiry_changelist_url
from inquiries.emails.queue import queue_staff_email
from inquiries.models import Inquiry, InquiryQuerySet

MAX_LISTED = 20


@dataclass(frozen=True)
class InquiryList:
    """The first of several inquiries, and the number of all of them.

    `filters` are those of the admin's list that show all of them; `title` is lazily translated.
    """

    first: Sequence[Inquiry]
    count: int
    filters: Mapping[str, str] = field(default_factory=dict)
    title: object = ""

    @classmethod
    def of(cls, inquiries: InquiryQuerySet, filters: Mapping[str, str], title: object) -> Self:
        """The list of what a queryset contains, by deadline; in two queries."""
        first = inquiries.select_related("assigned_to").order_by("due_at", "pk")[:MAX_LISTED]
        return cls(list(first), inquiries.count(), filters, title)

    @property
    def more(self) -> int:
        return self.count - len(self.first)

    @property
    def url(self) -> str:
        return absolute_url(inquiry_changelist_url(**self.filters))


def send_reminder(to: Iterable[str], contact: Contact | None, inquiries: Sequence[Inquiry]) -> None:
    """Remind of inquiries that are due soon: a contact, or without one the managers."""
    listed = InquiryList(inquiries[:MAX_LISTED], len(inquiries), {"late": "waiting"})
    _queue("reminder", to, [listed], contact=contact)


def send_overdue_notice(to: Iterable[str], inquiries: Sequence[Inquiry]) -> None:
    """Notify the managers of inquiries that have become overdue."""
    listed = InquiryList(inquiries[:MAX_LISTED], len(inquiries), {"late": "yes"})
    _queue("overdue", to, [listed])


def send_digest(
    to: Iterable[str], contact: Contact | None, sections: Sequence[InquiryList], open_count: int
) -> None:
    """Send the daily digest to a contact, or without one to the managers."""
    _queue("digest", to, sections, has_html=True, contact=contact, open_count=open_count)


def _queue(
    template: str,
    to: Iterable[str],
    lists: Sequence[InquiryList],
    has_html: bool = False,
    **context: object,
) -> None:
    queue_staff_email(
        template,
        to,
        has_html=has_html,
        lists=lists,
        listed=lists[0] if lists else None,
        office_hours=Company.get_solo().office_hours,
        url=absolute_url(inquiry_changelist_url()),
        **context,
    )
