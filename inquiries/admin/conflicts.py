"""Two of the staff at the same inquiry: the second is told of the first, and nothing is lost."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import User
from django.utils.translation import gettext

from inquiries.models import Inquiry, InquiryEvent

SEEN = re.compile(r"([0-9]{1,18}):([0-9]{1,18}):([a-z]+)")


@dataclass(frozen=True)
class Seen:
    """How an inquiry stood when its form was shown. As text it travels in the form.

    `event` is the newest event's primary key. Events of one inquiry are written one after the
    other, under its lock, so whatever came later has a greater one.
    """

    event: int
    contact: int | None
    status: str

    @classmethod
    def of(cls, inquiry: Inquiry) -> Self:
        newest = inquiry.events.order_by("-pk").values_list("pk", flat=True).first()
        return cls(newest or 0, inquiry.assigned_to_id, inquiry.status)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """What `str` made; None for anything else."""
        parts = SEEN.fullmatch(text)
        if parts is None or parts[3] not in Inquiry.Status:
            return None
        return cls(int(parts[1]), int(parts[2]) or None, parts[3])

    def __str__(self) -> str:
        return f"{self.event}:{self.contact or 0}:{self.status}"


@dataclass(frozen=True)
class SeenList:
    """Whose the inquiries of a list were when it was shown, and the newest event of all."""

    contacts: dict[int, int]
    event: int

    @classmethod
    def of(cls, inquiries: Iterable[Inquiry]) -> Self:
        newest = InquiryEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
        return cls({i.pk: i.assigned_to_id or 0 for i in inquiries}, newest or 0)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """What `str` made; None for anything else."""
        try:
            event, *pairs = text.split(",")
            contacts = (map(int, pair.split(":", 1)) for pair in pairs)
            return cls(dict(contacts), int(event))  # type: ignore[arg-type]
        except ValueError:
            return None

    def __str__(self) -> str:
        return ",".join([str(self.event), *(f"{pk}:{c}" for pk, c in self.contacts.items())])

    def overtaken_by(self, inquiry: Inquiry, by: User) -> InquiryEvent | None:
        """The event by which somebody else than `by` has assigned a locked inquiry since.

        Of those beyond the page that was shown, it is known by the newest event alone.
        """
        assigned = inquiry.events.filter(kind=InquiryEvent.Kind.ASSIGNED)
        latest = assigned.select_related("actor").order_by("-pk").first()
        if latest is None or latest.actor_id == by.pk:
            return None
        if inquiry.pk in self.contacts:
            is_as_seen = self.contacts[inquiry.pk] == (inquiry.assigned_to_id or 0)
        else:
            is_as_seen = latest.pk <= self.event
        return None if is_as_seen else latest


def tell(events: Iterable[InquiryEvent]) -> str:
    """What others did since a page was opened, in a sentence that asks for another try."""
    sentence = gettext("Since you opened this page: %(events)s. Save again to do it all the same.")
    return sentence % {"events": "; ".join(event.told for event in events)}
