"""The messages to the buyer, one function each. None of them ever goes to the staff."""

from typing import TYPE_CHECKING

from django.utils import translation

from config import outbox
from contacts.models import Company, Contact
from products.inquiries.acknowledging import salutation

if TYPE_CHECKING:
    from products.inquiries.models import Inquiry


def acknowledge(inquiry: "Inquiry") -> None:
    """Tell the buyer, in their language, that the inquiry is here, and where to follow it.

    Of all that was typed this repeats the name alone, since the address may be a stranger's.
    """
    headers = {"Auto-Submitted": "auto-replied"}  # so that no machine answers it
    with translation.override(inquiry.language):
        context = {
            "reference": inquiry.reference,
            "name": salutation(inquiry.name),
            "url": inquiry.status_url,
            "company": Company.get_solo(),
        }
        outbox.put("inquiries/mail/acknowledgement", context, [inquiry.email], headers)


def answer(inquiry: "Inquiry", contact: Contact, text: str) -> None:
    """Send an answer to the buyer, in their language; what they reply goes to the contact."""
    headers = {"Reply-To": contact.address} if contact.address else {}
    with translation.override(inquiry.language):
        context = {
            "inquiry": inquiry,
            "text": text,
            "contact": contact,
            "url": inquiry.status_url,
            "company": Company.get_solo(),
        }
        outbox.put("inquiries/mail/for_buyer", context, [inquiry.email], headers)
