"""Reads an export as XML that a parser accepts, although WordPress does not always write that."""

import codecs
import re
from collections.abc import Iterator
from html.entities import html5
from typing import IO

from core.text.charset_names import codec_name, codecs_for

CHUNK_SIZE = 64 * 1024  # bytes
MAX_PREAMBLE = 64 * 1024  # characters before the export, such as warnings of PHP
MAX_TOKEN = 200  # characters that are held back, because a token may continue in the next chunk

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.-]{1,40})["']""")
DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}?\?>")
FIRST_TAG = re.compile(r"<\?xml\b|<rss\b|<!--|<!DOCTYPE\b")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

REPAIR_BYTES = "repair-bytes"

CDATA_START = "<![CDATA["
CDATA_TAG = re.compile(r"<([\w:.-]+)(?:\s[^<>]*)?>\s*\Z")
AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{0,40});)?")
XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}


class XmlFile:
    """The file as UTF-8 without what is not XML, for a parser.

    Bytes that are not text are repaired; characters that XML forbids, and warnings before the
    export, are removed. With `repair`, entities that XML does not know and the end of a CDATA
    section inside another are repaired as well, which would change a correct file.
    """

    def __init__(self, file: IO[bytes], repair: bool = False) -> None:
        pieces = _without_preamble(_decode(file))
        if repair:
            pieces = _repair(pieces)
        self.pieces = (piece.encode() for piece in pieces if piece)

    def read(self, size: int = -1) -> bytes:
        """The next piece, of any length; empty at the end."""
        return next(self.pieces, b"")


def _decode(file: IO[bytes]) -> Iterator[str]:
    head = file.read(CHUNK_SIZE)
    decoder = codecs.getincrementaldecoder(_encoding(head))(errors=REPAIR_BYTES)
    data = head
    while data:
        yield FORBIDDEN.sub("", decoder.decode(data))
        data = file.read(CHUNK_SIZE)
    yield FORBIDDEN.sub("", decoder.decode(b"", final=True))


def _encoding(head: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    declared = DECLARED_ENCODING.search(head[:MAX_PREAMBLE])
    codec = codec_name(declared[1].decode()) if declared else ""
    return codecs_for(codec, head)[0] if codec else "utf-8"


def _repair_bytes(error: UnicodeError) -> tuple[str, int]:
    """A single byte as a letter or quotation mark of Windows-1252, if it is inside a word.

    Other bytes are the rest of a character that was cut, and become U+FFFD.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.end]
    around = error.object[max(error.start - 1, 0) : error.start], error.object[error.end :][:1]
    is_word = any(neighbour.isalpha() for neighbour in around)
    if len(byte) == 1 and (is_word or byte < b"\xa0"):
        return byte.decode("cp1252", "replace"), error.end
    return "\ufffd", error.end


codecs.register_error(REPAIR_BYTES, _repair_bytes)


def _without_preamble(pieces: Iterator[str]) -> Iterator[str]:
    """The text from its first tag on, without the XML declaration, whose encoding is wrong now."""
    start = ""
    for piece in pieces:
        start += piece
        if len(start) > MAX_PREAMBLE:
            break
    if first := FIRST_TAG.search(start):
        start = start[first.start() :]
    yield DECLARATION.sub("", start, count=1)
    yield from pieces


def _repair(pieces: Iterator[str]) -> Iterator[str]:
    """Escape what stands for itself: `]]>` inside a CDATA section, and ampersands outside.

    A section ends where its element is closed or another section follows.
    """
    text, element, end_of_cdata = "", "", None
    for piece in pieces:
        text, position = text + piece, 0
        while True:
            if end_of_cdata is None:
                start = text.find(CDATA_START, position)
                if start < 0:
                    break
                before = text[position:start]
                if before.strip():
                    tag = CDATA_TAG.search(before[-MAX_TOKEN:])
                    element = re.escape(tag[1]) if tag else ""
                yield _escape_ampersands(before) + CDATA_START
                position = start + len(CDATA_START)
                end_of_cdata = re.compile(rf"\]\]>(?=\s*(?:</{element}|<!\[CDATA\[))")
            else:
                end = end_of_cdata.search(text, position)
                if end is None:
                    break
                yield _escape_end_of_cdata(text[position : end.start()]) + end[0]
                position, end_of_cdata = end.end(), None
        # What may be the start of a token waits for the next piece.
        cut = max(_last_cut(text, is_in_cdata=end_of_cdata is not None), position)
        escape = _escape_end_of_cdata if end_of_cdata else _escape_ampersands
        yield escape(text[position:cut])
        text = text[cut:]
    yield _escape_end_of_cdata(text) if end_of_cdata else _escape_ampersands(text)


def _last_cut(text: str, *, is_in_cdata: bool) -> int:
    """The last position at which `text` can be cut so that no token is cut."""
    cut = max(len(text) - MAX_TOKEN, 0)
    if is_in_cdata:
        return len(text[:cut].rstrip("]>"))
    for start_of_token in "<&":
        start = text.rfind(start_of_token, max(cut - MAX_TOKEN, 0), cut)
        if start >= 0:
            return start
    return cut


def _escape_end_of_cdata(text: str) -> str:
    return text.replace("]]>", "]]]]><![CDATA[>")


def _escape_ampersands(text: str) -> str:
    return AMPERSAND.sub(_repair_ampersand, text)


def _repair_ampersand(found: re.Match[str]) -> str:
    name = found[1]
    if not name:
        return "&amp;"
    if name.startswith("#"):
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        is_character = number in {9, 10, 13} or 32 <= number < 0xD800 or 0xE000 <= number < 0x110000
        return found[0] if is_character and number not in {0xFFFE, 0xFFFF} else ""
    if name in XML_ENTITIES:
        return found[0]
    character = html5.get(f"{name};")
    return character if character else f"&amp;{name};"
