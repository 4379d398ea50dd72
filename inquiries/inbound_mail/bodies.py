"""Text and files of a MIME message (RFC 2045 to 2049)."""

import re
from dataclasses import dataclass, field
from email.message import Message
from itertools import islice

from core.text import charsets
from core.text.control_characters import clean
from core.text.html import html_to_lines
from inquiries.inbound_mail.headers import decode_header, decode_parameter
from inquiries.inbound_mail.html_quotations import QUOTATION_MARK, mark_quotations
from inquiries.inbound_mail.parsing import parse_bounded

MAX_PARTS = 500
MAX_DEPTH = 20  # parts within parts
MAX_TEXT_LENGTH = 200_000  # characters
TEXTS = {"text/plain", "text/html"}
TEXT_KINDS = {"text/plain": "txt", "text/csv": "csv"}
FORWARDED_TYPES = {"message/rfc822", "message/global", "message/news"}
FORWARDED_HEADERS = ["From", "Date", "Subject"]
SIGNATURE_TYPES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
REPORT_TYPES = (  # the parts that software reads
    "message/delivery",
    "message/disposition",
    "message/global-delivery",
    "message/global-disposition",
    "message/feedback-report",
)
META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s{0,9}=[\s\"']{0,9}([\w:.-]{1,40})", re.I)
MAX_META_POSITION = 5000  # bytes


@dataclass(frozen=True)
class InboundFile:
    """An attachment; of a text or a forwarded e-mail, `kind` is the extension of its file name.

    `text` is what a text or an HTML page says.
    """

    name: str
    content: bytes
    kind: str = ""
    text: str = ""


@dataclass
class Body:
    """What a message contains.

    `charset` is used for file names without one. Of a forwarded message (`is_forwarded`), only
    the text and the files are read; that of a delivery report (`is_report`) is not read at all.
    """

    charset: str = ""
    is_forwarded: bool = False
    is_report: bool = False
    text: str = ""
    forwarded_text: str = ""
    files: list[InboundFile] = field(default_factory=list)
    part_count: int = 0


def read_body(message: Message) -> Body:
    """The text of a message, from its plain part or else its HTML part, and its files.

    QUOTATION_MARK stands in the text where the program of the sender marked a quotation in HTML.
    """
    body = Body(charset=text_charset(message))
    body.text = _read_text(message, body, depth=0)[:MAX_TEXT_LENGTH].strip("\n")
    body.forwarded_text = body.forwarded_text[:MAX_TEXT_LENGTH].strip("\n")
    return body


def subparts(part: Message) -> list[Message]:
    """The parts directly within this one."""
    return [inner for inner in part.get_payload() if isinstance(inner, Message)]


def decoded_content(part: Message) -> bytes:
    """The content of a part without its transfer encoding; of an attached message, its source."""
    if not part.is_multipart():
        content = part.get_payload(decode=True)
        return content if isinstance(content, bytes) else b""
    source = b"\n".join(map(_source, subparts(part)))
    if not _is_encoded_message(part):
        return source
    encoded = Message()
    encoded["Content-Transfer-Encoding"] = _transfer_encoding(part)
    encoded.set_payload(source.decode("ascii", "surrogateescape").lstrip())
    return decoded_content(encoded)


def attached_message(part: Message) -> Message | None:
    """The message in a part such as `message/rfc822`."""
    if _is_encoded_message(part):
        return parse_bounded(decoded_content(part))
    return next(iter(subparts(part)), None) if part.is_multipart() else None


def text_charset(message: Message) -> str:
    """The character set that the first text of a message declares; empty if none does."""
    texts = (part for part in islice(message.walk(), MAX_PARTS) if part.get_content_type() in TEXTS)
    return next(filter(None, map(_declared_charset, texts)), "")


def _read_text(message: Message, body: Body, depth: int) -> str:
    """The text of a message; if there is none, the first one that is attached as a file."""
    text = _collect(message, body, depth)
    if text.strip() or body.forwarded_text:
        return text
    attached = next((file for file in body.files if file.text), None)
    if not attached:
        return text
    body.files.remove(attached)
    return attached.text


