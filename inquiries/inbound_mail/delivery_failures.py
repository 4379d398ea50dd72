"""Reports e-mails to buyers that no mail server accepted."""

from datetime import timedelta

from django.utils import timezone

from core.mail.outbox import find_failed
from core.text.control_characters import clean
from inquiries.inbound_mail.message import idempotency_key
from inquiries.models import InquiryEvent
from inquiries.services import report_delivery_failure

MAX_AGE = timedelta(days=7)
MAX_EMAILS = 200  # in one run
MAX_REASON_LENGTH = 500  # characters


def report_failed_emails() -> None:
    """Report each e-mail that the outbox failed to send, once, in its inquiry."""
    failed = find_failed(timezone.now() - MAX_AGE).exclude(message_id=None)[:MAX_EMAILS]
    reasons = {
        email.message_id: f"{', '.join(email.to)} · {email.reason or ''}" for email in failed
    }
    keys = {message_id: idempotency_key(f"failed {message_id}") for message_id in reasons}
    known = InquiryEvent.objects.filter(idempotency_key__in=keys.values())
    reported = set(known.values_list("idempotency_key", flat=True))
    events = InquiryEvent.objects.filter(message_id__in=reasons).exclude(message_id="")
    for event in events.select_related("inquiry__assigned_to__user"):
        key = keys[event.message_id]
        if key not in reported:
            reason = clean(reasons[event.message_id])[:MAX_REASON_LENGTH]
            report_delivery_failure(event.inquiry, reason, key=key)
