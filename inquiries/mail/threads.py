"""What makes one conversation of the mails to a buyer: names, addresses, threads and quotations."""

import unicodedata
from email.utils import parseaddr, quote
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Company, Contact
from inquiries.time_zones import zone_of

if TYPE_CHECKING:
    from inquiries.models import Inquiry

LONGEST_SENDER = 254  # characters, what the outbox holds
MOST_REFERENCES = 20
MOST_QUOTED, MOST_LINES = 5000, 150  # characters, lines


def sender(contact: Contact) -> str:
    """Whom an answer comes from: the contact's name with the site's own address.

    The contact's own address may be of a domain that the site's mail server may not send for
    (DMARC, RFC 7489).
    """
    name, company = contact.name, Company.get_solo().name
    if company:
        name = _("%(contact)s at %(company)s") % {"contact": name, "company": company}
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    kept = "".join(c for c in name if unicodedata.category(c) != "Cc" and c not in "<>")
    room = (LONGEST_SENDER - len(address)) // 2  # as every character might have to be escaped
    return f'"{quote(" ".join(kept.split())[: room - 5])}" <{address}>'


def reply_to(contact: Contact | None = None) -> dict[str, str]:
    """Where a buyer's reply goes: to the mailbox that is fetched, else to the contact.

    It is one address for all: not every mail server takes those with a plus and a token, and what
    a reply belongs to is told by its thread or the reference in its subject.
    """
    address = settings.REPLY_ADDRESS or (contact.address if contact else "")
    return {"Reply-To": address} if address else {}


def in_thread(inquiry: "Inquiry") -> dict[str, str]:
    """The headers by which mail programs show a mail below those before it (RFC 5322, 3.6.4).

    Of a long thread the first and the last messages are named.
    """
    known = inquiry.events.with_mail().values_list("message_id", flat=True)
    last = list(known.reverse()[:MOST_REFERENCES])[::-1]
    if not last:
        return {}
    references = dict.fromkeys([*known[:1], *last])
    return {"In-Reply-To": last[-1], "References": " ".join(references)}


def quotation(inquiry: "Inquiry") -> str:
    """What the buyer wrote last, as mail programs quote it, and when that was by their clock."""
    zone = zone_of(inquiry) or inquiry.office_hours.zone
    last = inquiry.events.written_by_buyer().last()
    at, text = (last.at, last.text) if last else (inquiry.created_at, inquiry.message)
    said = {
        "date": f"{timezone.localtime(at, zone):%Y-%m-%d %H:%M}",
        "name": inquiry.name,
    }
    lines = text[:MOST_QUOTED].splitlines()
    if len(text) > MOST_QUOTED or len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], "[…]"]
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return _("On %(date)s, %(name)s wrote:") % said + "\n" + quoted
