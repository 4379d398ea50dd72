"""A contact for an address book: as a vCard, and as a QR code of its most needed lines."""

import logging
from io import BytesIO

import segno
import vobject
from django.conf import settings
from django.utils.translation import gettext as _
from imagekit import ImageSpec
from imagekit.processors import ResizeToFit
from imagekit.utils import generate

from contacts.models import Company, Contact

logger = logging.getLogger(__name__)


class Portrait(ImageSpec):
    """A photo as every address book reads it, of some ten kilobytes."""

    processors = [ResizeToFit(256, 256, upscale=False)]
    format = "JPEG"
    options = {"quality": 80}


def vcard_of(contact: Contact) -> str:
    """`contact` in vCard 3.0 (RFC 2426), which every address book reads. Empty fields are left out.

    Skype has no property in the standard; `X-SKYPE` is what address books agreed upon. Languages
    have none before 4.0 (RFC 6350), which many do not read: they stand in the note.
    """
    company = contact.company
    card = _essentials(contact, company)
    if company.address:
        _add(card, "adr", vobject.vcard.Address(street=company.address), "WORK")
    if contact.fax:
        _add(card, "tel", contact.fax, "WORK", "FAX")
    if company.name and contact.department:
        card.org.value.append(contact.department)
    if contact.title:
        card.add("title").value = contact.title
    if contact.skype:
        card.add("x-skype").value = contact.skype
    if contact.time_zone or company.time_zone:
        zone = card.add("tz")  # by its name: an offset would be wrong half the year
        zone.value, zone.value_param = contact.zone.key, "text"
    if contact.spoken:
        names = ", ".join(name for _code, name in contact.spoken)
        card.add("note").value = _("Speaks %(languages)s") % {"languages": names}
    if portrait := _portrait(contact):
        photo = card.add("photo")
        photo.value, photo.encoding_param, photo.type_param = portrait, "b", "JPEG"
    return card.serialize()


def code_of(contact: Contact) -> bytes:
    """The SVG picture of a QR code (ISO/IEC 18004) that a telephone's camera saves as a contact.

    It holds as little as is useful, so that its dots stay big enough to be scanned.
    """
    text = _essentials(contact, contact.company).serialize()
    out = BytesIO()
    segno.make_qr(text, error="l", encoding="utf-8", boost_error=False).save(
        out, kind="svg", omitsize=True, light="#fff", border=4
    )
    return out.getvalue()


def _essentials(contact: Contact, company: Company) -> vobject.base.Component:
    card = vobject.vCard()
    card.add("fn").value = contact.name
    card.add("n").value = vobject.vcard.Name(given=contact.name)
    if company.name:
        card.add("org").value = [company.name]
    if contact.phone:
        _add(card, "tel", contact.phone, "WORK", "VOICE")
    if contact.mobile:
        _add(card, "tel", contact.mobile, "CELL")
    if contact.email:
        _add(card, "email", contact.email, "INTERNET")
    card.add("url").value = settings.SITE_URL + "/"
    return card


def _portrait(contact: Contact) -> bytes:
    """The photo, small; nothing where there is none or, as is logged, it cannot be read."""
    if not contact.photo:
        return b""
    try:
        with contact.photo.open() as source:
            return generate(Portrait(source)).read()
    except Exception:  # whatever a storage or a decoder raises
        logger.exception("The photo of contact %s could not be read.", contact.pk)
        return b""


def _add(card: vobject.base.Component, name: str, value: object, *kinds: str) -> None:
    line = card.add(name)
    line.value = value
    line.type_paramlist = list(kinds)
