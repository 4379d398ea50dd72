"""A contact as a vCard, for an address book."""

import vobject
from django.conf import settings

from contacts.models import Company, Contact


def vcard_of(contact: Contact) -> str:
    """`contact` in vCard 3.0 (RFC 2426), which every address book reads. Empty fields are left out.

    Skype has no property in the standard; `X-SKYPE` is what address books agreed upon.
    """
    company = Company.get_solo()
    card = vobject.vCard()
    card.add("fn").value = contact.name
    card.add("n").value = vobject.vcard.Name(given=contact.name)
    if company.name:
        card.add("org").value = [part for part in (company.name, contact.department) if part]
    if company.address:
        _add(card, "adr", vobject.vcard.Address(street=company.address), "WORK")
    for kind, value in (
        (("WORK", "VOICE"), contact.phone),
        (("WORK", "FAX"), contact.fax),
        (("CELL",), contact.mobile),
    ):
        if value:
            _add(card, "tel", value, *kind)
    if contact.email:
        _add(card, "email", contact.email, "INTERNET")
    if contact.title:
        card.add("title").value = contact.title
    if contact.skype:
        card.add("x-skype").value = contact.skype
    card.add("url").value = settings.SITE_URL + "/"
    return card.serialize()


def _add(card: vobject.base.Component, name: str, value: object, *kinds: str) -> None:
    line = card.add(name)
    line.value = value
    line.type_paramlist = list(kinds)
