"""Messages of the buyer, notes, and e-mails that did not arrive."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import User

from inquiries.emails import staff
from inquiries.files import PreparedFile
from inquiries.models import Inquiry, InquiryEvent
from inquiries.screening import Submission, screen
from inquiries.services.deadlines import reset_deadline
from inquiries.services.events import record_event
from inquiries.services.notices import may_notify
from inquiries.services.transactions import locked, only_once

Kind = InquiryEvent.Kind
Status = Inquiry.Status
UNVERIFIED = {"is_unverified": True}  # the data of an event


def receive_message(
    inquiry: Inquiry,
    submission: Submission,
    *,
    key: UUID | None,
    files: Iterable[PreparedFile] = (),
    message_id: str = "",
    quoted_text: str = "",
    is_unverified: bool = False,
) -> None:
    """Save a message from the status page or an e-mail, once for each `key`.

    `is_unverified` is for an e-mail whose sender may be forged.

    A message that looks like spam, or belongs to an inquiry held as spam, is held: it is saved, but
    no one is notified until it is released.
    """
    verdict = screen(submission)
    with only_once(key), locked(inquiry):
        is_held = verdict.is_held or inquiry.status == Status.SPAM
        record_event(
            inquiry,
            Kind.HELD_MESSAGE if is_held else Kind.MESSAGE,
            text=submission.text,
            key=key,
            files=files,
            message_id=message_id,
            quoted_text=quoted_text,
            data=UNVERIFIED if is_unverified else None,
        )
        if verdict.is_held:
            record_event(inquiry, Kind.HELD, data={"reasons": verdict.reasons})
        if not is_held:
            request_reply(inquiry, submission.text)


def add_message(
    inquiry: Inquiry,
    text: str,
    *,
    asked_again: bool = False,
    key: UUID | None = None,
    files: Iterable[PreparedFile] = (),
    message_id: str = "",
) -> None:
    """Add a message of the buyer without screening, and notify the staff.

    An inquiry that was answered or lost awaits a reply again. `asked_again` is for a message that
    was sent as a new inquiry about the same products.
    """
    kind = Kind.ASKED_AGAIN if asked_again else Kind.MESSAGE
    with locked(inquiry):
        record_event(inquiry, kind, text=text, key=key, files=files, message_id=message_id)
        request_reply(inquiry, text)


def request_reply(inquiry: Inquiry, text: str) -> None:
    """Mark a locked inquiry as awaiting a reply to `text`, a saved message; notify the staff."""
    if inquiry.status in {Status.ANSWERED, Status.QUOTED, Status.LOST}:
        was_lost = inquiry.status == Status.LOST
        inquiry.status = Status.ASSIGNED if inquiry.assigned_to else Status.NEW
        inquiry.save(update_fields=["status", *reset_deadline(inquiry)])
        if was_lost:
            record_event(inquiry, Kind.STATUS_CHANGED, data={"status": inquiry.status})
    if may_notify(inquiry):
        staff.notify_of_message(inquiry, text)


def add_note(
    inquiry: Inquiry,
    text: str,
    *,
    by: User | None,
    key: UUID | None = None,
    quoted_text: str = "",
) -> None:
    """Add a note that only the staff sees; no one is notified.

    `by` is None for a note from an e-mail, which is saved once for each `key`.
    """
    with only_once(key), locked(inquiry):
        record_event(inquiry, Kind.NOTE, by=by, text=text, key=key, quoted_text=quoted_text)


def report_delivery_failure(inquiry: Inquiry, report: str, *, key: UUID) -> None:
    """Record, once for each `key`, that an e-mail did not reach the buyer, and notify the staff.

    `report` is the error text of the mail servers.
    """
    with only_once(key), locked(inquiry):
        record_event(inquiry, Kind.BOUNCED, data={"report": report}, key=key)
        if may_notify(inquiry):
            staff.notify_of_delivery_failure(inquiry, report)
