"""How often the staff is notified of one inquiry: above a limit, several messages in one e-mail."""

from datetime import timedelta

from django.utils import timezone

from inquiries.emails import staff
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services.transactions import locked

MAX_NOTICES = 5  # for one inquiry within the period
PERIOD = timedelta(hours=1)

Kind = InquiryEvent.Kind
REPORTED = [Kind.MESSAGE, Kind.ASKED_AGAIN, Kind.BOUNCED]


def may_notify(inquiry: Inquiry) -> bool:
    """Whether the staff is notified at once of the last event of a locked inquiry, already saved.

    If not, it is reported with later ones by `notify_of_further_messages`.
    """
    if inquiry.notice_after:
        return False
    reported = inquiry.events.filter(kind__in=REPORTED)
    if reported.filter(at__gt=timezone.now() - PERIOD).count() <= MAX_NOTICES:
        return True
    inquiry.notice_after = reported.latest().at + PERIOD
    inquiry.save(update_fields=["notice_after"])
    return False


def notify_of_further_messages() -> None:
    """Report the messages that have waited for the end of their period, in one e-mail each."""
    for inquiry in Inquiry.objects.filter(notice_after__lte=timezone.now()):
        with locked(inquiry):
            if not inquiry.notice_after:
                continue
            since = inquiry.notice_after - PERIOD
            count = inquiry.events.filter(kind__in=REPORTED, at__gte=since).count()
            inquiry.notice_after = None
            inquiry.save(update_fields=["notice_after"])
            if count and not inquiry.erased_at:
                staff.notify_of_further_messages(inquiry, count)
