"""Assigning inquiries to contacts."""

from django.contrib.auth.models import User

from contacts.models import Contact
from inquiries.emails import staff
from inquiries.models import AssignmentReason, AssignmentRule, Inquiry, InquiryEvent
from inquiries.services.assignment_rules import (
    AssignmentContext,
    assignment_data,
    decide_assignment,
)
from inquiries.services.events import record_event
from inquiries.services.transactions import locked


def assign_inquiry(
    inquiry: Inquiry,
    contact: Contact,
    *,
    by: User | None,
    reason: AssignmentReason | None = None,
    rule: AssignmentRule | None = None,
    absent: Contact | None = None,
) -> None:
    """Assign an inquiry to a contact and notify the contact and the previous one.

    Does nothing if the contact already has it, or if it was erased. An automatic assignment has a
    `reason`, and the `rule` that applied; `absent` is the contact whose substitute `contact` is.
    """
    with locked(inquiry):
        previous = inquiry.assigned_to
        if previous == contact or inquiry.erased_at:
            return
        inquiry.assigned_to = contact
        if inquiry.status == Inquiry.Status.NEW:
            inquiry.status = Inquiry.Status.ASSIGNED
        inquiry.save(update_fields=["assigned_to", "status"])
        data = assignment_data(contact, reason=reason, rule=rule, absent=absent)
        record_event(inquiry, InquiryEvent.Kind.ASSIGNED, by=by, data=data)
        staff.notify_assigned_contact(inquiry, contact)
        if previous:
            staff.notify_previous_contact(inquiry, previous, by)


def assign_automatically(inquiry: Inquiry) -> bool:
    """Assign a new inquiry by the rules; return whether they found a contact."""
    decision = decide_assignment(AssignmentContext.from_inquiry(inquiry), lock=True)
    if decision is None:
        return False
    assign_inquiry(
        inquiry,
        decision.contact,
        by=None,
        reason=decision.reason,
        rule=decision.rule,
        absent=decision.absent,
    )
    return True
