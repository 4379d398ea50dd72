"""The parts of a mail (MIME, RFC 2045 to 2049): its text, its files, what a mail server reports."""

import logging
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from core.text.html import html_to_lines

logger = logging.getLogger(__name__)

MOST_PARTS = 500
DEEPEST = 20  # parts within parts
LONGEST_TEXT = 200_000  # characters
LONGEST_NAME = 1000  # characters
SIGNATURES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
# What senders call by a smaller set than they use.
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "utf-8"}


@dataclass(frozen=True)
class SentFile:
    name: str
    content: bytes


@dataclass
class Body:
    text: str = ""
    files: list[SentFile] = field(default_factory=list)
    parts: int = 0


def read(message: Message) -> Body:
    """The text of a mail, plain where it has one, else of its web page; and its files."""
    body = Body()
    body.text = _text_of(message, body, 0)[:LONGEST_TEXT].strip("\n")
    return body


def clean(text: str) -> str:
    """`text` without control characters, and without halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def decoded(value: str) -> str:
    """The text of a header, with its encoded words (RFC 2047) read."""
    value = value[:LONGEST_NAME]
    try:
        value = str(make_header(decode_header(value)))
    except Exception:  # an unknown character set, or broken base64: then as it was sent
        logger.info("A header of a mail is kept as it was sent.")
    return " ".join(clean(value).split())


def _text_of(part: Message, body: Body, depth: int) -> str:
    """The text of one part and those within it; files are added to `body`."""
    body.parts += 1
    if body.parts > MOST_PARTS or depth > DEEPEST:
        return ""
    kind = part.get_content_type()
    if part.is_multipart() and not kind.startswith("message/"):
        texts = [_text_of(inner, body, depth + 1) for inner in parts_of(part)]
        if kind == "multipart/alternative":
            return next((text for text in texts if text.strip()), "")
        return "\n\n".join(text for text in texts if text.strip())
    name = _file_name(part)
    is_text = kind in {"text/plain", "text/html"} and not name
    if is_text and part.get_content_disposition() != "attachment":
        text = _decode(part)
        return clean(html_to_lines(text) if kind == "text/html" else text)
    if kind not in SIGNATURES and not kind.startswith(("message/delivery", "message/disposition")):
        content = content_of(part)
        if content or name:
            body.files.append(SentFile(name or kind.replace("/", "."), content))
    return ""


def parts_of(part: Message) -> list[Message]:
    """The parts right within this one."""
    return [inner for inner in part.get_payload() if isinstance(inner, Message)]


def _file_name(part: Message) -> str:
    try:
        return decoded(part.get_filename() or "")
    except Exception:  # an encoding of names that the library cannot read
        logger.info("The name of a file in a mail cannot be read.")
        return "file"


def content_of(part: Message) -> bytes:
    """What is in a part, decoded; of a mail within the mail, that mail."""
    if part.is_multipart():
        return b"\n".join(bytes(inner) for inner in parts_of(part))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decode(part: Message) -> str:
    """The text of a part in the character set that it names, else in the one that it fits."""
    content = content_of(part)
    named = str(part.get_content_charset() or "utf-8").lower()
    for charset in (WIDER.get(named, named), "utf-8", "cp1252"):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def reports(message: Message) -> Iterator[dict[str, str]]:
    """The fields of a mail server's report (RFC 3464), and of the mail that it is about."""
    for part in list(message.walk())[:MOST_PARTS]:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            yield from (_fields(block) for block in parts_of(part))
        elif kind == "message/rfc822":
            yield from (_fields(mail) for mail in parts_of(part)[:1])
        elif kind == "text/rfc822-headers":
            yield _fields(message_from_bytes(content_of(part)))


def _fields(message: Message) -> dict[str, str]:
    return {name.lower(): " ".join(str(value).split()) for name, value in message.raw_items()}
