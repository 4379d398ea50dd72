"""The daily digest of open and overdue inquiries, sent when the company opens."""

import logging
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Contact
from contacts.office_hours import OfficeHours
from inquiries.emails import inquiry_lists
from inquiries.emails.inquiry_lists import InquiryList
from inquiries.emails.recipients import manager_emails
from inquiries.models import Inquiry, InquiryQuerySet, InquirySettings
from inquiries.services.recipients import group_by_recipient

logger = logging.getLogger(__name__)

MAX_MESSAGE_AGE = timedelta(days=7)  # of messages that count as new


def send_digests() -> None:
    """Send today's digest if the company has opened and it was not sent yet.

    It is claimed and queued in one transaction, so that two processes send it only once, and the
    next run sends it after a crash. A failure for one recipient does not stop the others.
    """
    hours = Company.current().office_hours
    today = timezone.localdate(timezone=hours.zone)
    opening = _opening(hours, today)
    if opening is None or timezone.now() < opening:
        return
    with transaction.atomic():
        last = InquirySettings.get_solo().digest_sent_on
        if _claim_digest(today):
            if last is None or last > today:
                last = today - timedelta(days=1)
            last = max(last, today - MAX_MESSAGE_AGE)
            since = datetime.combine(last, time.min, hours.zone)
            _send_to_all(_opening(hours, last) or since)


def _claim_digest(day: date) -> bool:
    """Mark the digest of `day` as sent; return False if it was sent before or is turned off.

    A later day was stored before the clock was set back.
    """
    unsent = InquirySettings.objects.filter(sends_digest=True).exclude(digest_sent_on=day)
    return bool(unsent.update(digest_sent_on=day))


def _opening(hours: OfficeHours, day: date) -> datetime | None:
    """When the company opens on `day`; None if it does not."""
    opening = hours.next_opening(datetime.combine(day, time.min, hours.zone))
    return opening if opening.astimezone(hours.zone).date() == day else None


def _send_to_all(since: datetime) -> None:
    inquiries = Inquiry.objects.open()
    for contact, assigned in group_by_recipient(inquiries):
        if contact is not None:
            _send(contact, assigned, since)
    _send(None, inquiries, since)


def _send(contact: Contact | None, inquiries: InquiryQuerySet, since: datetime) -> None:
    """Send the digest to a contact, or to the managers, unless no inquiry is open."""
    try:
        with transaction.atomic():
            to = [contact.notification_email] if contact else manager_emails()
            open_count = inquiries.count()
            if to and open_count:
                sections = _sections(contact, inquiries, since)
                inquiry_lists.send_digest(to, contact, sections, open_count)
    except Exception:
        logger.exception("The digest for %s failed.", contact or "the managers")


def _sections(
    contact: Contact | None, inquiries: InquiryQuerySet, since: datetime
) -> list[InquiryList]:
    """The sections of a digest, the most urgent first; each inquiry is in one of them."""
    inquiries = inquiries.with_new_message(since)
    others = inquiries.not_urgent()
    sections = [
        InquiryList.of(inquiries.overdue(), {"late": "yes"}, _("Overdue")),
        InquiryList.of(inquiries.due_today(), {"late": "today"}, _("Reply due today")),
    ]
    if contact is None:
        unassigned, unattended = others.filter(assigned_to=None), others.unattended()
        new, unattended_query = {"status__exact": "new"}, {"open": "unattended"}
        sections += [
            InquiryList.of(unassigned, new, _("Not assigned yet")),
            InquiryList.of(unattended, unattended_query, _("Assignee unavailable")),
        ]
        others = others.exclude(assigned_to=None).exclude(pk__in=unattended.values("pk"))
    later, waiting = others.awaiting_reply(), {"late": "waiting"}
    sections += [
        InquiryList.of(later.filter(has_message=True), waiting, _("New messages")),
        InquiryList.of(later.filter(has_message=False), waiting, _("Reply due later")),
    ]
    return [section for section in sections if section.count]
