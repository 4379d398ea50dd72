"""Finds the inquiry that an inbound e-mail belongs to."""

import re
import unicodedata

from inquiries.inbound_mail.message import InboundMessage
from inquiries.models import FormerReference, Inquiry, InquiryEvent

REFERENCE = re.compile(r"(?<![A-Z0-9])[A-Z0-9]{8,12}(?![A-Z0-9])")  # what may be a reference
MAX_REFERENCES = 20
MAX_TEXT_LENGTH = 20_000  # characters in which a reference is searched


def find_inquiry(message: InboundMessage) -> Inquiry | None:
    """The inquiry that an e-mail replies to, found by its thread, else by reference and sender.

    The reference in the subject alone is not enough, since others may know it. A report about a
    failed delivery is found by the recipient that it names instead of its sender.
    """
    ids = message.referenced_ids
    events = InquiryEvent.objects.filter(message_id__in=ids).exclude(message_id="")
    thread = list(events.select_related("inquiry").order_by("-at", "-pk"))
    # The message named first is the one replied to; the newest event has it if several do.
    if thread and _may_join(
        inquiry := min(thread, key=lambda event: ids.index(event.message_id)).inquiry, message
    ):
        return inquiry
    if message.delivery_failure:
        texts = [message.subject, message.failed_subject, message.text[:MAX_TEXT_LENGTH]]
        text = "\n".join(texts)
        return _find_by_reference(text, message.failed_recipients)
    return _find_by_reference(message.subject, [message.sender])


def _may_join(inquiry: Inquiry, message: InboundMessage) -> bool:
    """Whether an e-mail in the thread of an inquiry is added to it.

    Others can learn a Message-ID. So a sender that our mail server has not found genuine must at
    least name the buyer's address. Reports of mail servers are often not signed.
    """
    is_from_buyer = message.sender.casefold() == inquiry.email.casefold()
    return message.is_verified is not False or is_from_buyer or bool(message.delivery_failure)


def _find_by_reference(text: str, buyers: list[str]) -> Inquiry | None:
    """The inquiry of one of these buyers, by their e-mail address, whose reference is in `text`."""
    text = unicodedata.normalize("NFKC", text).upper()
    references = set(REFERENCE.findall(text)[:MAX_REFERENCES])
    for buyer in buyers:
        own = Inquiry.objects.from_buyer(buyer)
        if inquiry := own.filter(reference__in=references).first():
            return inquiry
        former = FormerReference.objects.from_buyer(buyer).filter(reference__in=references)
        if merged := former.select_related("inquiry").first():
            return merged.inquiry
    return None
