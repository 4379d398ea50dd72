"""Parsing a MIME message with bounds, which the parser of the standard library lacks."""

from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from typing import Any

MAX_LINES = 600_000  # 45 MB of attachments have as many
MAX_PARTS = 2000
MAX_DEPTH = 40  # parts within parts; every line is compared with the boundaries of all of them
MAX_HEADERS = 10_000  # of all parts together
MAX_HEADER_LENGTH = 20_000  # characters
MAX_CONTENT_HEADER_LENGTH = 2000  # characters


class TooLargeError(ValueError):
    """A message has more lines, parts or headers than any e-mail program writes."""


class BoundedPolicy(Compat32):
    """Cuts very long headers, and refuses very many.

    The standard library's newer policies parse each header with a grammar, and all of its policies
    look for a header's parameters in quadratic time.
    """

    headers_left = MAX_HEADERS

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        # A policy's attributes cannot be set in the common way.
        self.__dict__["headers_left"] = self.headers_left - 1
        if self.headers_left < 0:
            raise TooLargeError("too many headers")
        name, value = super().header_source_parse(sourcelines)
        is_content = name.lower().startswith("content-")
        return name, value[: MAX_CONTENT_HEADER_LENGTH if is_content else MAX_HEADER_LENGTH]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value  # the library would replace the bytes that are not ASCII


def parse_bounded(raw: bytes) -> Message:
    """Parse a message, or a part that is one; raises TooLargeError."""
    if raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") > MAX_LINES:
        raise TooLargeError("too many lines")
    count = 0
    open_parts: list[Message] = []  # of the parser, which makes one part to try before it has any

    def make_part(policy: Any = None) -> Message:
        nonlocal count
        count += 1
        if count > MAX_PARTS or len(open_parts) > MAX_DEPTH:
            raise TooLargeError("too many parts")
        return Message(policy=policy)

    parser = BytesFeedParser(make_part, policy=BoundedPolicy())
    open_parts = parser._msgstack  # type: ignore[attr-defined]
    parser.feed(raw)
    return parser.close()
