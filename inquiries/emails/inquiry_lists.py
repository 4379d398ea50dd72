"""The e-mails to the staff about several inquiries, never to the buyer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from contacts.models import Company, Contact
from core.absolute_urls import absolute_url
from inquiries.admin_urls import inquiry_changelist_url
from inquiries.emails.queue import queue_staff_email
from inquiries.models import Inquiry, InquiryQuerySet

MAX_LISTED = 20


@dataclass(frozen=True)
class InquiryList:
    """The first inquiries of a longer list, and the total number.

    `filters` select the same inquiries in the admin's list; `title` is lazily translated.
    """

    first: Sequence[Inquiry]
    count: int
    filters: Mapping[str, str] = field(default_factory=dict)
    title: object = ""

    @classmethod
    def of(cls, inquiries: InquiryQuerySet, filters: Mapping[str, str], title: object) -> Self:
        """The inquiries of a queryset by deadline; takes two queries."""
        first = inquiries.select_related("assigned_to").order_by("due_at", "pk")[:MAX_LISTED]
        return cls(list(first), inquiries.count(), filters, title)

    @property
    def more(self) -> int:
        return self.count - len(self.first)

    @property
    def url(self) -> str:
        return absolute_url(inquiry_changelist_url(**self.filters))


def send_reminder(to: Iterable[str], contact: Contact | None, inquiries: Sequence[Inquiry]) -> None:
    """Remind a contact, or the managers without one, of inquiries that are due soon."""
    listed = InquiryList(inquiries[:MAX_LISTED], len(inquiries), {"late": "waiting"})
    _queue("reminder", to, [listed], contact=contact)


def send_overdue_notice(to: Iterable[str], inquiries: Sequence[Inquiry]) -> None:
    """Notify the managers of inquiries that have become overdue."""
    listed = InquiryList(inquiries[:MAX_LISTED], len(inquiries), {"late": "yes"})
    _queue("overdue", to, [listed])


def send_digest(
    to: Iterable[str], contact: Contact | None, sections: Sequence[InquiryList], open_count: int
) -> None:
    """Send the daily digest to a contact, or to the managers without one."""
    _queue("digest", to, sections, has_html=True, contact=contact, open_count=open_count)


def _queue(
    template: str,
    to: Iterable[str],
    lists: Sequence[InquiryList],
    has_html: bool = False,
    **context: Any,
) -> None:
    queue_staff_email(
        template,
        to,
        has_html=has_html,
        lists=lists,
        listed=lists[0] if lists else None,
        office_hours=Company.current().office_hours,
        url=absolute_url(inquiry_changelist_url()),
        **context,
    )
