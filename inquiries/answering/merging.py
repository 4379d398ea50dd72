"""Two inquiries of one buyer become one."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from inquiries.mail import staff
from inquiries.models import FormerReference, Inquiry, InquiryEvent

Status = Inquiry.Status

# Which of two statuses the joined inquiry has: what waits goes on waiting, what is open stays open.
LEADING = [Status.ASSIGNED, Status.NEW, Status.QUOTED, Status.ANSWERED, Status.WON, Status.LOST]


def of_one_buyer(one: Inquiry, other: Inquiry) -> bool:
    """Whether both were asked from one e-mail address."""
    return one.email.lower() == other.email.lower()


def check(one: Inquiry, other: Inquiry) -> None:
    """Raise ValidationError, in the staff's words, where these two cannot be joined."""
    if one.pk == other.pk:
        raise ValidationError(_("This is the same inquiry. Choose another one."))
    for inquiry in (one, other):
        values = {"reference": inquiry.reference}
        if inquiry.erased_at:
            raise ValidationError(_("The data of %(reference)s has been erased.") % values)
        if inquiry.status == Status.SPAM:
            text = _("%(reference)s is held as spam. Release it first.")
            raise ValidationError(text % values)


@transaction.atomic
def merge(one: Inquiry, other: Inquiry, by: User | None) -> Inquiry:
    """Join two inquiries into the older one, and return it.

    All that was said, asked for, sent along and noted moves there in the order of time. The younger
    one's reference and its buyer's links lead to the older one from now on. Raises ValidationError
    where they cannot be joined, as when one of them has been joined with a third meanwhile.
    """
    chosen = Inquiry.objects.filter(pk__in=[one.pk, other.pk])
    locked = list(chosen.select_for_update(of=("self",)).order_by("pk"))
    if len(locked) < len({one.pk, other.pk}):
        text = _("One of the two is gone: somebody has joined it with another meanwhile.")
        raise ValidationError(text)
    check(locked[0], locked[-1])
    kept, joined = sorted(locked, key=lambda inquiry: (inquiry.created_at, inquiry.pk))
    before = kept.assigned_to
    _move(joined, kept)
    _settle(kept, joined)
    kept.former_references.create(reference=joined.reference, email=joined.email, number=joined.pk)
    joined.delete()
    kept.record(InquiryEvent.Kind.MERGED, by, _described(joined, kept))
    if kept.assigned_to and kept.assigned_to != before:
        kept.record(InquiryEvent.Kind.ASSIGNED, by, kept.assigned_to.name)
        staff.tell_contact(kept, kept.assigned_to)
    had_one = {contact for contact in (before, joined.assigned_to) if contact}
    for contact in had_one - {kept.assigned_to}:
        staff.tell_former(kept, contact, by)
    return kept


def _move(joined: Inquiry, kept: Inquiry) -> None:
    """Have everything of `joined` hang on `kept`; its first message becomes one that came later."""
    kinds = InquiryEvent.Kind
    lines = list(joined.lines.all())
    again = joined.in_words(lines)
    received = joined.events.filter(kind=kinds.RECEIVED)
    if not received.update(kind=kinds.JOINED, text=again):  # as of one that was imported
        joined.events.create(kind=kinds.JOINED, text=again, at=joined.created_at)
    there = {_what(line) for line in kept.lines.all()}
    kept.lines.add(*(line for line in lines if _what(line) not in there))
    joined.events.update(inquiry=kept)
    joined.attachments.update(inquiry=kept)
    FormerReference.objects.filter(inquiry=joined).update(inquiry=kept)


def _what(line: object) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in ("product_id", "product_name", "quantity", "unit"))


def _settle(kept: Inquiry, joined: Inquiry) -> None:
    """Give `kept` the status, the contact and the times that the two have together."""
    both = [kept, joined]
    leading = min(both, key=lambda inquiry: LEADING.index(Status(inquiry.status)))
    kept.assigned_to = leading.assigned_to or kept.assigned_to or joined.assigned_to
    waiting = [inquiry for inquiry in both if inquiry.status in {Status.NEW, Status.ASSIGNED}]
    if waiting:
        first = min(waiting, key=lambda inquiry: inquiry.due_at)
        for name in ("due_at", "reminded_at", "escalated_at"):
            setattr(kept, name, getattr(first, name))
        kept.status = Status.ASSIGNED if kept.assigned_to else Status.NEW
    else:
        kept.status = leading.status
    for name in ("first_response_at", "acknowledged_at"):
        times = [time for inquiry in both if (time := getattr(inquiry, name))]
        setattr(kept, name, min(times, default=None))
    if not kept.phone:
        kept.phone_e164 = joined.phone_e164
    for name in ("company", "country", "phone", "time_zone"):
        setattr(kept, name, getattr(kept, name) or getattr(joined, name))
    kept.erase_on = None
    kept.save()


def _described(joined: Inquiry, kept: Inquiry) -> str:
    """The reference of what was joined, and its buyer where that is another."""
    if of_one_buyer(joined, kept):
        return joined.reference
    buyer = f"{joined.name} <{joined.email}>"
    said = [joined.reference, buyer, joined.company, joined.phone]
    return ", ".join(filter(None, said))
