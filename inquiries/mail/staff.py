"""The messages to the staff, one function each. None of them ever goes to the buyer."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User

from contacts.models import Contact
from core.absolute_urls import absolute
from inquiries.addresses import page_of
from inquiries.mail import internal
from inquiries.mail.managers import is_address, manager_addresses

if TYPE_CHECKING:
    from inquiries.models import Inquiry

logger = logging.getLogger(__name__)


def tell_managers(inquiry: "Inquiry") -> None:
    """Tell every manager of a new inquiry."""
    _put("for_managers", inquiry, manager_addresses())


def tell_of_message(inquiry: "Inquiry", text: str) -> None:
    """Tell who answers that the buyer has written again; where nobody can be told, the managers."""
    _put("message_for_staff", inquiry, _who_answers(inquiry), text=text)


def tell_of_failure(inquiry: "Inquiry", text: str) -> None:
    """Tell who answers that a mail did not reach the buyer; `text` is what mail servers said."""
    _put("failure_for_staff", inquiry, _who_answers(inquiry), text=text)


def tell_contact(inquiry: "Inquiry", contact: Contact) -> None:
    """Tell who answers for the contact today that an inquiry is theirs.

    Where nobody does, or has no address, the managers are told that nobody takes care of it.
    """
    if reader := _reader(contact):
        _put("for_contact", inquiry, [reader.address], reader=reader, contact=contact)
        return
    logger.warning("%s cannot be told of inquiry %s.", contact, inquiry)
    _put("for_nobody", inquiry, manager_addresses(), contact=contact)


def tell_former(inquiry: "Inquiry", former: Contact, by: User | None) -> None:
    """Tell the contact, and who stood in, that somebody else has taken the inquiry over.

    Not who did it (`by`), who has it now, nor who is off the site.
    """
    now = _reader(inquiry.assigned_to)
    to = {reader.address for reader in (former, former.responsible) if reader and reader.is_active}
    others = sorted(to - {"", now.address if now else "", by.email if by else ""})
    _put("for_former", inquiry, filter(is_address, others), by=by)


def _reader(contact: Contact | None) -> Contact | None:
    """Who answers for the contact today, if they can be told."""
    reader = contact.responsible if contact else None
    return reader if reader and reader.address and is_address(reader.address) else None


def _who_answers(inquiry: "Inquiry") -> list[str]:
    """The address of who answers today; where nobody can be told there, the managers'."""
    reader = _reader(inquiry.assigned_to)
    return [reader.address] if reader else manager_addresses()


def _put(template: str, inquiry: "Inquiry", to: Iterable[str], **more: Any) -> None:
    """Queue a message that shows the whole inquiry and leads to it in the admin."""
    url = absolute(page_of(inquiry.pk))
    internal.put(template, to, inquiry=inquiry, lines=inquiry.lines.all(), url=url, **more)
