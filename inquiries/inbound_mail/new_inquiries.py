"""E-mails to the inquiry address that belong to no inquiry yet."""

import re
from collections.abc import Sequence

from inquiries.emails.recipients import is_valid_email
from inquiries.files import PreparedFile
from inquiries.inbound_mail.languages import guess_language
from inquiries.inbound_mail.message import InboundMessage
from inquiries.inbound_mail.senders import inquiry_emails, is_from_staff, is_from_us
from inquiries.models import Inquiry
from inquiries.screening import Submission, is_rate_limited
from inquiries.services import receive_inquiry

MAX_NAME_LENGTH = 100  # characters
MAX_MESSAGE_LENGTH = 5000  # characters, as in the form
# Addresses that no person reads
SOFTWARE = re.compile(
    r"(?:no|do[-_.]?not)[-_.]?reply\b|mailer-daemon@|postmaster@|bounces?[@+-]", re.IGNORECASE
)


def is_from_software(message: InboundMessage) -> bool:
    """Whether it is an automatic reply or from a mailing list, but not a report of a server."""
    if message.is_report or message.delivery_failure:
        return False
    return message.is_automatic or message.routing.is_from_list(inquiry_emails())


def find_buyer(message: InboundMessage) -> str:
    """The address that an e-mail to the inquiry address is to be answered at.

    It is empty for an e-mail that was sent to another address, and for one from the company itself
    or from software.
    """
    is_for_us = message.routing.has_recipient(inquiry_emails())
    if not is_for_us or message.is_automatic or _is_own(message.sender):
        return ""
    emails = (message.routing.reply_to, message.sender)
    return next((email for email in emails if _may_be_buyer(email)), "")


def receive_new_inquiry(
    message: InboundMessage, buyer: str, files: Sequence[PreparedFile], problems: Sequence[str]
) -> Inquiry | None:
    """Save an e-mail of `buyer` as an inquiry, screened and acknowledged like one from the form.

    The text is not searched for a quotation, since what a buyer forwards may be the request.
    `problems` name the files that are missing. Returns the inquiry, which is an earlier one if the
    same buyer has sent the same text twice; None for an empty e-mail, or if the buyer has sent too
    many.
    """
    parts = [message.subject, message.text.strip(), message.forwarded_text.strip(), *problems]
    text = "\n\n".join(filter(None, parts))
    name = (message.sender_name or buyer.partition("@")[0])[:MAX_NAME_LENGTH]
    submission = Submission(
        text=text,
        email=buyer,
        names=name,
        is_email=True,
        is_marked_as_spam=message.routing.is_marked_as_spam,
    )
    if not (text or files) or is_rate_limited(submission):
        return None
    is_long = len(text) > MAX_MESSAGE_LENGTH
    return receive_inquiry(
        files=files,
        submission=submission,
        key=message.key,
        message_id=message.message_id,
        quoted_text=text if is_long else "",
        name=name,
        email=buyer,
        message=text[: MAX_MESSAGE_LENGTH - 1] + "…" if is_long else text,
        language=guess_language(text),
        source=Inquiry.Source.EMAIL,
        is_unverified=message.is_verified is False,
    )


def _is_own(email: str) -> bool:
    """Whether the company or its staff sends from this address."""
    own = {address.lower() for address in inquiry_emails()}
    return email.lower() in own or is_from_us(email) or is_from_staff(email)


def _may_be_buyer(email: str) -> bool:
    is_readable = bool(email) and not SOFTWARE.match(email) and is_valid_email(email)
    return is_readable and not _is_own(email)
