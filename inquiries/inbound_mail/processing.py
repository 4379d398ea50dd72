"""Saves an inbound e-mail in its inquiry, once."""

import logging
from collections.abc import Sequence
from enum import Enum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from inquiries import files
from inquiries.files import PreparedFile
from inquiries.inbound_mail.bodies import InboundFile
from inquiries.inbound_mail.matching import find_inquiry
from inquiries.inbound_mail.message import InboundMessage, parse_message
from inquiries.inbound_mail.new_inquiries import (
    find_buyer,
    is_from_software,
    receive_new_inquiry,
)
from inquiries.inbound_mail.quotations import is_forward, split_quotation
from inquiries.inbound_mail.senders import is_from_staff, is_from_us, own_email
from inquiries.models import Inquiry, InquiryEvent
from inquiries.screening import Submission
from inquiries.services import add_note, receive_message, report_delivery_failure

logger = logging.getLogger(__name__)

MAX_MEGABYTES = 30  # of a message with its encoded attachments
MAX_FILES = 20
MAX_EARLIER_TEXTS = 20  # in which a quotation is searched
MAX_TEXT_LENGTH = 20_000  # characters of the event; the rest becomes quoted text


class Outcome(Enum):
    """The result of processing an e-mail; the values are the webhook's responses."""

    SAVED = "kept"
    CREATED = "new"  # a new inquiry
    ALREADY_SAVED = "known"
    UNMATCHED = "unmatched"  # it belongs to no inquiry and is none
    IGNORED = "ignored"  # the same, and software sent it


def process_message(raw: bytes, is_truncated: bool = False) -> Outcome:
    """Parse a message (RFC 5322) and save it in its inquiry, or as a new one.

    `is_truncated` is for a message that was too large to fetch completely; its attachments are
    ignored. Raises UnreadableError if `raw` is not an e-mail.
    """
    message = parse_message(raw)
    if InquiryEvent.objects.filter(idempotency_key=message.key).exists():
        return Outcome.ALREADY_SAVED
    # An e-mail of the site itself that comes back must not start a loop.
    inquiry = None if is_from_us(message.sender) else find_inquiry(message)
    with translation.override(settings.LANGUAGE_CODE):
        if inquiry is not None:
            _save(inquiry, message, is_truncated)
            return Outcome.SAVED
        if settings.INQUIRIES_BY_EMAIL:
            return _receive_new(message, is_truncated)
    return _unmatched(message)


def _save(inquiry: Inquiry, message: InboundMessage, is_truncated: bool) -> None:
    """Save a delivery failure, a note from software or staff, or a message from the buyer."""
    if message.delivery_failure:
        report_delivery_failure(inquiry, message.delivery_failure, key=message.key)
        return
    text, quotation = _split(message, inquiry)
    if len(text) > MAX_TEXT_LENGTH:
        text, quotation = text[:MAX_TEXT_LENGTH] + "…", message.text
    text = "\n\n".join(filter(None, [text, message.forwarded_text[:MAX_TEXT_LENGTH]]))
    if message.is_automatic or is_from_staff(message.sender):
        note = _note_text(message, text)
        add_note(inquiry, note, by=None, key=message.key, quoted_text=quotation)
        return
    attachments, problems = _attachments(message, is_truncated)
    if message.sender.casefold() != inquiry.email.casefold():
        text = f"{message.sender_name} <{message.sender}>:\n\n{text}"
    text = "\n\n".join(filter(None, [text, *problems])) or f"({message.subject})"
    receive_message(
        inquiry,
        Submission(text=text, email=message.sender, is_email=True),
        key=message.key,
        files=attachments,
        message_id=message.message_id,
        quoted_text=quotation,
        is_unverified=message.is_verified is False,
    )


def _receive_new(message: InboundMessage, is_truncated: bool) -> Outcome:
    """Save an e-mail as a new inquiry, unless software or staff sent it or it is not for us."""
    if is_from_software(message):
        return Outcome.IGNORED
    if not (buyer := find_buyer(message)):
        return _unmatched(message)
    inquiry = receive_new_inquiry(message, buyer, *_attachments(message, is_truncated))
    if inquiry is None:
        return _unmatched(message)
    first = inquiry.events.filter(idempotency_key=message.key, kind=InquiryEvent.Kind.RECEIVED)
    return Outcome.CREATED if first.exists() else Outcome.SAVED


def _unmatched(message: InboundMessage) -> Outcome:
    name = message.message_id or message.key
    logger.warning("The e-mail %s belongs to no inquiry.", name)
    return Outcome.UNMATCHED


def _attachments(
    message: InboundMessage, is_truncated: bool
) -> tuple[list[PreparedFile], list[str]]:
    """The accepted files of a message, and an error message for what is missing."""
    if is_truncated:
        return [], [
            _("The message was too large. Its attachments are only available in the mailbox.")
        ]
    return prepare_files(message.files)


def _split(message: InboundMessage, inquiry: Inquiry) -> tuple[str, str]:
    """The new text and the quotation; of an e-mail that the buyer forwarded, all is new."""
    if is_forward(message.subject):
        return message.text, ""
    status_page = reverse("inquiries:status", args=["-"]).removesuffix("-/")
    own_texts = [own_email(), settings.REPLY_ADDRESS, inquiry.reference, status_page]
    events = inquiry.events.for_buyer().order_by("-pk")[:MAX_EARLIER_TEXTS]
    earlier_texts = [inquiry.message, *(event.text for event in events)]
    return split_quotation(message.text, own_texts, earlier_texts, message.quotation_start)


def _note_text(message: InboundMessage, text: str) -> str:
    """The text of a note: the sender or subject, the text, and the names of the attachments."""
    heading = _("Automatic reply: %(subject)s") if message.is_automatic else "%(sender)s:"
    heading %= {"subject": message.subject, "sender": message.sender}
    names = ", ".join(files.clean_name(file.name, "") for file in message.files[:MAX_FILES])
    return f"{heading}\n\n{text}\n\n{names}".strip()


def prepare_files(sent: Sequence[InboundFile]) -> tuple[list[PreparedFile], list[str]]:
    """The accepted files, and an error message for each of the others."""
    accepted: list[PreparedFile] = []
    problems: list[str] = []
    for number, file in enumerate(sent):
        name = files.clean_name(file.name, "")
        if number >= MAX_FILES:
            problems.append(_("“%(name)s” was not saved: too many files.") % {"name": name})
            continue
        try:
            accepted.append(_prepare(file))
        except ValidationError as error:
            problems.extend(error.messages)
        except Exception:  # a file from outside may break the libraries in unknown ways
            logger.exception("A file in an e-mail cannot be read.")
            problems.append(_("“%(name)s” could not be read.") % {"name": name})
    return accepted, problems


def _prepare(file: InboundFile) -> PreparedFile:
    """Check a file; e-mails and texts are also accepted. Raises ValidationError."""
    content = ContentFile(file.content, name=file.name)
    if file.kind != "eml":
        try:
            return files.prepare_upload(content)
        except ValidationError as error:
            if not file.kind or error.code == "infected":
                raise
    files.check_size(content)
    return PreparedFile(
        content,
        files.clean_name(file.name, file.kind),
        file.kind,
        _scan(content),
    )


def _scan(content: ContentFile) -> str:
    """What the scanner says of a file; raises ValidationError, with its name, if it is infected."""
    try:
        return files.scan_for_viruses(content)
    except ValidationError as error:
        name = files.clean_name(str(content.name), "")
        text = _("“%(name)s”: %(reason)s") % {"name": name, "reason": error.messages[0]}
        raise ValidationError(text, code=error.code) from error