def _collect(part: Message, body: Body, depth: int) -> str:
    """Return the text of a part and its subparts, and add their files to `body`."""
    body.part_count += 1
    if body.part_count > MAX_PARTS or depth > MAX_DEPTH:
        return ""
    content_type = part.get_content_type()
    if part.is_multipart() and part.get_content_maintype() != "message":
        return _collect_parts(part, body, depth)
    if content_type in TEXTS and (depth == 0 or not _is_attachment(part)):
        return _decode_text(part)
    if content_type in FORWARDED_TYPES:
        if not body.is_report:
            _add_forwarded(part, body, depth)
    elif content_type not in SIGNATURE_TYPES and not content_type.startswith(REPORT_TYPES):
        name, content = _file_name(part, body.charset), decoded_content(part)
        if content or name:
            text = _decode_text(part) if content_type in TEXTS else ""
            name = name or clean(content_type.replace("/", "."))
            body.files.append(InboundFile(name, content, TEXT_KINDS.get(content_type, ""), text))
    return ""


def _collect_parts(part: Message, body: Body, depth: int) -> str:
    body.is_report = body.is_report or part.get_content_type() == "multipart/report"
    texts = [_collect(inner, body, depth + 1) for inner in subparts(part)]
    texts = [text for text in texts if text.strip()]
    is_alternative = part.get_content_type() == "multipart/alternative"
    return next(iter(texts), "") if is_alternative else "\n\n".join(texts)


def _add_forwarded(part: Message, body: Body, depth: int) -> None:
    """Add a forwarded message as a file and as text, and the files in it."""
    subject = ""
    if message := attached_message(part):
        inner = Body(text_charset(message), is_forwarded=True, part_count=body.part_count)
        text = _read_text(message, inner, depth + 1)
        body.part_count = inner.part_count
        body.files += inner.files
        headers = {
            name: decode_header(str(message.get(name, "")), inner.charset)
            for name in FORWARDED_HEADERS
        }
        subject = headers["Subject"]
        heading = "\n".join(f"{name}: {value}" for name, value in headers.items() if value)
        texts = [body.forwarded_text, heading, text, inner.forwarded_text]
        joined = "\n\n".join(filter(None, (text.strip("\n") for text in texts)))
        body.forwarded_text = joined.replace(QUOTATION_MARK, "")[:MAX_TEXT_LENGTH]
    if not body.is_forwarded:
        name = _file_name(part, body.charset) or f"{subject or 'message'}.eml"
        body.files.append(InboundFile(name, decoded_content(part), "eml"))


def _source(message: Message) -> bytes:
    try:
        return bytes(message)
    except UnicodeEncodeError:  # malformed parts
        return message.as_string().encode("utf-8", "replace")


def _is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _is_encoded_message(part: Message) -> bool:
    """Whether an attached message has a transfer encoding, as Exchange sends against RFC 2046.

    The parser of the standard library does not decode it.
    """
    return part.get_content_maintype() == "message" and _transfer_encoding(part) in {
        "base64",
        "quoted-printable",
    }


def _transfer_encoding(part: Message) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def _file_name(part: Message, charset: str) -> str:
    name = decode_parameter(part, "Content-Disposition", "filename", charset)
    return name or decode_parameter(part, "Content-Type", "name", charset)


def _declared_charset(part: Message) -> str:
    return decode_parameter(part, "Content-Type", "charset")


def _decode_text(part: Message) -> str:
    """The text of a part without control characters; of HTML, with marked quotations."""
    content = decoded_content(part)
    declared = _declared_charset(part)
    if part.get_content_type() != "text/html":
        return clean(charsets.decode(content, declared)[0]).replace(QUOTATION_MARK, "")
    if not declared and (found := META_CHARSET.search(content[:MAX_META_POSITION])):
        declared = found[1].decode("ascii")
    html = charsets.decode(content, declared)[0]
    return clean(html_to_lines(mark_quotations(html)))
