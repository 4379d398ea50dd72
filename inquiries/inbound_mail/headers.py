"""Decodes headers, encoded words (RFC 2047) and parameters (RFC 2231) as programs send them."""

import base64
import binascii
import quopri
import re
from email.message import Message
from email.utils import parseaddr
from itertools import groupby
from typing import NamedTuple

from core.text import charsets
from core.text.control_characters import clean

MAX_HEADER_LENGTH = 1000  # characters
MAX_PARAMETER_LENGTH = 1000
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,75})\?([bBqQ])\?([^?]{0,1000})\?=")

FINAL_EMAIL = re.compile(r"<\s*([^\s<>]+@[^\s<>]+)\s*>[^<>]*$")


class _Piece(NamedTuple):
    content: bytes
    charset: str
    is_encoded: bool


def decode_header(value: str, charset: str = "") -> str:
    """The text of an undecoded header, on one line without control characters.

    `charset` is used for bytes that are sent without an encoding and are not UTF-8.
    """
    pieces = _pieces(value[:MAX_HEADER_LENGTH], charset)
    text = ""
    # A character may be split between two words, so words are joined before they are decoded.
    for (used, is_encoded), group in groupby(pieces, key=lambda piece: piece[1:]):
        content = b"".join(piece.content for piece in group)
        text += charsets.decode(content, used)[0] if is_encoded else _decode_raw(content, used)
    return " ".join(clean(text).split())


def decode_address(value: str, charset: str = "") -> tuple[str, str]:
    """The decoded name and the e-mail address in an undecoded header with one address."""
    if "@" not in ENCODED_WORD.sub("", value):  # the address is encoded as well
        value = decode_header(value, charset)
    name, email = parseaddr(value)
    # A comma in a name that is not quoted separates addresses.
    if found := FINAL_EMAIL.search(value[:MAX_HEADER_LENGTH]):
        name, email = value[: found.start()].strip(" \t\"'"), found[1]
    return decode_header(name, charset), decode_header(email, charset)


def decode_parameter(part: Message, header: str, name: str, charset: str = "") -> str:
    """The decoded value of a header's parameter; empty if there is none."""
    try:
        values = [value for key, value in part.get_params([], header) if key.lower() == name]
    except (ValueError, LookupError, TypeError):  # parts of a value with wrong numbers
        return ""
    # Programs send the name in two notations; the one of RFC 2231 has all letters.
    value = next(iter(sorted(values, key=lambda value: isinstance(value, str))), "")
    if isinstance(value, tuple):  # RFC 2231
        declared, _, text = value
        content = text[:MAX_PARAMETER_LENGTH].encode("latin-1", "surrogateescape")
        value = charsets.decode(content, declared or charset)[0]
    return decode_header(value, charset)


def _pieces(value: str, charset: str) -> list[_Piece]:
    """The encoded words of `value` and the text between them, without space between two words."""
    pieces: list[_Piece] = []
    end = 0
    for word in ENCODED_WORD.finditer(value):
        declared, encoding, encoded = word.groups()
        between = value[end : word.start()]
        if between.strip() or not pieces:
            pieces.append(_Piece(_raw(between), charset, is_encoded=False))
        pieces.append(_Piece(_decode_word(encoding, encoded), declared.lower(), is_encoded=True))
        end = word.end()
    return [*pieces, _Piece(_raw(value[end:]), charset, is_encoded=False)]


def _decode_word(encoding: str, encoded: str) -> bytes:
    content = _raw(encoded)
    if encoding in "qQ":
        return quopri.decodestring(content, header=True)
    try:
        return base64.b64decode(content + b"===")
    except binascii.Error:
        return content


def _raw(text: str) -> bytes:
    """The bytes of a header, which the standard library reads as ASCII with surrogates."""
    return text.encode("utf-8", "surrogateescape")


def _decode_raw(content: bytes, charset: str) -> str:
    try:
        content.decode("utf-8")
    except ValueError:
        return charsets.decode(content, charset)[0]
    return charsets.decode(content)[0]
