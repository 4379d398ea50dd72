"""Text and files of a MIME message (RFC 2045 to 2049)."""

import logging
import unicodedata
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import Message

from core.text.html import html_to_lines

logger = logging.getLogger(__name__)

MAX_PARTS = 500
MAX_DEPTH = 20  # parts within parts
MAX_TEXT_LENGTH = 200_000  # characters
MAX_HEADER_LENGTH = 1000  # characters
SIGNATURE_TYPES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
# Many senders declare a smaller character set than they use.
CHARSET_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "us-ascii": "utf-8",
}
CONTROL_OR_SURROGATE = {"Cc", "Cs"}  # Unicode categories


@dataclass(frozen=True)
class InboundFile:
    name: str
    content: bytes


@dataclass
class Body:
    text: str = ""
    files: list[InboundFile] = field(default_factory=list)
    part_count: int = 0


def read_body(message: Message) -> Body:
    """The text of a message, from its plain part or else its HTML part, and its files."""
    body = Body()
    body.text = _collect(message, body, depth=0)[:MAX_TEXT_LENGTH].strip("\n")
    return body


def clean(text: str) -> str:
    """`text` with `\\n` line ends and without control characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in CONTROL_OR_SURROGATE
    )


def decode_header_text(value: str) -> str:
    """The text of a header with its encoded words (RFC 2047) decoded, on one line."""
    value = value[:MAX_HEADER_LENGTH]
    try:
        value = str(make_header(decode_header(value)))
    except Exception:  # an unknown character set or broken base64
        logger.info("A header of an e-mail cannot be decoded and is used as it is.")
    return " ".join(clean(value).split())


def subparts(part: Message) -> list[Message]:
    """The parts directly within this one."""
    return [inner for inner in part.get_payload() if isinstance(inner, Message)]


def decoded_content(part: Message) -> bytes:
    """The content of a part without its transfer encoding; of an attached message, its source."""
    if part.is_multipart():
        return b"\n".join(bytes(inner) for inner in subparts(part))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _collect(part: Message, body: Body, depth: int) -> str:
    """Return the text of a part and its subparts, and add their files to `body`."""
    body.part_count += 1
    if body.part_count > MAX_PARTS or depth > MAX_DEPTH:
        return ""
    content_type = part.get_content_type()
    if part.is_multipart() and not content_type.startswith("message/"):
        texts = [_collect(inner, body, depth + 1) for inner in subparts(part)]
        texts = [text for text in texts if text.strip()]
        return next(iter(texts), "") if _is_alternative(part) else "\n\n".join(texts)
    name = _file_name(part)
    if not name and _is_text(part):
        text = _decode_text(part)
        return clean(html_to_lines(text) if content_type == "text/html" else text)
    if content_type not in SIGNATURE_TYPES and not _is_report_part(part):
        content = decoded_content(part)
        if content or name:
            body.files.append(InboundFile(name or content_type.replace("/", "."), content))
    return ""


def _is_alternative(part: Message) -> bool:
    return part.get_content_type() == "multipart/alternative"


def _is_text(part: Message) -> bool:
    is_text = part.get_content_type() in {"text/plain", "text/html"}
    return is_text and part.get_content_disposition() != "attachment"


def _is_report_part(part: Message) -> bool:
    return part.get_content_type().startswith(("message/delivery", "message/disposition"))


def _file_name(part: Message) -> str:
    try:
        return decode_header_text(part.get_filename() or "")
    except Exception:  # an encoding that the standard library cannot read
        logger.info("The name of a file in an e-mail cannot be decoded.")
        return "file"


def _decode_text(part: Message) -> str:
    """The text of a part, in the declared character set, else in the first that fits."""
    content = decoded_content(part)
    declared = str(part.get_content_charset() or "utf-8").lower()
    for charset in (CHARSET_SUPERSETS.get(declared, declared), "utf-8", "cp1252"):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")
