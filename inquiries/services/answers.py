"""Answering the buyer."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils import timezone

from contacts.models import Contact
from inquiries.emails import buyer
from inquiries.files import PreparedFile
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services.errors import (
    ErasedInquiryError,
    MissingEmailError,
    UnassignedInquiryError,
)
from inquiries.services.events import record_event
from inquiries.services.transactions import locked


def answer_inquiry(
    inquiry: Inquiry, text: str, *, by: User | None, files: Iterable[PreparedFile] = ()
) -> None:
    """Send an answer to the buyer, in the contact's name, with files.

    The buyer's page shows all files. The e-mail contains them if they are small enough together.

    Raises UnassignedInquiryError without a contact, MissingEmailError without an e-mail address of
    the buyer, and ErasedInquiryError if the buyer's data was erased.
    """
    with locked(inquiry):
        if inquiry.erased_at:
            raise ErasedInquiryError(inquiry)
        if not inquiry.email:
            raise MissingEmailError(inquiry)
        if inquiry.assigned_to is None:
            raise UnassignedInquiryError(inquiry)
        inquiry.first_response_at = inquiry.first_response_at or timezone.now()
        if inquiry.status == Inquiry.Status.ASSIGNED:
            inquiry.status = Inquiry.Status.ANSWERED
        inquiry.save(update_fields=["first_response_at", "status"])
        contact = signing_contact(inquiry.assigned_to, by)
        event = record_event(inquiry, InquiryEvent.Kind.ANSWERED, by=by, text=text, files=files)
        email = buyer.send_answer(inquiry, contact, text, list(event.attachments.all()))
        event.message_id = email.message_id or ""
        event.save(update_fields=["message_id"])


def signing_contact(contact: Contact, by: User | None) -> Contact:
    """The contact who signs an answer of `by`: today's substitute if it is `by`, else `contact`."""
    substitute = contact.responsible
    return substitute if substitute and by and substitute.user_id == by.pk else contact
