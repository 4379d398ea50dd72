"""Receiving new inquiries."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils.crypto import get_random_string

from inquiries.emails import staff
from inquiries.files import PreparedFile
from inquiries.models import FormerReference, Inquiry, InquiryEvent, InquiryLine
from inquiries.screening import Submission, screen
from inquiries.services.acknowledgement import acknowledge_locked_inquiry
from inquiries.services.assignment import assign_automatically
from inquiries.services.events import record_event
from inquiries.services.messages import add_message
from inquiries.services.transactions import lock_buyer

REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike
REFERENCE_LENGTH = 8
JOIN_PERIOD = timedelta(days=1)  # for inquiries about the same products

Kind = InquiryEvent.Kind


def receive_inquiry(
    *,
    lines: Sequence[dict[str, Any]] = (),
    files: Sequence[PreparedFile] = (),
    submission: Submission | None = None,
    key: UUID | None = None,
    message_id: str = "",
    quoted_text: str = "",
    by: User | None = None,
    acknowledge: bool = False,
    **fields: Any,
) -> Inquiry:
    """Save an inquiry, assign it by the rules, and notify the staff and the buyer.

    `lines` have `product`, `quantity` and `unit`; `fields` are the other fields of the inquiry.
    `submission` is screened, and then acknowledged or held as spam. It is None for inquiries that
    the staff, `by`, enter or import; these are only acknowledged with `acknowledge`. `message_id`
    and `quoted_text` are those of an e-mail.

    The same `key` is saved once. An inquiry from the same buyer about the same products within a
    day is added to the earlier one as a message; so is an e-mail with the same text. Returns
    the inquiry that contains the request.
    """
    event = {"key": key, "files": files, "message_id": message_id}
    received = event | {"quoted_text": quoted_text, "by": by}
    try:
        with transaction.atomic():
            if submission and (verdict := screen(submission)).is_held:
                inquiry = _create(lines, received, status=Inquiry.Status.SPAM, **fields)
                record_event(inquiry, Kind.HELD, data={"reasons": verdict.reasons})
                return inquiry
            if earlier := _add_to_earlier(lines, event, fields):
                return earlier
            inquiry = _create(lines, received, **fields)
            prefetch_related_objects([inquiry], "lines", "attachments")
            if not assign_automatically(inquiry):
                staff.notify_managers_of_new_inquiry(inquiry)
            if submission or acknowledge:
                ip_address = submission.ip_address if submission else ""
                acknowledge_locked_inquiry(inquiry, ip_address=ip_address)
            return inquiry
    except IntegrityError:  # the same key was saved before
        if earlier := _with_key(key):
            return earlier
        raise


def create_inquiry(**fields: Any) -> Inquiry:
    """Create an inquiry with a unique reference, without an event and without e-mails."""
    while True:
        reference = get_random_string(REFERENCE_LENGTH, REFERENCE_LETTERS)
        if FormerReference.objects.filter(reference=reference).exists():
            continue
        try:
            with transaction.atomic():
                return Inquiry.objects.create(reference=reference, **fields)
        except IntegrityError:
            if not Inquiry.objects.filter(reference=reference).exists():
                raise


def _with_key(key: UUID | None) -> Inquiry | None:
    return Inquiry.objects.filter(events__idempotency_key=key).first() if key else None


def _create(lines: Sequence[dict[str, Any]], event: dict[str, Any], **fields: Any) -> Inquiry:
    """Create an inquiry with its lines and its first event."""
    inquiry = create_inquiry(**fields)
    record_event(inquiry, Kind.RECEIVED, **event)
    rows = [InquiryLine(inquiry=inquiry, **line) for line in lines]
    for row in rows:
        row.store_product_name()
    InquiryLine.objects.bulk_create(rows)
    return inquiry


def _add_to_earlier(
    lines: Sequence[dict[str, Any]], event: dict[str, Any], fields: dict[str, Any]
) -> Inquiry | None:
    """Add the request to the buyer's earlier open inquiry about the same products.

    An e-mail, which names no products, is added to one with the same text. Returns the earlier
    inquiry, or None without one.
    """
    products = [line["product"] for line in lines]
    is_email = fields.get("source") == Inquiry.Source.EMAIL
    if not products and not is_email:
        return None
    lock_buyer(fields["email"])
    earlier = Inquiry.objects.open().from_buyer(fields["email"]).received_within(JOIN_PERIOD)
    if is_email:
        earlier = earlier.filter(message=fields["message"])
    for product in products:
        earlier = earlier.filter(lines__product=product)
    inquiry = earlier.order_by("created_at", "pk").first()
    if inquiry is not None:
        text = Inquiry(**fields).as_text(InquiryLine(**line) for line in lines)
        add_message(inquiry, text, asked_again=True, **event)
    return inquiry
