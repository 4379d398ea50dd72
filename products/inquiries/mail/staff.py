"""The messages to the staff, one function each. None of them ever goes to the buyer."""

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import translation

from config import outbox
from contacts.models import Company, Contact
from products.inquiries.mail.managers import is_address, manager_addresses

if TYPE_CHECKING:
    from products.inquiries.models import Inquiry

logger = logging.getLogger(__name__)


def tell_managers(inquiry: "Inquiry") -> None:
    """Tell every manager of a new inquiry."""
    for address in manager_addresses():
        _put("inquiries/mail/for_managers", inquiry, address)


def tell_of_message(inquiry: "Inquiry", text: str) -> None:
    """Tell who answers that the buyer has written again; where nobody can be told, the managers."""
    for address in _who_answers(inquiry):
        _put("inquiries/mail/message_for_staff", inquiry, address, text=text)


def tell_of_failure(inquiry: "Inquiry", text: str) -> None:
    """Tell who answers that a mail did not reach the buyer; `text` is what mail servers said."""
    for address in _who_answers(inquiry):
        _put("inquiries/mail/failure_for_staff", inquiry, address, text=text)


def tell_contact(inquiry: "Inquiry", contact: Contact) -> None:
    """Tell who answers for the contact today that an inquiry is theirs.

    Where nobody does, or has no address, the managers are told that nobody takes care of it.
    """
    if reader := _reader(contact):
        people = {"reader": reader, "contact": contact}
        _put("inquiries/mail/for_contact", inquiry, reader.address, **people)
        return
    logger.warning("%s cannot be told of inquiry %s.", contact, inquiry)
    for address in manager_addresses():
        _put("inquiries/mail/for_nobody", inquiry, address, contact=contact)


def tell_former(inquiry: "Inquiry", former: Contact, by: User | None) -> None:
    """Tell the contact, and who stood in, that somebody else has taken the inquiry over.

    Not who did it (`by`), who has it now, nor who is off the site.
    """
    now = _reader(inquiry.assigned_to)
    to = {reader.address for reader in (former, former.responsible) if reader and reader.is_active}
    for address in sorted(to - {"", now.address if now else "", by.email if by else ""}):
        if is_address(address):
            _put("inquiries/mail/for_former", inquiry, address, by=by)


def _reader(contact: Contact | None) -> Contact | None:
    """Who answers for the contact today, if they can be told."""
    reader = contact.responsible if contact else None
    return reader if reader and reader.address and is_address(reader.address) else None


def _who_answers(inquiry: "Inquiry") -> list[str]:
    """The address of who answers today; where nobody can be told there, the managers'."""
    reader = _reader(inquiry.assigned_to)
    return [reader.address] if reader else manager_addresses()


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
