"""Contacts as the staff see them: with their absence and whoever stands in."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from contacts.models import Company, Contact, ContactQuerySet


def assignee_labels(contacts: ContactQuerySet) -> dict[int, str]:
    """The label of each contact by primary key, in the order of the queryset.

    Takes one query, and two more if one of the contacts is away or inactive.
    """
    company = Company.get_solo()
    found = list(contacts.with_absence(company))
    if all(contact.is_active and not contact.away_until for contact in found):
        return {contact.pk: contact.name for contact in found}
    substitutes = Contact.objects.stand_ins(company)
    in_use = {substitutes.get(contact.pk) for contact in found} - {None}
    names = dict(Contact.objects.filter(pk__in=in_use).values_list("pk", "name"))
    return {
        contact.pk: (
            _absence_label(contact, contact.away_until, names.get(substitutes[contact.pk] or 0))
            if contact.pk in substitutes
            else contact.name
        )
        for contact in found
    }


def _absence_label(contact: Contact, away_until: date | None, substitute: str | None) -> str:
    """The name of a contact who is not available, with the reason and the substitute's name."""
    if contact.is_active and away_until:
        day = date_format(away_until, "MONTH_DAY_FORMAT")
        absence = gettext("away until %(day)s") % {"day": day}
    else:
        absence = gettext("off the site")
    if substitute:
        sentence = gettext("%(contact)s (%(absence)s, %(stand_in)s stands in)")
    else:
        sentence = gettext("%(contact)s (%(absence)s, nobody stands in)")
    return sentence % {"contact": contact, "absence": absence, "stand_in": substitute}
