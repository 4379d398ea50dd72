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
        data = {"status": status}
        if status == Status.SPAM:
            data["previous"] = inquiry.status
        inquiry.status = status
        inquiry.save(update_fields=["status", *changed])
        record_event(inquiry, Kind.STATUS_CHANGED, by=by, data=data)


def release_inquiry(inquiry: Inquiry, *, by: User | None) -> None:
    """Release an inquiry and its messages held as spam.

    An inquiry that was held when it arrived is handled as newly received. One that the staff marked
    as spam gets its previous status back, with the deadline and the first reply that it had.
    """
    with locked(inquiry):
        if not inquiry.has_held_content:
            return
        record_event(inquiry, Kind.RELEASED, by=by)
        if inquiry.status == Status.SPAM:
            previous = _status_before_spam(inquiry)
            inquiry.status = previous or (Status.ASSIGNED if inquiry.assigned_to else Status.NEW)
            changed = [] if previous else reset_deadline(inquiry)
            inquiry.save(update_fields=["status", *changed])
            if inquiry.is_awaiting_reply:
                _process_as_new(inquiry)
        for event in inquiry.events.filter(kind=Kind.HELD_MESSAGE):
            event.kind = Kind.MESSAGE
            event.save(update_fields=["kind"])
            request_reply(inquiry, event.text)


def _status_before_spam(inquiry: Inquiry) -> str | None:
    """The status from which the staff marked the inquiry as spam; None if it arrived as spam."""
    changes = inquiry.events.filter(kind=Kind.STATUS_CHANGED, data__status=Status.SPAM)
    change = changes.last()
    previous: str | None = change.data.get("previous") if change else None
    # It may have been assigned in the meantime.
    return Status.ASSIGNED if previous == Status.NEW and inquiry.assigned_to else previous


def _process_as_new(inquiry: Inquiry) -> None:
    """Notify or find the contact of a released inquiry, and acknowledge it if it never was."""
    if inquiry.assigned_to:
        staff.notify_assigned_contact(inquiry, inquiry.assigned_to)
    elif not assign_automatically(inquiry):
        staff.notify_managers_of_new_inquiry(inquiry)
    is_from_staff = inquiry.source in Inquiry.Source.from_staff()
    if not inquiry.first_response_at and not is_from_staff:  # they chose whether to acknowledge it
        acknowledge_inquiry(inquiry)
