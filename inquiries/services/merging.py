"""Merging two inquiries of one buyer."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from inquiries.emails import staff
from inquiries.models import FormerReference, Inquiry, InquiryEvent, InquiryLine
from inquiries.services.assignment_rules import assignment_data
from inquiries.services.deadlines import DEADLINE_FIELDS
from inquiries.services.events import record_event

Kind = InquiryEvent.Kind
Status = Inquiry.Status

# The merged inquiry has the first of these that one of the two has.
STATUS_PRIORITY = [
    Status.ASSIGNED,
    Status.NEW,
    Status.QUOTED,
    Status.ANSWERED,
    Status.WON,
    Status.LOST,
]


def have_same_buyer(one: Inquiry, other: Inquiry) -> bool:
    """Whether both were sent from the same e-mail address, ignoring case."""
    return bool(one.email) and one.email.lower() == other.email.lower()


def validate_merge(one: Inquiry, other: Inquiry) -> None:
    """Raise ValidationError, with a message for the staff, if the two cannot be merged."""
    if one.pk == other.pk:
        raise ValidationError(_("You selected the same inquiry. Select another one."))
    for inquiry in (one, other):
        values = {"reference": inquiry.reference}
        if inquiry.erased_at:
            raise ValidationError(_("The personal data of %(reference)s has been erased.") % values)
        if inquiry.status == Status.SPAM:
            text = _("%(reference)s is held as spam. Mark it as not spam first.")
            raise ValidationError(text % values)


@transaction.atomic
def merge_inquiries(one: Inquiry, other: Inquiry, *, by: User | None) -> Inquiry:
    """Merge two inquiries into the older one, and return it.

    Lines, events and attachments of the younger one move to it, and the younger one's reference and
    links redirect to it. Raises ValidationError, with a message for the staff, if the two cannot be
    merged, for example because one of them was merged with a third one in the meantime.
    """
    chosen = Inquiry.objects.filter(pk__in=[one.pk, other.pk])
    locked = list(chosen.select_for_update(of=("self",)).order_by("pk"))
    if len(locked) < len({one.pk, other.pk}):
        text = _(
            "One of these inquiries no longer exists: someone merged it with "
            "another inquiry in the meantime."
        )
        raise ValidationError(text)
    validate_merge(locked[0], locked[-1])
    older, younger = sorted(locked, key=lambda inquiry: (inquiry.created_at, inquiry.pk))
    previous = older.assigned_to
    _move_contents(younger, older)
    _combine_fields(older, younger)
    older.former_references.create(
        reference=younger.reference, email=younger.email, number=younger.pk
    )
    younger.delete()
    record_event(older, Kind.MERGED, by=by, data=_event_data(younger, older))
    if older.assigned_to and older.assigned_to != previous:
        record_event(older, Kind.ASSIGNED, by=by, data=assignment_data(older.assigned_to))
        staff.notify_assigned_contact(older, older.assigned_to)
    contacts = {contact for contact in (previous, younger.assigned_to) if contact}
    for contact in contacts - {older.assigned_to}:
        staff.notify_previous_contact(older, contact, by)
    return older


def _move_contents(younger: Inquiry, older: Inquiry) -> None:
    """Move the related objects of `younger` to `older`, and add its request as a message."""
    lines = list(younger.lines.all())
    text = younger.as_text(lines)
    received = younger.events.filter(kind=Kind.RECEIVED)
    # Imported inquiries have no such event.
    if not received.update(kind=Kind.ASKED_AGAIN, text=text):
        record_event(younger, Kind.ASKED_AGAIN, text=text, at=younger.created_at)
    known = {_line_key(line) for line in older.lines.all()}
    older.lines.add(*(line for line in lines if _line_key(line) not in known))
    younger.events.update(inquiry=older)
    younger.attachments.update(inquiry=older)
    FormerReference.objects.filter(inquiry=younger).update(inquiry=older)


def _line_key(line: InquiryLine) -> tuple[object, ...]:
    return line.product_id, line.product_name, line.variant, line.quantity, line.unit


def _combine_fields(older: Inquiry, younger: Inquiry) -> None:
    """Combine status, contact, dates and missing buyer fields of the two in `older`."""
    both = [older, younger]
    leading = min(both, key=lambda inquiry: STATUS_PRIORITY.index(Status(inquiry.status)))
    older.assigned_to = leading.assigned_to or older.assigned_to or younger.assigned_to
    if awaiting_reply := [inquiry for inquiry in both if inquiry.is_awaiting_reply]:
        first = min(awaiting_reply, key=lambda inquiry: inquiry.due_at)
        for name in DEADLINE_FIELDS:
            setattr(older, name, getattr(first, name))
        older.status = Status.ASSIGNED if older.assigned_to else Status.NEW
    else:
        older.status = leading.status
    for name in ("first_response_at", "acknowledged_at"):
        times = [time for inquiry in both if (time := getattr(inquiry, name))]
        setattr(older, name, min(times, default=None))
    if not older.phone:
        older.phone_e164 = younger.phone_e164
    for name in ("company", "country", "phone", "time_zone"):
        setattr(older, name, getattr(older, name) or getattr(younger, name))
    older.erase_on = None
    older.save()


def _event_data(younger: Inquiry, older: Inquiry) -> dict[str, Any]:
    """The reference of the merged inquiry, and its buyer if the buyers differ."""
    data: dict[str, Any] = {"reference": younger.reference}
    if not have_same_buyer(younger, older):
        buyer = [f"{younger.name} <{younger.email}>", younger.company, younger.phone]
        data["buyer"] = [part for part in buyer if part]
    return data
