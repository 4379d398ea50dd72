"""Finds the inquiry that an inbound e-mail belongs to."""

import re

from inquiries.inbound_mail.message import InboundMessage
from inquiries.models import FormerReference, Inquiry, InquiryEvent

REFERENCE = re.compile(r"\b[A-Z0-9]{8,12}\b")  # what may be a reference
MAX_REFERENCES = 20


def find_inquiry(message: InboundMessage) -> Inquiry | None:
    """The inquiry that an e-mail replies to, found by its thread, else by subject and sender.

    The reference in the subject alone is not enough, since others may know it.
    """
    events = InquiryEvent.objects.filter(message_id__in=message.referenced_ids)
    thread = events.exclude(message_id="").select_related("inquiry")
    if event := thread.order_by("-at", "-pk").first():
        return event.inquiry
    references = set(REFERENCE.findall(message.subject.upper())[:MAX_REFERENCES])
    own = Inquiry.objects.from_buyer(message.sender)
    if inquiry := own.filter(reference__in=references).first():
        return inquiry
    former = FormerReference.objects.from_buyer(message.sender).filter(reference__in=references)
    merged = former.select_related("inquiry").first()
    return merged.inquiry if merged else None
