"""Parses e-mails, including malformed ones."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from uuid import UUID, uuid5

from inquiries.inbound_mail.authentication import is_sender_verified
from inquiries.inbound_mail.automatic_replies import is_automatic
from inquiries.inbound_mail.bodies import InboundFile, read_body
from inquiries.inbound_mail.bounces import Report, read_report
from inquiries.inbound_mail.headers import decode_address, decode_header
from inquiries.inbound_mail.html_quotations import QUOTATION_MARK
from inquiries.inbound_mail.parsing import parse_bounded
from inquiries.inbound_mail.routing import Routing, read_routing

KEY_NAMESPACE = UUID("6f1c1d0e-5f0b-4f0c-9f57-0d3b7c3c9a41")
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
MAX_REFERENCES = 50
MAX_REFERENCE_HEADER_LENGTH = 5000  # characters
MAX_EMAIL_LENGTH = 254
REQUIRED_HEADERS = {"from", "message-id", "subject", "date"}  # at least one of them


class UnreadableError(Exception):
    """The data is not an e-mail, or cannot be parsed."""


@dataclass(frozen=True)
class InboundMessage:
    """A parsed e-mail.

    `key` identifies it, so that it is saved once. `referenced_ids` has the Message-IDs that it
    replies to or reports about, the nearest first. `quotation_start` is where a quotation begins
    in `text` for certain, or None. `forwarded_text` has the messages that are attached to it.
    `delivery_failure` is the `reason` of a `Report`; `failed_recipients` and `failed_subject` are
    its other fields. `is_verified` is whether the sender is genuine, None if that is unknown.
    """

    key: UUID
    message_id: str = ""
    referenced_ids: list[str] = field(default_factory=list)
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    text: str = ""
    quotation_start: int | None = None
    forwarded_text: str = ""
    files: list[InboundFile] = field(default_factory=list)
    is_automatic: bool = False
    is_report: bool = False
    delivery_failure: str = ""
    failed_recipients: list[str] = field(default_factory=list)
    failed_subject: str = ""
    routing: Routing = field(default_factory=Routing)
    is_verified: bool | None = None


def parse_message(raw: bytes) -> InboundMessage:
    """Parse a message (RFC 5322); raises UnreadableError for anything else."""
    try:
        return _parse(parse_bounded(raw), raw)
    except Exception as error:  # the standard library fails in many ways on malformed messages
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def idempotency_key(name: str) -> UUID:
    """The idempotency key for the message with this Message-ID or content hash."""
    return uuid5(KEY_NAMESPACE, name)


def _parse(message: Message, raw: bytes) -> InboundMessage:
    headers = _headers(message)
    if not headers.keys() & REQUIRED_HEADERS:
        raise ValueError("no header of an e-mail")
    found = MESSAGE_ID.search(headers.get("message-id", ""))
    message_id = found[0] if found else ""
    body = read_body(message)
    name, sender = decode_address(headers.get("from", ""), body.charset)
    sender = sender[:MAX_EMAIL_LENGTH]
    subject = decode_header(headers.get("subject", ""), body.charset)
    text, quotation_start = _split_at_mark(body.text)
    is_report = message.get_content_type() == "multipart/report"
    report = read_report(message, headers | {"subject": subject}, sender, text)
    return InboundMessage(
        key=idempotency_key(message_id or hashlib.sha256(raw).hexdigest()),
        message_id=message_id,
        referenced_ids=list(_referenced_ids(headers, report)),
        subject=subject,
        sender=sender,
        sender_name=name,
        text=text,
        quotation_start=quotation_start,
        forwarded_text=body.forwarded_text,
        files=body.files,
        is_automatic=is_report or bool(report.reason) or is_automatic(headers, subject),
        is_report=is_report,
        delivery_failure=report.reason,
        failed_recipients=report.recipients,
        failed_subject=report.subject,
        routing=read_routing(message),
        is_verified=is_sender_verified(message, sender),
    )


def _split_at_mark(text: str) -> tuple[str, int | None]:
    """The text without QUOTATION_MARK, and where the first one was."""
    new, mark, quotation = text.partition(QUOTATION_MARK)
    if not mark:
        return text, None
    new = f"{new.strip()}\n\n"
    return new + quotation.replace(QUOTATION_MARK, "").strip("\n"), len(new)


def _headers(message: Message) -> dict[str, str]:
    """The first header of each name, not decoded, with a surrogate for each byte above 0x7F."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), " ".join(str(value).split()))
    return headers


def _referenced_ids(headers: dict[str, str], report: Report) -> Iterator[str]:
    """The Message-IDs that a message replies to or reports about, the nearest first."""
    values = [*report.message_ids, headers.get("in-reply-to", "")]
    values += reversed(headers.get("references", "").split()[-MAX_REFERENCES:])
    seen: set[str] = set()
    for value in values:
        for found in MESSAGE_ID.findall(value[:MAX_REFERENCE_HEADER_LENGTH])[:MAX_REFERENCES]:
            if found not in seen:
                seen.add(found)
                yield found
