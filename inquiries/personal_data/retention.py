"""Erases old inquiries automatically, two weeks after the managers were notified."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from contacts.models import Company
from inquiries.emails.erasure_notice import send_erasure_notice
from inquiries.emails.recipients import manager_emails
from inquiries.models import Inquiry, InquiryEvent, InquiryQuerySet
from inquiries.personal_data.erasure import delete_inquiries, erase_inquiries

NOTICE_PERIOD = timedelta(days=14)
# Inquiries in one run; the rest follow in the next one. Searching a large outbox takes a while
# and blocks the worker, which also sends the e-mails.
MAX_ANNOUNCED = 500
MAX_ERASED = 100

Status = Inquiry.Status


def expired_inquiries() -> InquiryQuerySet:
    """Inquiries without events during their retention period.

    Won and lost inquiries expire INQUIRY_RETENTION days after their last event, spam after
    SPAM_RETENTION days. They never expire if the setting is 0.
    """
    retention_days = [
        (Q(status__in=[Status.WON, Status.LOST], erased_at=None), settings.INQUIRY_RETENTION),
        (Q(status=Status.SPAM, erased_at=None), settings.SPAM_RETENTION),
    ]
    expired = Q(pk__in=[])
    for condition, days in retention_days:
        if days:
            since = timezone.now() - timedelta(days=days)
            later = InquiryEvent.objects.filter(inquiry=OuterRef("pk"), at__gt=since)
            expired |= condition & Q(created_at__lte=since) & ~Q(Exists(later))
    return Inquiry.objects.filter(expired)


def announce_erasures() -> int:
    """Schedule expired inquiries for erasure and e-mail the managers; return the number.

    Without a recipient nothing is scheduled, and so nothing is erased.
    """
    recipients = manager_emails()
    if not recipients:
        return 0
    with transaction.atomic():
        rows = expired_inquiries().filter(erase_on=None).order_by("pk")
        inquiries = list(rows.select_for_update(of=("self",))[:MAX_ANNOUNCED])
        if inquiries:
            day = Company.current().today + NOTICE_PERIOD
            announced = Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in inquiries])
            announced.update(erase_on=day)
            send_erasure_notice(recipients, inquiries, day)
    return len(inquiries)


def cancel_erasures() -> int:
    """Cancel the erasure of inquiries with new events or extended retention; return the number."""
    scheduled = Inquiry.objects.scheduled_for_erasure()
    return scheduled.exclude(pk__in=_still_due().values("pk")).update(erase_on=None)


def run_erasures() -> int:
    """Erase inquiries on their erasure date, or delete them if they are spam; return the number."""
    due = _still_due().filter(erase_on__lte=Company.current().today)
    pks = list(due.order_by("erase_on", "pk").values_list("pk", flat=True)[:MAX_ERASED])
    chosen = _still_due().filter(pk__in=pks)
    spam_count = delete_inquiries(chosen.filter(status=Status.SPAM))
    return spam_count + erase_inquiries(chosen.exclude(status=Status.SPAM), by=None)


def _still_due() -> InquiryQuerySet:
    """Inquiries that are scheduled for erasure and have had no event since the announcement."""
    # One more day, since a date begins at different times in different time zones.
    announced_at = ExpressionWrapper(
        OuterRef("erase_on") - (NOTICE_PERIOD + timedelta(days=1)), output_field=DateTimeField()
    )
    later = InquiryEvent.objects.filter(inquiry=OuterRef("pk"), at__gt=announced_at)
    return expired_inquiries().scheduled_for_erasure().exclude(Exists(later))
