"""Labels of contacts for the staff, with a note about an absence and the substitute."""

from django.utils.formats import date_format
from django.utils.translation import gettext

from contacts.cards import ContactCard, get_contact_cards
from contacts.models import Company, ContactQuerySet


def assignee_labels(contacts: ContactQuerySet, limit: int | None = None) -> dict[int, str]:
    """Return the labels of the first `limit` contacts by primary key, in the order of `contacts`.

    Takes one query, and two more if a substitute is not among `contacts`.
    """
    cards = get_contact_cards(contacts, Company.current(), limit)
    return {card.contact.pk: _label(card) for card in cards}


def _label(card: ContactCard) -> str:
    """The contact's name; for an absent contact, with the reason and the substitute's name."""
    contact, substitute = card.contact, card.responsible
    if substitute == contact:
        return contact.name
    if contact.is_active and card.away_until:
        day = date_format(card.away_until, "MONTH_DAY_FORMAT")
        absence = gettext("out of office until %(day)s") % {"day": day}
    else:
        absence = gettext("inactive")
    if substitute:
        sentence = gettext("%(contact)s (%(absence)s, substitute: %(stand_in)s)")
    else:
        sentence = gettext("%(contact)s (%(absence)s, no substitute)")
    return sentence % {"contact": contact, "absence": absence, "stand_in": substitute}
