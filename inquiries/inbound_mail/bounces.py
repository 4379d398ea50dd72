"""Delivery reports of mail servers (RFC 3464): which message failed, and why."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from inquiries.inbound_mail.bodies import MAX_PARTS, clean, decoded_content, subparts

MAX_FAILED_RECIPIENTS = 5
MAX_REASON_LENGTH = 500  # characters for each recipient

Fields = dict[str, str]


def read_report(message: Message) -> list[Fields]:
    """The field blocks of a delivery report, and the headers of the undelivered message."""
    return list(_blocks(message))


def failure_reason(report: list[Fields]) -> str:
    """A line with the reason for each recipient that was not reached; empty if none failed."""
    failed = [block for block in report if block.get("action", "").lower() == "failed"]
    lines = []
    for block in failed[:MAX_FAILED_RECIPIENTS]:
        values = [block.get(name, "") for name in ("final-recipient", "status", "diagnostic-code")]
        lines.append(" · ".join(text.rpartition("; ")[2] or text for text in values if text))
    return clean("\n".join(line[:MAX_REASON_LENGTH] for line in lines))


def _blocks(message: Message) -> Iterator[Fields]:
    for part in list(message.walk())[:MAX_PARTS]:
        content_type = part.get_content_type()
        if content_type == "message/delivery-status":
            yield from (_fields(block) for block in subparts(part))
        elif content_type == "message/rfc822":
            yield from (_fields(original) for original in subparts(part)[:1])
        elif content_type == "text/rfc822-headers":
            yield _fields(message_from_bytes(decoded_content(part)))


def _fields(message: Message) -> Fields:
    return {name.lower(): " ".join(str(value).split()) for name, value in message.raw_items()}
