"""Keep what comes by mail with the inquiry that it belongs to, once."""

import logging
import re
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
from inquiries.models import FormerReference, Inquiry, InquiryEvent
from inquiries.screening import Submission
from inquiries.services import add_note, receive_message, report_delivery_failure

logger = logging.getLogger(__name__)

MAX_MEGABYTES = 30  # of a message as it is sent, its files encoded
MOST_FILES = 20
MAX_NAMED_REFERENCES = 20
REFERENCE = re.compile(r"\b[A-Z0-9]{8,12}\b")  # what may be one
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
    if InquiryEvent.objects.filter(idempotency_key=mail.key).exists():
        return Outcome.KNOWN
    inquiry = None if _is_ours(mail) else find_inquiry(mail)
    if inquiry is None:
        logger.warning("The mail %s belongs to no inquiry.", mail.message_id or mail.key)
        return Outcome.UNMATCHED
    with translation.override(settings.LANGUAGE_CODE):
        _keep(inquiry, mail, is_cut)
    return Outcome.KEPT


def find_inquiry(mail: IncomingMail) -> Inquiry | None:
    """The inquiry that an e-mail replies to: by its thread, else by subject and sender.

    The reference in the subject is not enough, since others may have read it.
    """
    events = InquiryEvent.objects.filter(message_id__in=mail.answers).exclude(message_id="")
    if event := events.select_related("inquiry").order_by("-at", "-pk").first():
        return event.inquiry
    named = set(REFERENCE.findall(mail.subject.upper())[:MAX_NAMED_REFERENCES])
    if inquiry := Inquiry.objects.from_buyer(mail.sender).filter(reference__in=named).first():
        return inquiry
    former = FormerReference.objects.from_buyer(mail.sender).filter(reference__in=named)
    merged = former.select_related("inquiry").first()
    return merged.inquiry if merged else None


def _keep(inquiry: Inquiry, mail: IncomingMail, is_cut: bool) -> None:
    """Write down what came: a reply, or what a machine or a member of staff sent."""
    if mail.bounced:
        report_delivery_failure(inquiry, mail.bounced, key=mail.key)
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
        note = f"{said}\n\n{new}\n\n{named}".strip()
        add_note(inquiry, note, by=None, key=mail.key, quoted_text=rest)
        return
    kept, left_out = prepare([] if is_cut else mail.files)
    if is_cut:
        left_out = [_("The message was too big: its files are only in the mailbox.")]
    if mail.sender.casefold() != inquiry.email.casefold():
        new = f"{mail.sender_name} <{mail.sender}>:\n\n{new}"
    text = "\n\n".join(filter(None, [new, *left_out])) or f"({mail.subject})"
    submission = Submission(text=text, email=mail.sender, came_by="mail")
    receive_message(
        inquiry,
        submission,
        key=mail.key,
        files=kept,
        message_id=mail.message_id,
        quoted_text=rest,
    )


def prepare(sent: Sequence[SentFile]) -> tuple[list[PreparedFile], list[str]]:
    """What may be kept of the files, and a sentence about each that is not."""
    kept, left_out = [], []
    for number, file in enumerate(sent):
        name = files.clean_name(file.name, "")
        if number >= MOST_FILES:
            left_out.append(_("“%(name)s” is one file too many.") % {"name": name})
            continue
        try:
            kept.append(files.prepare_upload(ContentFile(file.content, name=file.name)))
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
