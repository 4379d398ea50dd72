"""Parses e-mails, including malformed ones."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr
from uuid import UUID, uuid5

from inquiries.inbound_mail.bodies import InboundFile, clean, decode_header_text, read_body
from inquiries.inbound_mail.bounces import failure_reason, read_report

KEY_NAMESPACE = UUID("6f1c1d0e-5f0b-4f0c-9f57-0d3b7c3c9a41")
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
MAX_REFERENCES = 50
MAX_REFERENCE_HEADER_LENGTH = 5000  # characters
MAX_HEADER_LENGTH = 20_000  # characters
MAX_CONTENT_HEADER_LENGTH = 2000  # characters
MAX_EMAIL_LENGTH = 254
AUTO_REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-AutoReply-From")
REQUIRED_HEADERS = {"from", "message-id", "subject", "date"}  # at least one of them


class UnreadableError(Exception):
    """The data is not an e-mail, or cannot be parsed."""


class _TruncatingPolicy(Compat32):
    """Cuts very long headers.

    The standard library's newer policies parse each header with a grammar, and all of its policies
    look for a header's parameters in quadratic time.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        is_content = name.lower().startswith("content-")
        return name, value[: MAX_CONTENT_HEADER_LENGTH if is_content else MAX_HEADER_LENGTH]


@dataclass(frozen=True)
class InboundMessage:
    """A parsed e-mail.

    `key` identifies it, so that it is saved once. `referenced_ids` has the Message-IDs that it
    replies to or reports about, the nearest first. `delivery_failure` is the
    `failure_reason` of a delivery report.
    """

    key: UUID
    message_id: str = ""
    referenced_ids: list[str] = field(default_factory=list)
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    text: str = ""
    files: list[InboundFile] = field(default_factory=list)
    is_automatic: bool = False
    is_report: bool = False
    delivery_failure: str = ""


def parse_message(raw: bytes) -> InboundMessage:
    """Parse a message (RFC 5322); raises UnreadableError for anything else."""
    try:
        return _parse(message_from_bytes(raw, policy=_TruncatingPolicy()), raw)
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
    name, sender = parseaddr(headers.get("from", ""))
    is_report = message.get_content_type() == "multipart/report"
    body = read_body(message)
    report = read_report(message) if is_report else []
    return InboundMessage(
        key=idempotency_key(message_id or hashlib.sha256(raw).hexdigest()),
        message_id=message_id,
        referenced_ids=list(_referenced_ids(headers, report)),
        subject=decode_header_text(headers.get("subject", "")),
        sender=clean(sender)[:MAX_EMAIL_LENGTH],
        sender_name=decode_header_text(name),
        text=body.text,
        files=body.files,
        is_automatic=is_report or _is_automatic(headers),
        is_report=is_report,
        delivery_failure=failure_reason(report),
    )


def _headers(message: Message) -> dict[str, str]:
    """The first header of each name, undecoded, since the standard library cannot decode all."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        headers.setdefault(name.lower(), " ".join(text.split()))
    return headers


def _referenced_ids(headers: dict[str, str], report: list[dict[str, str]]) -> Iterator[str]:
    """The Message-IDs that a message replies to or reports about, the nearest first."""
    values = [block.get("message-id", "") for block in report]
    values.append(headers.get("in-reply-to", ""))
    values += reversed(headers.get("references", "").split()[-MAX_REFERENCES:])
    seen: set[str] = set()
    for value in values:
        for found in MESSAGE_ID.findall(value[:MAX_REFERENCE_HEADER_LENGTH])[:MAX_REFERENCES]:
            if found not in seen:
                seen.add(found)
                yield found


def _is_automatic(headers: dict[str, str]) -> bool:
    """Whether software sent it, according to RFC 3834 and older conventions."""
    submitted = headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    return (
        submitted != "no"
        or headers.get("precedence", "").lower() in {"bulk", "junk", "auto_reply"}
        or headers.get("return-path", "") == "<>"
        or any(name.lower() in headers for name in AUTO_REPLY_HEADERS)
    )
