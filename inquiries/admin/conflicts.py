"""Detecting that another user has changed an inquiry since a page was opened."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import User
from django.utils.translation import gettext

from inquiries.display.events import event_sentence
from inquiries.models import Inquiry, InquiryEvent

SNAPSHOT = re.compile(r"([0-9]{1,18}):([0-9]{1,18}):([a-z]+)")


@dataclass(frozen=True)
class Snapshot:
    """The state of an inquiry when its form was shown; a hidden field sends it back as text.

    `event` is the primary key of the newest event. The events of an inquiry are created under its
    lock, so that every later event has a greater key.
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
        """Parse the result of `str`; None for any other text."""
        parts = SNAPSHOT.fullmatch(text)
        if parts is None or parts[3] not in Inquiry.Status:
            return None
        return cls(int(parts[1]), int(parts[2]) or None, parts[3])

    def __str__(self) -> str:
        return f"{self.event}:{self.contact or 0}:{self.status}"


@dataclass(frozen=True)
class ListSnapshot:
    """The contacts of the inquiries on a page of the list, and the newest event.

    `contacts` maps primary keys of inquiries to those of their contacts, 0 without one.
    """

    contacts: dict[int, int]
    event: int

    @classmethod
    def of(cls, inquiries: Iterable[Inquiry]) -> Self:
        newest = InquiryEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
        return cls({i.pk: i.assigned_to_id or 0 for i in inquiries}, newest or 0)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Parse the result of `str`; None for any other text."""
        try:
            event, *pairs = text.split(",")
            split_pairs = (pair.split(":") for pair in pairs)
            return cls({int(pk): int(contact) for pk, contact in split_pairs}, int(event))
        except ValueError:
            return None

    def __str__(self) -> str:
        return ",".join([str(self.event), *(f"{pk}:{c}" for pk, c in self.contacts.items())])

    def conflicting_assignment(self, inquiry: Inquiry, user: User) -> InquiryEvent | None:
        """The event by which another user has assigned a locked inquiry since the snapshot.

        An inquiry on another page of the list is only compared with the newest event.
        """
        assignments = inquiry.events.filter(kind=InquiryEvent.Kind.ASSIGNED)
        latest = assignments.select_related("actor").order_by("-pk").first()
        if latest is None or latest.actor_id == user.pk:
            return None
        if inquiry.pk in self.contacts:
            is_unchanged = self.contacts[inquiry.pk] == (inquiry.assigned_to_id or 0)
        else:
            is_unchanged = latest.pk <= self.event
        return None if is_unchanged else latest


def conflict_message(events: Iterable[InquiryEvent]) -> str:
    """The error that lists the events since the page was opened."""
    sentence = gettext("Since you opened this page: %(events)s. Save again to continue anyway.")
    return sentence % {"events": "; ".join(event_sentence(event) for event in events)}
