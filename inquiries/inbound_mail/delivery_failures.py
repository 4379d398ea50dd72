"""Mail to buyers that could not even be handed to a mail server."""

from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from inquiries.inbound_mail.bodies import clean
from inquiries.inbound_mail.message import key_for
from inquiries.models import InquiryEvent
from inquiries.services import report_delivery_failure

LOOKED_BACK = timedelta(days=7)
MOST_AT_ONCE = 200
LONGEST_REASON = 500  # characters


def tell_of_all() -> None:
    """Write down what the outbox has given up, once each, and tell who answers the inquiry."""
    why = Log.objects.filter(email=OuterRef("pk")).order_by("-date", "-pk").values("message")[:1]
    failed = Email.objects.filter(
        status=STATUS.failed, last_updated__gt=timezone.now() - LOOKED_BACK
    ).exclude(message_id=None)
    given_up = failed.order_by("-last_updated").annotate(why=Subquery(why))[:MOST_AT_ONCE]
    reasons = {mail.message_id: f"{', '.join(mail.to)} · {mail.why or ''}" for mail in given_up}
    keys = {message_id: key_for(f"failed {message_id}") for message_id in reasons}
    known = InquiryEvent.objects.filter(idempotency_key__in=keys.values())
    told = set(known.values_list("idempotency_key", flat=True))
    events = InquiryEvent.objects.filter(message_id__in=reasons).exclude(message_id="")
    for event in events.select_related("inquiry__assigned_to__user"):
        key = keys[event.message_id]
        if key not in told:
            report = clean(reasons[event.message_id])[:LONGEST_REASON]
            report_delivery_failure(event.inquiry, report, key=key)
