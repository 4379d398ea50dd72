"""The messages to the staff, one function each. None of them ever goes to the buyer."""

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from config import outbox
from contacts.models import Company, Contact
from products.inquiries.mail.managers import manager_addresses

if TYPE_CHECKING:
    from products.inquiries.models import Inquiry

logger = logging.getLogger(__name__)


def tell_managers(inquiry: "Inquiry") -> None:
    """Tell every manager of a new inquiry."""
    for address in manager_addresses():
        _put("inquiries/mail/for_managers", inquiry, address)


def tell_of_message(inquiry: "Inquiry", text: str) -> None:
    """Tell the contact that the buyer has written again; where nobody can be told, the managers."""
    for address in _who_answers(inquiry):
        _put("inquiries/mail/message_for_staff", inquiry, address, text=text)


def tell_of_failure(inquiry: "Inquiry", text: str) -> None:
    """Tell who answers that a mail did not reach the buyer; `text` is what mail servers said."""
    for address in _who_answers(inquiry):
        _put("inquiries/mail/failure_for_staff", inquiry, address, text=text)


def tell_contact(inquiry: "Inquiry", contact: Contact) -> None:
    """Tell the contact that an inquiry is theirs now."""
    if not contact.address:
        logger.warning("%s has no e-mail address to be told at.", contact)
        return
    _put("inquiries/mail/for_contact", inquiry, contact.address)


def _who_answers(inquiry: "Inquiry") -> list[str]:
    """The contact's address; where nobody can be told there, the managers'."""
    contact = inquiry.assigned_to
    return [contact.address] if contact and contact.address else manager_addresses()


def _put(template: str, inquiry: "Inquiry", to: str, **more: object) -> None:
    """Queue a message that shows the whole inquiry and leads to it in the admin."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "inquiry": inquiry,
            "lines": inquiry.lines.all(),
            "company": Company.get_solo(),
            "url": settings.SITE_URL + reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]),
            **more,
        }
        # So that no absent member of staff answers by machine.
        outbox.put(template, context, [to], {"Auto-Submitted": "auto-generated"})
