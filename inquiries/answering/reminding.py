"""Whoever has to answer is reminded in time, and the managers are told of what is late.

Each is done once for a deadline. The rows are locked while they are claimed, those that another
machine has are left to it, and the mail is queued in the same transaction.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contacts.models import Company, Contact
from inquiries.mail import lists
from inquiries.mail.managers import manager_addresses
from inquiries.models import Desk, Inquiry, InquiryEvent
from inquiries.models.querysets import InquiryQuerySet

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500  # what is more waits for the next run


def remind() -> None:
    """Remind each contact, or whoever stands in, of the answers that are due soon.

    What nobody who is there has is put to the managers, as long as it is not late: of that they
    hear anyway. A failure for one reader does not keep the others from being told.
    """
    desk, now = Desk.get_solo(), timezone.now()
    if not desk.reminder_hours:
        return
    soon = Company.get_solo().office_hours.add(now, desk.reminder_before)
    due = Inquiry.objects.waiting().filter(due_at__lte=soon, reminded_at=None)
    for contact, inquiries in due.by_answerer():
        try:
            _remind(contact, inquiries, now)
        except Exception:
            logger.exception("%s was not reminded; it is tried again.", contact or "Nobody")


def _remind(contact: Contact | None, inquiries: InquiryQuerySet, now: datetime) -> None:
    to = [contact.address] if contact else manager_addresses()
    if contact is None:
        inquiries = inquiries.filter(due_at__gt=now)
    with transaction.atomic():
        if to and (claimed := _claim(inquiries, "reminded_at", now)):
            name = contact.name if contact else ""
            _record(claimed, InquiryEvent.Kind.REMINDED, now, name)
            lists.remind(to, contact, claimed)


def escalate() -> None:
    """Tell the managers once of each inquiry whose answer is late: all of a run in one message."""
    late, now = Inquiry.objects.overdue().filter(escalated_at=None), timezone.now()
    if not late.exists() or not (to := manager_addresses()):
        return
    with transaction.atomic():
        if claimed := _claim(late, "escalated_at", now):
            _record(claimed, InquiryEvent.Kind.ESCALATED, now)
            lists.escalate(to, claimed)


def _claim(inquiries: InquiryQuerySet, field: str, now: datetime) -> list[Inquiry]:
    """Take on the most urgent of these, so that nobody else does; within a transaction."""
    free = inquiries.select_for_update(skip_locked=True, of=("self",))
    claimed = list(free.select_related("assigned_to").order_by("due_at", "pk")[:MOST_AT_ONCE])
    Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in claimed]).update(**{field: now})
    return claimed


def _record(inquiries: list[Inquiry], kind: str, now: datetime, text: str = "") -> None:
    """Write it down in each timeline; nobody in particular did it."""
    InquiryEvent.objects.bulk_create(
        InquiryEvent(inquiry=inquiry, kind=kind, at=now, text=text) for inquiry in inquiries
    )
