"""One inquiry becomes two, as when a buyer asks about things that different people answer."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries.mail import staff
from inquiries.models import Desk, Inquiry, InquiryEvent
from inquiries.models.buyers import Buyer
from inquiries.models.terms import TradeTerms

Kind = InquiryEvent.Kind

MOVABLE = [Kind.JOINED, Kind.WROTE]

# What a new inquiry has in common with the one that it is split off.
COMMON = [
    *(field.name for model in (Buyer, TradeTerms) for field in model._meta.fields),
    "source",
    "source_page",
]


@transaction.atomic
def split(
    inquiry: Inquiry,
    lines: Collection[int],
    messages: Collection[int],
    by: User,
    keeps_contact: bool = True,
) -> Inquiry:
    """Take lines and later messages out of `inquiry` into a new one of the same buyer; returns it.

    `lines` and `messages`, which are events, are told by their primary keys.
    The first message stays where it is. The new inquiry begins with the first of those that are
    taken out, or with a copy of the first of all where there are only lines. It is answered by the
    same contact, or is new to the managers. The buyer hears of it with its first answer.

    Raises ValidationError, in the staff's words, where nothing would be taken out, or nothing left.
    """
    row = Inquiry.objects.select_for_update(of=("self",)).filter(pk=inquiry.pk).first()
    if row is None or row.erased_at or row.status == Inquiry.Status.SPAM:
        raise ValidationError(_("This inquiry cannot be split."))
    taken = row.lines.filter(pk__in=lines)
    said = row.events.filter(kind__in=MOVABLE, pk__in=messages)
    if len(taken) != len(lines) or len(said) != len(messages):
        raise ValidationError(_("Part of it was moved by somebody else meanwhile. Choose again."))
    if not taken and not said:
        raise ValidationError(_("Choose at least one product or message to take out."))
    if not said and len(taken) == row.lines.count():
        raise ValidationError(_("Leave at least one product, or take out a message as well."))
    new = _begin(row, first=said[0] if said else None, keeps_contact=keeps_contact)
    new.lines.add(*taken)
    for event in said:
        event.attachments.update(inquiry=new)
    new.events.add(*said)
    row.record(Kind.SPLIT, by, new.reference)
    new.record(Kind.SPLIT, by, row.reference)
    if new.assigned_to:
        new.record(Kind.ASSIGNED, by, new.assigned_to.name)
        staff.tell_contact(new, new.assigned_to)
    else:
        staff.tell_managers(new)
    return new


def _begin(row: Inquiry, first: InquiryEvent | None, keeps_contact: bool) -> Inquiry:
    """The new inquiry, with the message that it begins with."""
    contact = row.assigned_to if keeps_contact else None
    new = Inquiry.objects.create_with_reference(
        **{name: getattr(row, name) for name in COMMON},
        message=first.text if first else row.message,
        created_at=first.at if first else row.created_at,
        due_at=Desk.get_solo().first_answer_due(timezone.now()),
        assigned_to=contact,
        status=Inquiry.Status.ASSIGNED if contact else Inquiry.Status.NEW,
    )
    if first:
        first.kind, first.text = Kind.RECEIVED, ""
        first.save(update_fields=["kind", "text"])
    else:
        new.events.create(kind=Kind.RECEIVED, at=row.created_at)
    return new
