"""Sender, reply address, thread and quotation of the e-mails to a buyer."""

import unicodedata
from collections.abc import Sequence
from email.utils import parseaddr, quote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Company, Contact
from inquiries.models import Inquiry

MAX_SENDER_LENGTH = 254  # characters, a limit of the outbox
MAX_REFERENCES = 20
MAX_QUOTATION_LENGTH, MAX_QUOTED_LINES = 5000, 150  # characters, lines


def sender(contact: Contact) -> str:
    """The From header of an answer: the contact's name with the site's e-mail address.

    The site's mail server may not be allowed to send for the contact's domain (DMARC, RFC 7489).
    """
    name, company = contact.name, Company.current().name
    if company:
        name = _("%(contact)s at %(company)s") % {"contact": name, "company": company}
    email = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    name = "".join(c for c in name if unicodedata.category(c) != "Cc" and c not in "<>")
    room = (MAX_SENDER_LENGTH - len(email)) // 2  # each character may need an escape
    return f'"{quote(" ".join(name.split())[: room - 5])}" <{email}>'


def reply_to(contact: Contact | None = None) -> dict[str, str]:
    """The Reply-To header: the mailbox of the site, else the contact's e-mail address.

    It is the same for all inquiries: not every mail server accepts addresses with a plus and a
    token, and a reply is matched by its thread or the reference in its subject.
    """
    email = settings.REPLY_ADDRESS or (contact.notification_email if contact else "")
    return {"Reply-To": email} if email else {}


def thread_headers(inquiry: Inquiry) -> dict[str, str]:
    """The headers that add an e-mail to the thread of earlier ones (RFC 5322, 3.6.4).

    For a long thread, they only list the first and the last messages.
    """
    known = inquiry.events.with_message_id().values_list("message_id", flat=True)
    last = list(known.reverse()[:MAX_REFERENCES])[::-1]
    return reply_headers([*known[:1], *last]) if last else {}


def reply_headers(message_ids: Sequence[str]) -> dict[str, str]:
    """The headers of a reply to the last of these messages."""
    references = " ".join(dict.fromkeys(message_ids))
    return {"In-Reply-To": message_ids[-1], "References": references} if message_ids else {}


def quotation(inquiry: Inquiry) -> str:
    """The buyer's last message, quoted, with its time in the buyer's time zone."""
    zone = inquiry.buyer_zone or Company.current().zone
    last = inquiry.events.buyer_messages().last()
    at, text = (last.at, last.text) if last else (inquiry.created_at, inquiry.message)
    values = {
        "date": f"{timezone.localtime(at, zone):%Y-%m-%d %H:%M}",
        "name": inquiry.name,
    }
    lines = text[:MAX_QUOTATION_LENGTH].splitlines()
    if len(text) > MAX_QUOTATION_LENGTH or len(lines) > MAX_QUOTED_LINES:
        lines = [*lines[:MAX_QUOTED_LINES], "[…]"]
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return _("On %(date)s, %(name)s wrote:") % values + "\n" + quoted
