"""The recipients of e-mails about several inquiries."""

from django.db.models import Q

from contacts.models import Contact
from inquiries.emails.recipients import is_valid_email
from inquiries.models import InquiryQuerySet


def group_by_recipient(
    inquiries: InquiryQuerySet,
) -> list[tuple[Contact | None, InquiryQuerySet]]:
    """The inquiries of each contact who answers them today; None is for the managers.

    The managers get the inquiries without a contact, and those of a contact who is absent without
    a substitute or has no valid e-mail address.
    """
    owners = inquiries.order_by().values_list("assigned_to", flat=True).distinct()
    substitutes = Contact.objects.get_substitutes()
    responsible = {pk: substitutes.get(pk, pk) for pk in owners if pk is not None}
    contacts = Contact.objects.select_related("user").in_bulk(set(responsible.values()) - {None})
    reachable = {
        pk: contact
        for pk, contact in contacts.items()
        if contact.notification_email and is_valid_email(contact.notification_email)
    }
    groups: list[tuple[Contact | None, InquiryQuerySet]] = [
        (contact, inquiries.filter(assigned_to__in=[k for k, v in responsible.items() if v == pk]))
        for pk, contact in reachable.items()
    ]
    covered = [pk for pk, recipient in responsible.items() if recipient in reachable]
    others = Q(assigned_to=None) | ~Q(assigned_to__in=covered)
    return [*groups, (None, inquiries.filter(others))]
