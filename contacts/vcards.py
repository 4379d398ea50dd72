"""A contact for an address book: as a vCard, and as a QR code with the main fields."""

import logging
from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from contacts.models import Company, Contact
from core.images.scaling import scaled
from core.phone_numbers import format_international

if TYPE_CHECKING:
    import vobject

logger = logging.getLogger(__name__)


def build_vcard(contact: Contact) -> str:
    """The vCard of a contact, without empty fields.

    It is version 3.0 (RFC 2426), which every address book reads. Skype has no property there, but
    `X-SKYPE` is common. Languages have none before version 4.0 (RFC 6350), which many do not read,
    so the note names them. Numbers are international, since buyers abroad save the card.
    """
    company = Company.current()
    card = _build_main_fields(contact, company)
    region = company.phone_region
    if company.address:
        import vobject  # only if used, because it is large

        _add(card, "adr", vobject.vcard.Address(street=company.address), "WORK")
    if contact.fax:
        _add(card, "tel", format_international(contact.fax, region), "WORK", "FAX")
    if company.name and contact.department:
        card.org.value.append(contact.department)
    if contact.title:
        card.add("title").value = contact.title
    if contact.skype:
        card.add("x-skype").value = contact.skype
    if contact.time_zone or company.time_zone:
        zone = card.add("tz")  # its name, since an offset would be wrong half the year
        zone.value, zone.value_param = contact.get_zone(company).key, "text"
    if contact.spoken_languages:
        names = ", ".join(name for _code, name in contact.spoken_languages)
        card.add("note").value = _("Speaks %(languages)s") % {"languages": names}
    if portrait := _portrait(contact):
        photo = card.add("photo")
        photo.value, photo.encoding_param, photo.type_param = portrait, "b", "JPEG"
    return card.serialize()


def build_qr_code(contact: Contact) -> bytes:
    """An SVG image of a QR code (ISO/IEC 18004) that a phone's camera saves as a contact.

    It holds only the main fields, so that its dots are large enough to be scanned.
    """
    import segno

    text = _build_main_fields(contact, Company.current()).serialize()
    out = BytesIO()
    segno.make_qr(text, error="l", encoding="utf-8", boost_error=False).save(
        out, kind="svg", omitsize=True, light="#fff", border=4
    )
    return out.getvalue()


def _build_main_fields(contact: Contact, company: Company) -> "vobject.base.Component":
    import vobject

    card, region = vobject.vCard(), company.phone_region
    card.add("fn").value = contact.name
    card.add("n").value = vobject.vcard.Name(given=contact.name)
    if company.name:
        card.add("org").value = [company.name]
    if contact.phone:
        _add(card, "tel", format_international(contact.phone, region), "WORK", "VOICE")
    if contact.mobile:
        _add(card, "tel", format_international(contact.mobile, region), "CELL")
    if contact.email:
        _add(card, "email", contact.email, "INTERNET")
    card.add("url").value = settings.SITE_URL + "/"
    return card


def _portrait(contact: Contact) -> bytes:
    """The photo as a JPEG file of about ten kilobytes, which every address book reads.

    Empty if there is none or if it cannot be read, which is logged.
    """
    if not contact.photo:
        return b""
    try:
        with contact.photo.open() as source:
            return bytes(scaled(source, "JPEG", 256, 256).read())
    except Exception:  # a storage or a decoder may raise almost anything
        logger.exception("The photo of contact %s could not be read.", contact.pk)
        return b""


def _add(card: "vobject.base.Component", name: str, value: object, *kinds: str) -> None:
    line = card.add(name)
    line.value = value
    line.type_paramlist = list(kinds)
