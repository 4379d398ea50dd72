"""How long buyers' data is kept. What goes is announced first, and stays if something happens."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from inquiries.emails.erasure_notice import send_erasure_notice
from inquiries.emails.recipients import manager_emails
from inquiries.models import Inquiry, InquiryEvent, InquiryQuerySet
from inquiries.personal_data import erasure

ANNOUNCED = timedelta(days=14)
# At once; the rest follows the next time. To go through a large outbox takes a while, and the
# worker sends no mail meanwhile.
MOST_ANNOUNCED, MOST_ERASED = 500, 100

Status = Inquiry.Status


def outlived() -> InquiryQuerySet:
    """Those in which nothing happened for as long as they are kept.

    What was won or lost is kept for INQUIRY_RETENTION days after its last event, what is held as
    spam for SPAM_RETENTION days; 0 is for ever.
    """
    kept = [
        (Q(status__in=[Status.WON, Status.LOST], erased_at=None), settings.INQUIRY_RETENTION),
        (Q(status=Status.SPAM, erased_at=None), settings.SPAM_RETENTION),
    ]
    found = Q(pk__in=[])
    for which, days in kept:
        if days:
            since = timezone.now() - timedelta(days=days)
            later = InquiryEvent.objects.filter(inquiry=OuterRef("pk"), at__gt=since)
            found |= which & Q(created_at__lte=since) & ~Q(Exists(later))
    return Inquiry.objects.filter(found)


def announce() -> int:
    """Tell the managers, in one mail each, what goes in fourteen days; returns how many these are.

    Without anybody who can be told nothing is announced, and so nothing is erased.
    """
    addresses = manager_emails()
    if not addresses:
        return 0
    with transaction.atomic():
        rows = outlived().filter(erase_on=None).order_by("pk").select_for_update(of=("self",))
        found = list(rows[:MOST_ANNOUNCED])
        if found:
            day = timezone.localdate() + ANNOUNCED
            Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in found]).update(erase_on=day)
            send_erasure_notice(addresses, found, day)
    return len(found)


def keep_what_moved() -> int:
    """Take back what was announced where something has happened since, or nothing goes any more."""
    announced = Inquiry.objects.scheduled_for_erasure()
    return announced.exclude(pk__in=_still_to_go().values("pk")).update(erase_on=None)


def carry_out() -> int:
    """Erase what was announced and is due, delete such spam; returns how many these are."""
    due = _still_to_go().filter(erase_on__lte=timezone.localdate())
    pks = list(due.order_by("erase_on", "pk").values_list("pk", flat=True)[:MOST_ERASED])
    chosen = _still_to_go().filter(pk__in=pks)
    spam = erasure.delete(chosen.filter(status=Status.SPAM))
    return spam + erasure.erase(chosen.exclude(status=Status.SPAM), by=None)


def _still_to_go() -> InquiryQuerySet:
    """What was announced, and in which nothing has happened since.

    A day is added, since a date begins at another moment in each time zone.
    """
    since = ExpressionWrapper(
        OuterRef("erase_on") - (ANNOUNCED + timedelta(days=1)), output_field=DateTimeField()
    )
    later = InquiryEvent.objects.filter(inquiry=OuterRef("pk"), at__gt=since)
    return outlived().scheduled_for_erasure().exclude(Exists(later))
