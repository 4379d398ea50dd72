"""Receiving new inquiries."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.utils.crypto import get_random_string

from core.mail.outbox import stored_together
from core.prepared_queries import insert_rows
from inquiries.emails import buyer, staff
from inquiries.files import PreparedFile
from inquiries.models import FormerReference, Inquiry, InquiryEvent, InquiryLine
from inquiries.screening import Submission, Verdict, screen
from inquiries.services.acknowledgement import (
    RecentInquiries,
    decide_acknowledgement,
    note_decision,
)
from inquiries.services.assignment_rules import AssignmentContext, decide_assignment
from inquiries.services.events import attach_files, make_event
from inquiries.services.messages import UNVERIFIED, add_message
from inquiries.services.transactions import lock_buyer
from products.models import Product

REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike
REFERENCE_LENGTH = 8
JOIN_PERIOD = timedelta(days=1)  # for inquiries about the same products

FIND_REFERENCE = " UNION ALL ".join(
    f"SELECT 1 FROM {model._meta.db_table} WHERE reference = %s"  # noqa: S608
    for model in (Inquiry, FormerReference)
)

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
    is_unverified: bool = False,
    **fields: Any,
) -> Inquiry:
    """Save an inquiry, assign it by the rules, and notify the staff and the buyer.

    `lines` have `product`, `quantity`, `unit` and perhaps `variant`; `fields` are the other fields
    of the inquiry. `submission` is screened, and then acknowledged or held as spam. It is None for
    inquiries that the staff, `by`, enter or import; these are only acknowledged with `acknowledge`.
    `message_id` and `quoted_text` are those of an e-mail; `is_unverified` is for one whose sender
    may be forged.

    The same `key` is saved once. An inquiry from the same buyer about the same products within a
    day is added to the earlier one as a message; so is an e-mail with the same text. Returns
    the inquiry that contains the request.
    """
    event: dict[str, Any] = {"key": key, "message_id": message_id}
    received = event | {"quoted_text": quoted_text, "by": by}
    if is_unverified:
        received["data"] = UNVERIFIED
    is_acknowledged = acknowledge or submission is not None
    email = fields.get("email", "")
    ip_address = submission.ip_address if submission else ""
    try:
        with transaction.atomic():
            if submission and (verdict := screen(submission)).is_held:
                return _hold(NewInquiry.of(lines, files, fields), received, verdict)
            products = list(dict.fromkeys(line["product"] for line in lines))
            if products or fields.get("source") == Inquiry.Source.EMAIL:
                lock_buyer(email)
            recent = RecentInquiries.of(email)
            if recent.received and (earlier := _find_earlier(products, fields)):
                text = Inquiry(**fields).as_text(InquiryLine(**line) for line in lines)
                add_message(earlier, text, asked_again=True, files=files, **event)
                return earlier
            new = NewInquiry.of(lines, files, fields)
            if is_acknowledged:
                decision = decide_acknowledgement(new.inquiry, ip_address, recent)
                note_decision(new.inquiry, decision)
            with stored_together():
                return _accept(new, received)
    except IntegrityError:  # the same key was saved before
        if saved := find_received_inquiry(key):
            return saved
        raise


def create_inquiry(**fields: Any) -> Inquiry:
    """Create an inquiry with a unique reference, without an event and without e-mails."""
    return Inquiry.objects.create(reference=_unused_reference(), **fields)


def _unused_reference() -> str:
    """A random reference, such as no other inquiry has or had.

    Of two that are drawn at the same moment and are equal, the database refuses one.
    """
    while True:
        reference = get_random_string(REFERENCE_LENGTH, REFERENCE_LETTERS)
        with connection.cursor() as cursor:  # a queryset takes ten times as long
            cursor.execute(FIND_REFERENCE, [reference, reference])
            if cursor.fetchone() is None:
                return reference


def find_received_inquiry(key: UUID | None) -> Inquiry | None:
    """The inquiry that contains the request with this key, if it was saved."""
    return Inquiry.objects.filter(events__idempotency_key=key).first() if key else None


class NewInquiry(NamedTuple):
    """An inquiry that is saved once it is known who gets it, with its lines and files."""

    inquiry: Inquiry
    lines: list[InquiryLine]
    files: Sequence[PreparedFile]

    @classmethod
    def of(
        cls, lines: Iterable[dict[str, Any]], files: Sequence[PreparedFile], fields: dict[str, Any]
    ) -> Self:
        inquiry = Inquiry(**fields)
        rows = [InquiryLine(inquiry=inquiry, **line) for line in lines]
        for row in rows:
            row.store_product_name()
        return cls(inquiry, rows, files)

    def save(self) -> None:
        """Save the inquiry, with a reference, and its lines."""
        self.inquiry.reference = _unused_reference()
        self.inquiry.insert()
        insert_rows(self.lines)

    def save_events(self, events: Sequence[InquiryEvent]) -> None:
        """Save its first events, of which one has the files; none has a text to search for."""
        insert_rows(events)
        attach_files(events[0], self.files)


def _hold(new: NewInquiry, received: dict[str, Any], verdict: Verdict) -> Inquiry:
    """Save an inquiry as spam."""
    inquiry = new.inquiry
    inquiry.status = Inquiry.Status.SPAM
    new.save()
    new.save_events(
        [
            make_event(inquiry, Kind.RECEIVED, **received),
            make_event(inquiry, Kind.HELD, data={"reasons": verdict.reasons}),
        ]
    )
    return inquiry


def _accept(new: NewInquiry, received: dict[str, Any]) -> Inquiry:
    """Assign and save an inquiry, notify the staff, and acknowledge it if it has the time of that.

    Everything is decided first, so that each row is written once.
    """
    inquiry = new.inquiry
    decision = decide_assignment(AssignmentContext.from_inquiry(inquiry, new.lines), lock=True)
    if decision:
        inquiry.assigned_to, inquiry.status = decision.contact, Inquiry.Status.ASSIGNED
    new.save()
    events = [make_event(inquiry, Kind.RECEIVED, **received)]
    content = staff.Content(new.lines, [file.name for file in new.files])
    if decision:
        events.append(make_event(inquiry, Kind.ASSIGNED, data=decision.event_data))
        staff.notify_assigned_contact(inquiry, decision.contact, content)
    else:
        staff.notify_managers_of_new_inquiry(inquiry, content)
    if inquiry.acknowledged_at:
        own = events[0].message_id
        email = buyer.send_acknowledgement(inquiry, [own] if own else [], new.lines)
        # Replies and error reports refer to it.
        if own:
            kind = Kind.ACKNOWLEDGED
            events.append(make_event(inquiry, kind, message_id=email.message_id or ""))
        else:
            events[0].message_id = email.message_id or ""
    new.save_events(events)
    return inquiry


def _find_earlier(products: Sequence[Product], fields: dict[str, Any]) -> Inquiry | None:
    """The buyer's earlier open inquiry about the same products, to which a request is added.

    An e-mail, which names no products, is added to one with the same text.
    """
    is_email = fields.get("source") == Inquiry.Source.EMAIL
    if not products and not is_email:
        return None
    earlier = Inquiry.objects.open().from_buyer(fields["email"]).received_within(JOIN_PERIOD)
    if is_email:
        earlier = earlier.filter(message=fields["message"])
    for product in products:
        earlier = earlier.filter(lines__product=product)
    return earlier.order_by("created_at", "pk").first()
