"""Whose inquiries are, and who answers for those who are not there."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext

from contacts.models import Company, Contact
from inquiries.models import Inquiry


def describe(contact: Contact) -> str:
    """The contact's name; of one who is not there today, with why and who stands in."""
    stand_in = contact.responsible
    if stand_in == contact:
        return contact.name
    if contact.is_active and contact.away_until:
        day = date_format(contact.away_until, "MONTH_DAY_FORMAT")
        absence = gettext("away until %(day)s") % {"day": day}
    else:
        absence = gettext("off the site")
    if stand_in:
        sentence = gettext("%(contact)s (%(absence)s, %(stand_in)s stands in)")
    else:
        sentence = gettext("%(contact)s (%(absence)s, nobody stands in)")
    return sentence % {"contact": contact, "absence": absence, "stand_in": stand_in}


def look_up(inquiries: Iterable[Inquiry]) -> None:
    """Have the contacts of these inquiries know who answers for them, in a few queries for all."""
    inquiries = list(inquiries)
    numbers = {inquiry.assigned_to_id for inquiry in inquiries if inquiry.assigned_to_id}
    contacts = Contact.objects.filter(pk__in=numbers).for_cards(Company.get_solo(), len(numbers))
    by_number = {contact.pk: contact for contact in contacts}
    for inquiry in inquiries:
        if inquiry.assigned_to_id:
            inquiry.assigned_to = by_number[inquiry.assigned_to_id]
