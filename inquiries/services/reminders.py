"""Reminding contacts of replies that are due soon, and notifying managers of overdue ones.

Both are sent once per deadline. The rows are locked while they are claimed, rows that another
process has locked are skipped, and the e-mail is queued in the same transaction.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.models import Company, Contact
from inquiries.emails import inquiry_lists
from inquiries.emails.recipients import manager_emails
from inquiries.models import Inquiry, InquiryEvent, InquiryQuerySet, InquirySettings
from inquiries.services.recipients import group_by_recipient

logger = logging.getLogger(__name__)

BATCH_SIZE = 500  # the rest follows in the next run


def send_reminders() -> None:
    """Remind each contact, or their substitute, of the replies that are due soon.

    The managers are reminded of inquiries without a reachable contact, unless these are overdue,
    since they get a separate e-mail then. A failure for one recipient does not stop the others.
    """
    settings, now = InquirySettings.current(), timezone.now()
    if not settings.reminder_hours:
        return
    soon = Company.current().office_hours.add(now, settings.reminder_time)
    due = Inquiry.objects.awaiting_reply().filter(due_at__lte=soon, reminded_at=None)
    for contact, inquiries in group_by_recipient(due):
        try:
            _remind(contact, inquiries, now)
        except Exception:
            recipient = contact or "the managers"
            logger.exception("The reminder for %s failed; it is tried again.", recipient)


def _remind(contact: Contact | None, inquiries: InquiryQuerySet, now: datetime) -> None:
    to = [contact.notification_email] if contact else manager_emails()
    if contact is None:
        inquiries = inquiries.filter(due_at__gt=now)
    with transaction.atomic():
        if to and (claimed := _claim(inquiries, "reminded_at", now)):
            data = {
                "contact": contact.pk if contact else None,
                "contact_name": contact.name if contact else "",
            }
            _record(claimed, InquiryEvent.Kind.REMINDED, now, data)
            inquiry_lists.send_reminder(to, contact, claimed)


def escalate_overdue_inquiries() -> None:
    """Notify the managers once of each overdue inquiry, in one e-mail."""
    overdue, now = Inquiry.objects.overdue().filter(escalated_at=None), timezone.now()
    if not overdue.exists() or not (to := manager_emails()):
        return
    with transaction.atomic():
        if claimed := _claim(overdue, "escalated_at", now):
            _record(claimed, InquiryEvent.Kind.ESCALATED, now, {})
            inquiry_lists.send_overdue_notice(to, claimed)


def _claim(inquiries: InquiryQuerySet, field: str, now: datetime) -> list[Inquiry]:
    """Lock the most urgent inquiries and set `field`, so that no other process handles them."""
    unlocked = inquiries.select_for_update(skip_locked=True, of=("self",))
    claimed = list(unlocked.select_related("assigned_to").order_by("due_at", "pk")[:BATCH_SIZE])
    Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in claimed]).update(**{field: now})
    return claimed


def _record(
    inquiries: Sequence[Inquiry], kind: str, now: datetime, data: Mapping[str, Any]
) -> None:
    """Add the same event to each timeline, in one query."""
    InquiryEvent.objects.bulk_create(
        InquiryEvent(inquiry=inquiry, kind=kind, at=now, data=dict(data)) for inquiry in inquiries
    )
