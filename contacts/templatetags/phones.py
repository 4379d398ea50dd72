"""Phone numbers in links: `{{ contact.phone|tel }}`, `{% whatsapp contact text %}`."""

import re
from urllib.parse import quote

from django import template

from contacts.models import Contact

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """The number for a `tel:` link (RFC 3966): plus sign, digits, and the extension, if any."""
    main, *extension = re.split(r"ext|x", number, flags=re.IGNORECASE)
    plus = "+" if main.strip().startswith("+") else ""
    digits = plus + re.sub(r"[^0-9]", "", main)
    return ";ext=".join([digits, *(re.sub(r"[^0-9]", "", part) for part in extension)])


@register.simple_tag
def whatsapp(contact: Contact, text: str = "") -> str:
    """The URL that opens a WhatsApp chat with `contact`, with `text` as the draft message."""
    return f"{contact.whatsapp_url}?text={quote(text, safe='')}" if text else contact.whatsapp_url
