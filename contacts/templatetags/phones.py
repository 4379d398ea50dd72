"""Phone numbers in links: `{{ contact.phone|tel:company }}`, `{% whatsapp contact company %}`."""

from urllib.parse import quote

from django import template

from contacts.models import Company, Contact
from core.phone_numbers import tel_url

register = template.Library()


@register.filter
def tel(number: str, company: Company) -> str:
    """The `tel:` URL (RFC 3966) of a number of `company`, with its extension, if any."""
    return tel_url(number, company.phone_region)


@register.simple_tag
def whatsapp(contact: Contact, company: Company, text: str = "") -> str:
    """The URL that opens a WhatsApp chat with `contact`, with `text` as the draft message.

    Empty if the contact is not on WhatsApp or the country of the number is unknown.
    """
    url = contact.get_whatsapp_url(company) if contact.whatsapp else ""
    return f"{url}?text={quote(text, safe='')}" if url and text else url
