"""The messages to the buyer, one function each. None of them ever goes to the staff."""

from typing import TYPE_CHECKING

from django.utils import translation
from post_office.models import Email

from contacts.models import Company, Contact
from core.mail import outbox
from inquiries.mail import threads
from inquiries.mail.acknowledging import salutation

if TYPE_CHECKING:
    from inquiries.models import Inquiry


def acknowledge(inquiry: "Inquiry") -> Email:
    """Tell the buyer, in their language, that the inquiry is here, and where to follow it.

    Of all that was typed this repeats the name alone, since the address may be a stranger's.
    """
    headers = {"Auto-Submitted": "auto-replied"}  # so that no machine answers it
    with translation.override(inquiry.language):
        context = {
            "reference": inquiry.reference,
            "name": salutation(inquiry.name),
            "promise": inquiry.deadline.promise,
            "url": inquiry.status_url,
            "company": Company.get_solo(),
        }
        headers |= threads.reply_to()
        return outbox.put("inquiries/mail/acknowledgement", context, [inquiry.email], headers)


def answer(inquiry: "Inquiry", contact: Contact, text: str) -> Email:
    """Send an answer to the buyer, in their language, below the mails that went before."""
    thread = threads.in_thread(inquiry)
    headers = threads.reply_to(contact) | thread
    with translation.override(inquiry.language):
        context = {
            "inquiry": inquiry,
            "text": text,
            "contact": contact,
            "url": inquiry.status_url,
            "company": Company.get_solo(),
            "is_reply": bool(thread),
            "quotation": threads.quotation(inquiry),
        }
        sender = threads.sender(contact)
        return outbox.put("inquiries/mail/for_buyer", context, [inquiry.email], headers, sender)
