"""Splitting an inquiry in two."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries.emails import staff
from inquiries.models import Inquiry, InquiryEvent, InquirySettings
from inquiries.services.assignment_rules import assignment_data
from inquiries.services.events import record_event
from inquiries.services.receiving import create_inquiry

Kind = InquiryEvent.Kind

MOVABLE_KINDS = [Kind.ASKED_AGAIN, Kind.MESSAGE]
COPIED_FIELDS = [*Inquiry.BUYER_FIELDS, *Inquiry.TRADE_TERMS, "source", "source_page"]


@transaction.atomic
def split_inquiry(
    inquiry: Inquiry,
    *,
    lines: Collection[int],
    messages: Collection[int],
    by: User,
    keep_contact: bool = True,
) -> Inquiry:
    """Move lines and later messages of an inquiry to a new one, and return the new one.

    `lines` and `messages` (events) are primary keys. The first message stays. The new inquiry
    starts with the first of the moved messages; if only lines are moved, with a copy of the first
    message. It has the same buyer, and the same contact with `keep_contact`; otherwise it is new
    and unassigned. The buyer is not notified.

    Raises ValidationError, with a message for the staff, if nothing would move or nothing would
    stay.
    """
    row = Inquiry.objects.select_for_update(of=("self",)).filter(pk=inquiry.pk).first()
    if row is None or row.erased_at or row.status == Inquiry.Status.SPAM:
        raise ValidationError(_("This inquiry cannot be split."))
    moved_lines = row.lines.filter(pk__in=lines)
    moved_messages = row.events.filter(kind__in=MOVABLE_KINDS, pk__in=messages)
    if len(moved_lines) != len(lines) or len(moved_messages) != len(messages):
        raise ValidationError(
            _("Someone else moved part of this inquiry in the meantime. Select again.")
        )
    if not moved_lines and not moved_messages:
        raise ValidationError(_("Select at least one product or message to split off."))
    if not moved_messages and len(moved_lines) == row.lines.count():
        raise ValidationError(
            _("Keep at least one product in this inquiry, or split off a message as well.")
        )
    first = moved_messages[0] if moved_messages else None
    new = _create(row, first, keep_contact=keep_contact)
    new.lines.add(*moved_lines)
    for event in moved_messages:
        event.attachments.update(inquiry=new)
    new.events.add(*moved_messages)
    record_event(row, Kind.SPLIT, by=by, data={"reference": new.reference})
    record_event(new, Kind.SPLIT, by=by, data={"reference": row.reference})
    if new.assigned_to:
        record_event(new, Kind.ASSIGNED, by=by, data=assignment_data(new.assigned_to))
        staff.notify_assigned_contact(new, new.assigned_to)
    else:
        staff.notify_managers_of_new_inquiry(new)
    return new


def _create(row: Inquiry, first: InquiryEvent | None, *, keep_contact: bool) -> Inquiry:
    """Create the new inquiry, starting with `first` or a copy of the first message."""
    contact = row.assigned_to if keep_contact else None
    new = create_inquiry(
        **{name: getattr(row, name) for name in COPIED_FIELDS},
        message=first.text if first else row.message,
        created_at=first.at if first else row.created_at,
        due_at=InquirySettings.current().reply_deadline(timezone.now()),
        assigned_to=contact,
        status=Inquiry.Status.ASSIGNED if contact else Inquiry.Status.NEW,
    )
    if first:
        first.kind, first.text = Kind.RECEIVED, ""
        first.save(update_fields=["kind", "text"])
    else:
        record_event(new, Kind.RECEIVED, at=row.created_at)
    return new
