"""Assigning inquiries to contacts."""

from typing import Any

from django.contrib.auth.models import User

from contacts.models import Contact
from inquiries.emails import staff
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services.assignment_rules import (
    AssignmentContext,
    assignment_data,
    decide_assignment,
)
from inquiries.services.events import record_event
from inquiries.services.transactions import locked


def assign_inquiry(inquiry: Inquiry, contact: Contact, *, by: User | None) -> None:
    """Assign an inquiry to a contact and notify the contact and the previous one.

    Does nothing if the contact already has it, or if it was erased.
    """
    with locked(inquiry):
        previous = inquiry.assigned_to
        if previous == contact or inquiry.erased_at:
            return
        _assign(inquiry, contact, by, assignment_data(contact))
        if previous:
            staff.notify_previous_contact(inquiry, previous, by)


def assign_automatically(inquiry: Inquiry) -> bool:
    """Assign an inquiry that is new in this transaction, or locked, by the rules.

    Returns whether they found a contact.
    """
    decision = decide_assignment(AssignmentContext.from_inquiry(inquiry), lock=True)
    if decision is None:
        return False
    _assign(inquiry, decision.contact, None, decision.event_data)
    return True


def _assign(inquiry: Inquiry, contact: Contact, by: User | None, data: dict[str, Any]) -> None:
    """Assign a locked inquiry and notify the contact; `data` is that of the event."""
    inquiry.assigned_to = contact
    if inquiry.status == Inquiry.Status.NEW:
        inquiry.status = Inquiry.Status.ASSIGNED
    inquiry.save(update_fields=["assigned_to", "status"])
    record_event(inquiry, InquiryEvent.Kind.ASSIGNED, by=by, data=data)
    staff.notify_assigned_contact(inquiry, contact)
