"""The messages to the staff about several inquiries. None of them ever goes to the buyer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from contacts.models import Company, Contact
from core.absolute_urls import absolute
from inquiries.addresses import list_of
from inquiries.mail import internal

if TYPE_CHECKING:
    from inquiries.models import Inquiry
    from inquiries.models.querysets import InquiryQuerySet

MOST_LINES = 20


@dataclass(frozen=True)
class Listed:
    """The first of several inquiries, and how many more there are; `title` is lazily translated.

    `filters` have the admin's list show all of them.
    """

    first: "Sequence[Inquiry]"
    count: int
    filters: Mapping[str, str] = field(default_factory=dict)
    title: object = ""

    @classmethod
    def of(cls, inquiries: "InquiryQuerySet", filters: Mapping[str, str], title: object) -> Self:
        """The first of what a queryset holds, in two queries."""
        first = inquiries.select_related("assigned_to").order_by("due_at", "pk")[:MOST_LINES]
        return cls(list(first), inquiries.count(), filters, title)

    @property
    def more(self) -> int:
        return self.count - len(self.first)

    @property
    def url(self) -> str:
        return absolute(list_of(**self.filters))


def remind(to: Iterable[str], contact: Contact | None, inquiries: "Sequence[Inquiry]") -> None:
    """Say what is to be answered soon; without a contact, to the managers who assign it."""
    listed = Listed(inquiries[:MOST_LINES], len(inquiries), {"late": "waiting"})
    _put("reminder", to, [listed], contact=contact)


def escalate(to: Iterable[str], inquiries: "Sequence[Inquiry]") -> None:
    """Tell the managers what has become late."""
    listed = Listed(inquiries[:MOST_LINES], len(inquiries), {"late": "yes"})
    _put("late", to, [listed])


def digest(
    to: Iterable[str], contact: Contact | None, sections: "Sequence[Listed]", open_count: int
) -> None:
    """The day's overview for a contact, or for the managers."""
    _put("digest", to, sections, has_html=True, contact=contact, open_count=open_count)


def _put(template: str, to: Iterable[str], lists: "Sequence[Listed]", **more: Any) -> None:
    """Queue a message to each address, with the company's hours read once for all inquiries."""
    hours = Company.get_solo().office_hours
    for inquiry in (inquiry for listed in lists for inquiry in listed.first):
        inquiry.office_hours = hours
    listed = lists[0] if lists else None
    internal.put(template, to, lists=lists, listed=listed, url=absolute(list_of()), **more)
