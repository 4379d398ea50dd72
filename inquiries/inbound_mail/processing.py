"""Keep what comes by mail with the inquiry that it belongs to, once."""

import logging
from collections.abc import Sequence
from email.utils import parseaddr
from enum import Enum

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _

from contacts.models import Contact
from inquiries import files
from inquiries.files import PreparedFile
from inquiries.inbound_mail.bodies import SentFile
from inquiries.inbound_mail.message import IncomingMail, read
from inquiries.inbound_mail.quotations import split_quotation
from inquiries.models import Inquiry, InquiryEvent
from inquiries.screening import Submission

logger = logging.getLogger(__name__)

MAX_MEGABYTES = 30  # of a message as it is sent, its files encoded
MOST_FILES = 20
LONGEST_TEXT = 20_000  # characters, of what is shown in the timeline at once


class Outcome(Enum):
    """What became of a mail."""

    KEPT = "kept"
    KNOWN = "known"
    UNMATCHED = "unmatched"


def receive(raw: bytes, is_cut: bool = False) -> Outcome:
    """Keep the message `raw` (RFC 5322) with its inquiry; what was kept before is known.

    What belongs to no inquiry is unmatched, and nothing is kept of it here. `is_cut` says that the
    message was too big and only its beginning was handed over, in which case its files are not
    taken. Raises UnreadableError for what is no mail.
    """
    mail = read(raw)
    if InquiryEvent.objects.filter(key=mail.key).exists():
        return Outcome.KNOWN
    inquiry = None if _is_ours(mail) else Inquiry.objects.of_mail(mail)
    if inquiry is None:
        logger.warning("The mail %s belongs to no inquiry.", mail.message_id or mail.key)
        return Outcome.UNMATCHED
    with translation.override(settings.LANGUAGE_CODE):
        _keep(inquiry, mail, is_cut)
    return Outcome.KEPT


def _keep(inquiry: Inquiry, mail: IncomingMail, is_cut: bool) -> None:
    """Write down what came: a reply, or what a machine or a member of staff sent."""
    if mail.bounced:
        inquiry.fail_to_deliver(mail.bounced, mail.key)
        return
    new, rest = split_quotation(
        mail.text, [_own_address(), settings.REPLY_ADDRESS, inquiry.reference]
    )
    if len(new) > LONGEST_TEXT:
        new, rest = new[:LONGEST_TEXT] + "…", mail.text
    if mail.is_automatic or _is_staff(mail.sender):
        intro = _("Automatic reply: %(subject)s") if mail.is_automatic else "%(sender)s:"
        said = intro % {"subject": mail.subject, "sender": mail.sender}
        named = ", ".join(files.clean_name(file.name, "") for file in mail.files[:MOST_FILES])
        inquiry.note_once(f"{said}\n\n{new}\n\n{named}".strip(), mail.key, rest=rest)
        return
    kept, left_out = prepare([] if is_cut else mail.files)
    if is_cut:
        left_out = [_("The message was too big: its files are only in the mailbox.")]
    if mail.sender.casefold() != inquiry.email.casefold():
        new = f"{mail.sender_name} <{mail.sender}>:\n\n{new}"
    text = "\n\n".join(filter(None, [new, *left_out])) or f"({mail.subject})"
    submission = Submission(text=text, email=mail.sender, came_by="mail")
    inquiry.hear_once(mail.key, submission, kept, message_id=mail.message_id, rest=rest)


def prepare(sent: Sequence[SentFile]) -> tuple[list[PreparedFile], list[str]]:
    """What may be kept of the files, and a sentence about each that is not."""
    kept, left_out = [], []
    for number, file in enumerate(sent):
        name = files.clean_name(file.name, "")
        if number >= MOST_FILES:
            left_out.append(_("“%(name)s” is one file too many.") % {"name": name})
            continue
        try:
            kept.append(files.prepare(ContentFile(file.content, name=file.name)))
        except ValidationError as error:
            left_out.extend(error.messages)
        except Exception:  # what a stranger's file can do to the libraries is not known
            logger.exception("A file in a mail cannot be read.")
            left_out.append(_("“%(name)s” cannot be read.") % {"name": name})
    return kept, left_out


def _own_address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _is_ours(mail: IncomingMail) -> bool:
    """Whether the site wrote it itself: it went astray, and must not start a loop."""
    own = {_own_address().casefold(), settings.REPLY_ADDRESS.casefold()}
    return mail.sender.casefold() in own


def _is_staff(address: str) -> bool:
    """Whether a member of staff sent it: then it is not for the buyer's eyes."""
    accounts = get_user_model().objects.filter(is_staff=True, email__iexact=address)
    return bool(address) and (
        Contact.objects.filter(email__iexact=address).exists() or accounts.exists()
    )
