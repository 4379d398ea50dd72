"""Changing the status, and releasing inquiries held as spam."""

from django.contrib.auth.models import User

from inquiries.emails import staff
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services.acknowledgement import acknowledge_inquiry
from inquiries.services.assignment import assign_automatically
from inquiries.services.deadlines import reset_deadline
from inquiries.services.errors import StatusChangeError
from inquiries.services.events import record_event
from inquiries.services.messages import request_reply
from inquiries.services.transactions import locked

Kind = InquiryEvent.Kind
Status = Inquiry.Status


def change_status(inquiry: Inquiry, status: str, *, by: User | None) -> None:
    """Change the status; does nothing if the inquiry already has it.

    An inquiry that awaits a reply again gets a new deadline. Raises StatusChangeError for a status
    that is not among `Inquiry.allowed_statuses`.
    """
    with locked(inquiry):
        if status == inquiry.status:
            return
        if status not in inquiry.allowed_statuses:
            raise StatusChangeError(inquiry, status)
        awaits_reply_again = status in Inquiry.AWAITING_REPLY and not inquiry.is_awaiting_reply
        changed = reset_deadline(inquiry) if awaits_reply_again else []
        inquiry.status = status
        inquiry.save(update_fields=["status", *changed])
        record_event(inquiry, Kind.STATUS_CHANGED, by=by, data={"status": status})


def release_inquiry(inquiry: Inquiry, *, by: User | None) -> None:
    """Release an inquiry and its messages held as spam, and handle them as newly received."""
    with locked(inquiry):
        if not inquiry.has_held_content:
            return
        record_event(inquiry, Kind.RELEASED, by=by)
        if inquiry.status == Status.SPAM:
            inquiry.status = Status.ASSIGNED if inquiry.assigned_to else Status.NEW
            inquiry.save(update_fields=["status", *reset_deadline(inquiry)])
            if inquiry.assigned_to:
                staff.notify_assigned_contact(inquiry, inquiry.assigned_to)
            elif not assign_automatically(inquiry):
                staff.notify_managers_of_new_inquiry(inquiry)
            acknowledge_inquiry(inquiry)
        for event in inquiry.events.filter(kind=Kind.HELD_MESSAGE):
            event.kind = Kind.MESSAGE
            event.save(update_fields=["kind"])
            request_reply(inquiry, event.text)
