"""Read a mail, however badly it is made."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr
from uuid import UUID, uuid5

from inquiries.inbound_mail import bodies
from inquiries.inbound_mail.bodies import SentFile

KEYS = UUID("6f1c1d0e-5f0b-4f0c-9f57-0d3b7c3c9a41")  # what the keys of mails are made of
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
MOST_ANSWERED = 50
MOST_REASON = 500  # characters
LONGEST_HEADER = 20_000  # characters
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-AutoReply-From")


class UnreadableError(Exception):
    """What came is no mail, or none that can be read."""


class _Bounded(Compat32):
    """Takes headers as they are, the first part of those that are endless.

    The library's newer policies read each with a grammar, and all of them look for the parameters
    of a header in a time that grows with the square of its length.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: 2000 if name.lower().startswith("content-") else LONGEST_HEADER]


@dataclass(frozen=True)
class IncomingMail:
    """A mail: `answers` are the Message-IDs that it names, those of what it answers first.

    `key` is what it is known by, and `bounced` says, of a report by a mail server, what could not
    be delivered and why.
    """

    key: UUID
    message_id: str = ""
    answers: list[str] = field(default_factory=list)
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    text: str = ""
    files: list[SentFile] = field(default_factory=list)
    is_automatic: bool = False
    is_report: bool = False
    bounced: str = ""


def read(raw: bytes) -> IncomingMail:
    """What a message (RFC 5322) says; raises UnreadableError for what is none."""
    try:
        return _read(message_from_bytes(raw, policy=_Bounded()), raw)
    except Exception as error:  # the library has many ways to fail at what is malformed
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def _read(message: Message, raw: bytes) -> IncomingMail:
    headers = _headers(message)
    if not headers.keys() & {"from", "message-id", "subject", "date"}:
        raise ValueError("no header of a mail")
    own = MESSAGE_ID.search(headers.get("message-id", ""))
    message_id = own[0] if own else ""
    name, sender = parseaddr(headers.get("from", ""))
    is_report = message.get_content_type() == "multipart/report"
    body = bodies.read(message)
    reported = list(bodies.reports(message)) if is_report else []
    return IncomingMail(
        key=key_for(message_id or hashlib.sha256(raw).hexdigest()),
        message_id=message_id,
        answers=list(_answered(headers, reported)),
        subject=bodies.decoded(headers.get("subject", "")),
        sender=bodies.clean(sender)[:254],
        sender_name=bodies.decoded(name),
        text=body.text,
        files=body.files,
        is_automatic=is_report or _is_automatic(headers),
        is_report=is_report,
        bounced=_failure(reported),
    )


def key_for(name: str) -> UUID:
    """The key of an event that comes of the mail with this Message-ID, or with this content."""
    return uuid5(KEYS, name)


def _headers(message: Message) -> dict[str, str]:
    """The first of each header, as it was sent: the library's own reading fails at some."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        headers.setdefault(name.lower(), " ".join(text.split()))
    return headers


def _answered(headers: dict[str, str], reported: list[dict[str, str]]) -> Iterator[str]:
    """The messages that this one answers or reports of, the nearest first."""
    named = [part.get("message-id", "") for part in reported]
    named.append(headers.get("in-reply-to", ""))
    named += reversed(headers.get("references", "").split()[-MOST_ANSWERED:])
    seen: set[str] = set()
    for value in named:
        for found in MESSAGE_ID.findall(value[:5000])[:MOST_ANSWERED]:
            if found not in seen:
                seen.add(found)
                yield found


def _is_automatic(headers: dict[str, str]) -> bool:
    """Whether a machine sent it: RFC 3834, and what was usual before it."""
    submitted = headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    return (
        submitted != "no"
        or headers.get("precedence", "").lower() in {"bulk", "junk", "auto_reply"}
        or headers.get("return-path", "") == "<>"
        or any(name.lower() in headers for name in AUTOMATIC)
    )


def _failure(reported: list[dict[str, str]]) -> str:
    """What could not be delivered, to whom and why (RFC 3464); empty where nothing failed."""
    failed = [part for part in reported if part.get("action", "").lower() == "failed"]
    lines = []
    for part in failed[:5]:
        said = [part.get(name, "") for name in ("final-recipient", "status", "diagnostic-code")]
        lines.append(" · ".join(text.rpartition("; ")[2] or text for text in said if text))
    return bodies.clean("\n".join(line[:MOST_REASON] for line in lines))
